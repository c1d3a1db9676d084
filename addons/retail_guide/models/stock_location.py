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

    retail_zone = fields.Selection(
        [("A", "Zone A: goes fast"), ("B", "Zone B"), ("C", "Zone C: goes slowly")],
        string="Zone",
        compute="_compute_retail_zone",
        store=True,
        readonly=False,
        precompute=True,
        help="Zone A is where customers pass and hands reach; the demand forecast suggests it for"
        " A products, and so on. A new place is in the zone of the place around it.",
    )

    @api.depends("location_id")
    def _compute_retail_zone(self):
        for location in self:
            location.retail_zone = location.retail_zone or location.location_id.retail_zone

    @api.depends("location_id")
    def _compute_retail_stock_type(self):
        for location in self:
            location.retail_stock_type = (
                location.retail_stock_type or location.location_id.retail_stock_type or "normal"
            )
