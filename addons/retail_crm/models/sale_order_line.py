from odoo import api, fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    retail_guide_id = fields.Many2one(
        "res.users",
        string="Guide",
        compute="_compute_retail_guide_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('share', '=', False)]",
        help="Who sold this line; the order's salesperson unless somebody else is named.",
    )

    @api.depends("order_id.user_id")
    def _compute_retail_guide_id(self):
        for line in self:
            line.retail_guide_id = line.retail_guide_id or line.order_id.user_id
