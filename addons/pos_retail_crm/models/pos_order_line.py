from odoo import api, fields, models


class PosOrderLine(models.Model):
    _name = "pos.order.line"
    _inherit = ["pos.order.line", "retail.fact.till.line"]

    retail_guide_id = fields.Many2one(
        "res.users",
        string="Guide",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        help="Who sold it: chosen at the till, else the member's guide, else the cashier. What "
        "comes back is taken from the guide who sold it.",
    )

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "retail_guide_id"]

    @api.model_create_multi
    def create(self, vals_list):
        """A guide who is gone meanwhile never keeps an order from being saved."""
        named = {vals["retail_guide_id"] for vals in vals_list if vals.get("retail_guide_id")}
        if named:
            known = set(self.env["res.users"].sudo().browse(named).exists().ids)
            vals_list = [
                {**vals, "retail_guide_id": False}
                if vals.get("retail_guide_id") and vals["retail_guide_id"] not in known
                else vals
                for vals in vals_list
            ]
        return super().create(vals_list)

    def _retail_fill_guides(self):
        """Name the guide of lines for which the till named nobody."""
        open_lines = self.filtered(lambda line: not line.retail_guide_id)
        for guide, lines in open_lines.grouped(lambda line: line._fact_guide()).items():
            if guide:
                lines.retail_guide_id = guide
