from odoo import api, fields, models
from odoo.tools import SQL


class RetailRecommendationReport(models.Model):
    """Take-up: one row per product and basket in which it was recommended."""

    _name = "retail.recommendation.report"
    _description = "Recommendation Take-up"
    _auto = False
    _order = "offered_at desc"
    _rec_name = "product_id"

    basket_key = fields.Char(string="Basket", readonly=True)
    offered_at = fields.Datetime(string="Recommended On", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one("product.category", string="Category", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Member", readonly=True)
    user_id = fields.Many2one("res.users", string="Guide", readonly=True)
    store_id = fields.Many2one("stock.warehouse", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    reason = fields.Selection(selection="_selection_reason", readonly=True)
    source = fields.Selection(selection="_selection_source", string="Shown On", readonly=True)
    held_out = fields.Boolean(
        readonly=True, help="The member gets popular products only, for the measurement."
    )
    shown = fields.Integer(readonly=True)
    clicked = fields.Integer(readonly=True)
    added = fields.Integer(readonly=True)
    refused = fields.Integer(readonly=True)
    sold = fields.Integer(readonly=True)
    take_up = fields.Float(
        string="Take-up (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Share of the recommended products that the same basket bought.",
    )
    amount_company = fields.Monetary(
        string="Sold Amount", currency_field="company_currency_id", readonly=True
    )

    @api.model
    def _selection_reason(self):
        return self.env["retail.recommendation.log"]._selection_reason()

    @api.model
    def _selection_source(self):
        return self.env["retail.recommendation.log"]._selection_source()

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT MIN(log.id) AS id,
                   log.basket_key,
                   log.product_id,
                   log.company_id,
                   MIN(log.logged_at) AS offered_at,
                   MIN(template.categ_id) AS categ_id,
                   MIN(log.partner_id) AS partner_id,
                   MIN(log.user_id) AS user_id,
                   MIN(log.store_id) AS store_id,
                   MIN(company.currency_id) AS company_currency_id,
                   (ARRAY_AGG(log.reason ORDER BY log.action = 'added' DESC, log.id))[1] AS reason,
                   MIN(log.source) AS source,
                   BOOL_OR(log.held_out) AS held_out,
                   MAX((log.action = 'shown')::int) AS shown,
                   MAX((log.action = 'clicked')::int) AS clicked,
                   MAX((log.action = 'added')::int) AS added,
                   MAX((log.action = 'refused')::int) AS refused,
                   MAX((log.action = 'sold')::int) AS sold,
                   100.0 * MAX((log.action = 'sold')::int) AS take_up,
                   SUM(log.amount_company) AS amount_company
              FROM retail_recommendation_log log
              JOIN product_product product ON product.id = log.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN res_company company ON company.id = log.company_id
             GROUP BY log.basket_key, log.product_id, log.company_id
            """
        )
