from odoo import fields, models


class RetailRecommendationPopularity(models.Model):
    """What sells in a store: the floor of every recommendation.

    Rows without a store count the whole company; a store that has sold nothing yet uses them.
    The learning job alone writes this table (``retail.recommendation.model``).
    """

    _name = "retail.recommendation.popularity"
    _description = "Popular Product"
    _order = "store_id, rank"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    store_id = fields.Many2one("stock.warehouse", readonly=True, ondelete="cascade")
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="cascade"
    )
    basket_count = fields.Integer(string="Baskets", readonly=True)
    share = fields.Float(readonly=True, help="Share of the store's baskets that held it, 0 to 1.")
    rank = fields.Integer(required=True, readonly=True, help="1 is the most popular product.")

    _rank_idx = models.Index("(company_id, store_id, rank)")
