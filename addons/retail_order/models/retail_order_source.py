from odoo import api, fields, models


class RetailOrderSource(models.Model):
    _name = "retail.order.source"
    _description = "Order Source"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short name, used by files and other systems.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    channel_id = fields.Many2one(
        "sale.channel",
        required=True,
        check_company=True,
        ondelete="restrict",
        help="Channel of orders whose file doesn't name one.",
    )
    store_id = fields.Many2one(
        "stock.warehouse",
        domain="[('is_store', '=', True), ('company_id', '=', company_id)]",
        check_company=True,
        ondelete="restrict",
        help="Store of orders whose file doesn't name one.",
    )
    profile_id = fields.Many2one(
        "retail.import.profile",
        string="Column Map",
        domain="[('target', '=', 'order'), ('company_id', '=', company_id)]",
        check_company=True,
        copy=False,
        ondelete="restrict",
        help="How the files of this source are read. Left empty, one is made.",
    )
    order_ids = fields.One2many("sale.order", "intake_source_id", string="Orders")
    order_count = fields.Integer(compute="_compute_order_count")
    run_count = fields.Integer(compute="_compute_run_count", string="Intakes")

    _code_uniq = models.Constraint(
        "UNIQUE(company_id, code)", "Another order source of this company has this code."
    )
    _profile_uniq = models.Constraint(
        "UNIQUE(profile_id)", "This column map belongs to another order source."
    )

    @api.depends("order_ids")
    def _compute_order_count(self):
        counts = dict(
            self.env["sale.order"]._read_group(
                [("intake_source_id", "in", self.ids)], ["intake_source_id"], ["__count"]
            )
        )
        for source in self:
            source.order_count = counts.get(source, 0)

    @api.depends("profile_id")
    def _compute_run_count(self):
        counts = dict(
            self.env["retail.import.run"]._read_group(
                [("profile_id", "in", self.profile_id.ids)], ["profile_id"], ["__count"]
            )
        )
        for source in self:
            source.run_count = counts.get(source.profile_id, 0)

    @api.model_create_multi
    def create(self, vals_list):
        sources = super().create(vals_list)
        for source in sources.filtered(lambda source: not source.profile_id):
            source.profile_id = self.env["retail.import.profile"].create(
                source._prepare_profile_values()
            )
        return sources

    def _prepare_profile_values(self):
        """Return the values of a column map without own lines: the known headers apply."""
        self.ensure_one()
        return {
            "name": self.name,
            "code": self.code,
            "target": "order",
            "company_id": self.company_id.id,
        }

    def action_view_orders(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("retail_order.sale_order_action")
        return action | {"domain": [("intake_source_id", "=", self.id)], "context": {}}

    def action_view_runs(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("retail_order.intake_run_action")
        return action | {
            "domain": [("profile_id", "=", self.profile_id.id)],
            "context": {"default_profile_id": self.profile_id.id},
        }
