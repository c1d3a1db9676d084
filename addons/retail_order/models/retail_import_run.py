from odoo import api, fields, models


class RetailImportRun(models.Model):
    _inherit = "retail.import.run"

    profile_id = fields.Many2one(default=lambda self: self._default_profile_id())
    order_source_id = fields.Many2one("retail.order.source", compute="_compute_order_source_id")
    order_ids = fields.One2many("sale.order", "intake_run_id", string="Orders", readonly=True)
    order_count = fields.Integer(compute="_compute_order_count")

    @api.model
    def _default_profile_id(self):
        """The first profile, of orders only where orders are taken in."""
        target = self.env.context.get("retail_import_target")
        domain = [("can_run", "=", True)]
        if target:
            domain.append(("target", "=", target))
        return self.env["retail.import.profile"].search(domain, limit=1)

    @api.depends("profile_id.order_source_ids")
    def _compute_order_source_id(self):
        for run in self:
            run.order_source_id = run.profile_id.order_source_ids[:1]

    @api.depends("order_ids")
    def _compute_order_count(self):
        counts = dict(
            self.env["sale.order"]._read_group(
                [("intake_run_id", "in", self.ids)], ["intake_run_id"], ["__count"]
            )
        )
        for run in self:
            run.order_count = counts.get(run, 0)

    def action_view_orders(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("retail_order.sale_order_action")
        return action | {"domain": [("intake_run_id", "=", self.id)], "context": {}}
