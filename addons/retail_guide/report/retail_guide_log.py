from odoo import api, fields, models
from odoo.tools import SQL

#: Kinds of rows; each row's id is that of its source times this, plus the kind's number.
KINDS = 8


class RetailGuideLog(models.Model):
    """What guides did: recommended, sold, took orders, cared, talked; by whom, for whom, where.

    Nobody writes it: it reads the records that each of these acts leaves behind, so that it can't
    tell another story than they do.
    """

    _name = "retail.guide.log"
    _description = "Guide Log"
    _auto = False
    _order = "logged_at desc, id desc"
    _rec_name = "action"
    # What is still in memory of these is written down before the log is read.
    _depends = {
        "sale.order": ["state", "date_order", "user_id", "partner_id", "retail_store_id", "name"],
        "retail.care.task": ["done_at", "user_id", "partner_id", "store_id"],
        "retail.communication": ["date", "user_id", "partner_id", "store_id"],
        "retail.recommendation.log": ["action", "product_id", "partner_id"],
        "retail.sale.fact": ["event", "guide_id", "product_id", "partner_id"],
    }

    logged_at = fields.Datetime(string="When", readonly=True)
    user_id = fields.Many2one("res.users", string="Guide", readonly=True)
    action = fields.Selection(
        [
            ("recommended", "Recommended"),
            ("added", "Recommendation Taken"),
            ("refused", "Recommendation Refused"),
            ("order", "Order Confirmed"),
            ("sold", "Sold"),
            ("returned", "Taken Back"),
            ("cared", "Cared For"),
            ("talked", "Talked With"),
        ],
        readonly=True,
    )
    product_id = fields.Many2one("product.product", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    store_id = fields.Many2one("stock.warehouse", readonly=True)
    document = fields.Char(readonly=True)
    quantity = fields.Float(readonly=True, digits="Product Unit")
    amount_company = fields.Monetary(
        string="Amount",
        currency_field="company_currency_id",
        readonly=True,
        help="Without tax, in the company's currency; of sold and taken back lines.",
    )
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id")

    @api.model
    def _table_parts(self):
        """Return the queries whose rows make the log, their columns in one order."""
        return [
            SQL(
                """
                SELECT id, 0 AS kind, logged_at, user_id,
                       CASE action WHEN 'shown' THEN 'recommended' ELSE action END AS action,
                       product_id, partner_id, store_id, document,
                       NULL::float AS quantity, NULL::float AS amount_company, company_id
                  FROM retail_recommendation_log
                 WHERE action IN ('shown', 'added', 'refused')
                """
            ),
            SQL(
                """
                SELECT id, 1, sold_at, guide_id, event, product_id, partner_id, store_id, document,
                       qty::float, amount_company::float, company_id
                  FROM retail_sale_fact
                 WHERE guide_id IS NOT NULL
                """
            ),
            SQL(
                """
                SELECT id, 2, date_order, user_id, 'order', NULL::int, partner_id, retail_store_id,
                       name, NULL::float, NULL::float, company_id
                  FROM sale_order
                 WHERE state = 'sale' AND user_id IS NOT NULL
                """
            ),
            SQL(
                """
                SELECT id, 3, done_at, user_id, 'cared', NULL::int, partner_id, store_id,
                       NULL::varchar, NULL::float, NULL::float, company_id
                  FROM retail_care_task
                 WHERE done_at IS NOT NULL AND user_id IS NOT NULL
                """
            ),
            SQL(
                """
                SELECT id, 4, date, user_id, 'talked', NULL::int, partner_id, store_id,
                       NULL::varchar, NULL::float, NULL::float, company_id
                  FROM retail_communication
                """
            ),
        ]

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT id::bigint * %s + kind AS id, logged_at, user_id, action, product_id,
                   partner_id, store_id, document, quantity, amount_company, company_id
              FROM (%s) act
            """,
            KINDS,
            SQL(" UNION ALL ").join(self._table_parts()),
        )
