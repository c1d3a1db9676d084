from odoo import api, fields, models


class StockLocation(models.Model):
    _inherit = "stock.location"

    retail_stock_type = fields.Selection(
        [
            ("normal", "Normal"),
            ("reserve", "Reserve"),
            ("display", "Display"),
            ("defective", "Defective"),
        ],
        string="Stock Type",
        compute="_compute_retail_stock_type",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="What goods at this place are: Normal and Reserve are for sale, Display stands in"
        " the shop window, Defective is never offered to customers. A new place is what the"
        " place around it is.",
    )

    @api.depends("location_id")
    def _compute_retail_stock_type(self):
        for location in self:
            location.retail_stock_type = (
                location.retail_stock_type or location.location_id.retail_stock_type or "normal"
            )
