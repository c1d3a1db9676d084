from odoo import fields, models


class PosOrder(models.Model):
    _inherit = "pos.order"

    retail_guide_change_count = fields.Integer(
        string="Number of Changed Guides", compute="_compute_retail_guide_change_count"
    )

    def _compute_retail_guide_change_count(self):
        # The number is no secret; the list has rights of its own.
        counts = dict(
            self.env["retail.guide.change"]
            .sudo()
            ._read_group([("order_id", "in", self.ids)], ["order_id"], ["__count"])
        )
        for order in self:
            order.retail_guide_change_count = counts.get(order, 0)

    def action_change_guide(self):
        """Ask who really sold the goods of this order."""
        self.ensure_one()
        wizard = self.env["retail.guide.correction"].create({"order_id": self.id})
        return wizard._get_records_action(target="new", name=self.env._("Change the Guide"))

    def action_view_guide_changes(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Changed Guides"),
            "res_model": "retail.guide.change",
            "view_mode": "list,form",
            "domain": [("order_id", "=", self.id)],
        }
