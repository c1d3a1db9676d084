from odoo import fields, models


class RetailPromotionGift(models.Model):
    """A product that a promotion may give away; when it is out of stock, the next one is given."""

    _name = "retail.promotion.gift"
    _description = "Promotion Gift"
    _inherit = ["retail.promotion.part"]
    _order = "promotion_id, sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('sale_ok', '=', True), ('type', '!=', 'combo')]",
    )

    _product_uniq = models.Constraint(
        "UNIQUE(promotion_id, product_id)", "A product stands once in a list of gifts."
    )
