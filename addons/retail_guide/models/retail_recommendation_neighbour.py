from odoo import fields, models


class RetailRecommendationNeighbour(models.Model):
    """What is often bought with what: the best neighbours of a product, one row each.

    The learning job alone writes this table (``retail.recommendation.model``).
    """

    _name = "retail.recommendation.neighbour"
    _description = "Product Often Bought With"
    _order = "product_id, rank"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="cascade"
    )
    neighbour_id = fields.Many2one(
        "product.product",
        string="Bought With",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    rank = fields.Integer(required=True, readonly=True, help="1 is the nearest neighbour.")
    basket_count = fields.Integer(
        string="Baskets with Both", readonly=True, help="Baskets that held both products."
    )
    product_count = fields.Integer(
        string="Baskets with Product", readonly=True, help="Baskets that held the product."
    )
    neighbour_count = fields.Integer(
        string="Baskets with Neighbour", readonly=True, help="Baskets that held the neighbour."
    )
    support = fields.Float(readonly=True, help="Share of all baskets that held both, 0 to 1.")
    confidence = fields.Float(
        readonly=True,
        help="Share of the product's baskets that held the neighbour too, 0 to 1.",
    )
    lift = fields.Float(
        readonly=True,
        help="How many times more often than by chance both are bought together; 1 is chance.",
    )
    cosine = fields.Float(
        string="Nearness",
        readonly=True,
        help="Baskets with both over the geometric mean of the baskets with each, 0 to 1. "
        "Neighbours rank by it, held back where few baskets stand behind it.",
    )

    _pair_uniq = models.Constraint(
        "UNIQUE(company_id, product_id, neighbour_id)",
        "A product has each neighbour once.",
    )
