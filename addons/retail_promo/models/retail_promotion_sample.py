from odoo import api, fields, models


class RetailPromotionSample(models.Model):
    """A line of the basket that a promotion is tried on in its form; no rule depends on it."""

    _name = "retail.promotion.sample"
    _description = "Promotion Example Line"
    _order = "promotion_id, id"
    _check_company_auto = True

    promotion_id = fields.Many2one(
        "retail.promotion", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="promotion_id.company_id")
    currency_id = fields.Many2one(related="promotion_id.currency_id")
    product_id = fields.Many2one(
        "product.product",
        required=True,
        ondelete="cascade",
        check_company=True,
        domain="[('sale_ok', '=', True)]",
    )
    qty = fields.Float(string="Quantity", digits="Product Unit", required=True, default=1.0)
    price_unit = fields.Monetary(
        string="Price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        precompute=True,
        help="As promotions count: with or without tax, by the setting of the company.",
    )

    _qty_positive = models.Constraint("CHECK(qty > 0)", "A basket holds more than nothing.")

    @api.depends("product_id", "currency_id")
    def _compute_price_unit(self):
        for line in self:
            line.price_unit = line.promotion_id._sample_price(line.product_id)
