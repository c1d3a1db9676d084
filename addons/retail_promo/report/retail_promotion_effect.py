from odoo import api, fields, models
from odoo.tools import SQL

MEASURES = (
    "orders",
    "qty",
    "sales",
    "discount",
    "gift_cost",
    "margin",
    "sold",
    "before",
    "others_sold",
    "others_before",
    "extra_margin",
)
# Figures that don't add up: worked out of the sums of a group.
RATIOS = {
    "uplift_others": "SUM(%(sold)s) - SUM(%(before)s) * SUM(%(others_sold)s)"
    " / NULLIF(SUM(%(others_before)s), 0)",
    "roi": "100 * SUM(%(extra_margin)s) / NULLIF(SUM(%(given)s), 0)",
}


class RetailPromotionEffect(models.Model):
    """What promotions brought: the orders that got them, and their goods beside the weeks before.

    Rows of an order: what was sold on it and came back, live. Rows of a day: what the goods of
    the promotion sold in its stores, beside the same weekdays before it began, as last worked
    out (`retail.promotion.comparison`).
    """

    _name = "retail.promotion.effect"
    _description = "Promotion Effect"
    _auto = False
    _order = "day desc, document, id"
    _rec_name = "document"

    _depends = {
        "retail.promotion.application": [
            "promotion_id",
            "document",
            "product_id",
            "untaxed_company",
            "amount_company",
            "state",
        ],
        "retail.promotion": ["reward_kind", "company_id"],
        "retail.promotion.comparison": ["promotion_id", "day", "sold", "before"],
        "retail.sale.fact": ["basket", "event", "amount_company", "promotion_amount", "cost"],
        "res.partner": ["retail_class_id"],
    }

    promotion_id = fields.Many2one("retail.promotion", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    kind = fields.Selection(
        [
            ("sold", "Order"),
            ("returned", "Return"),
            ("goods", "Goods of a Day"),
            ("others", "Goods of a Day, Others"),
        ],
        readonly=True,
        help="Others: members whose class, tags or segment keep the promotion from them, and "
        "sales in stores and channels where it doesn't hold.",
    )
    day = fields.Date(readonly=True, help="By the clock of the store.")
    document = fields.Char(string="Order", readonly=True)
    basket = fields.Char(readonly=True)
    store_id = fields.Many2one("stock.warehouse", readonly=True)
    channel_id = fields.Many2one("sale.channel", readonly=True)
    class_id = fields.Many2one(
        "retail.customer.class", readonly=True, help="Of the member, as it is today."
    )
    partner_id = fields.Many2one(
        "res.partner", string="Members", readonly=True, aggregator="count_distinct"
    )
    orders = fields.Integer(
        readonly=True, help="Orders and till receipts that got the promotion, also if returned."
    )
    qty = fields.Float(
        string="Quantity",
        digits="Product Unit",
        readonly=True,
        help="All pieces on these orders, less those returned.",
    )
    sales = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="All that was sold on these orders, without tax, after discounts, less returns.",
    )
    discount = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="What this promotion took off, without tax, less what returns gave back. Gifts "
        "count with their cost instead.",
    )
    gift_cost = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="What the gifts cost us: as the stock booked it, before that by the cost price.",
    )
    given = fields.Monetary(
        string="Cost of the Promotion",
        currency_field="company_currency_id",
        readonly=True,
        help="Discount and cost of gifts.",
    )
    margin = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="Sales less the cost of all goods on these orders, gifts included.",
    )
    sold = fields.Monetary(
        string="Goods Sold",
        currency_field="company_currency_id",
        readonly=True,
        help="What customers who may have it bought of the goods of the promotion, in its "
        "stores and channels, with and without the promotion; whole days, without tax.",
    )
    before = fields.Monetary(
        string="Usual Sales",
        currency_field="company_currency_id",
        readonly=True,
        help="What the same goods sold on the same weekdays, on average of up to four weeks "
        "before the start.",
    )
    uplift = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="Goods sold less usual sales.",
    )
    others_sold = fields.Monetary(
        string="Goods Sold to Others",
        currency_field="company_currency_id",
        readonly=True,
        help="The same for members whom class, tags or segment keep from having the promotion, "
        "and in stores and channels where it doesn't hold.",
    )
    others_before = fields.Monetary(
        string="Usual Sales to Others", currency_field="company_currency_id", readonly=True
    )
    uplift_others = fields.Monetary(
        string="Uplift against Others",
        currency_field="company_currency_id",
        readonly=True,
        aggregator="sum",
        help="Goods sold less what they would have been, had they grown as with members who may "
        "not have the promotion, and where it doesn't hold. Empty for promotions that are for "
        "everybody everywhere.",
    )
    extra_margin = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="Margin of the goods of the promotion less the margin of usual sales; the "
        "discount and the gifts are off it already.",
    )
    roi = fields.Float(
        string="ROI (%)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Extra margin in percent of the cost of the promotion. Empty where nothing was given.",
    )

    # === QUERY === #

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT ROW_NUMBER() OVER (
                       ORDER BY r.day, r.promotion_id, r.basket, r.kind,
                                r.store_id, r.channel_id, r.class_id
                   ) AS id,
                   r.*,
                   r.discount + r.gift_cost AS given,
                   r.sold - r.before AS uplift,
                   NULL::numeric AS uplift_others,
                   NULL::numeric AS roi,
                   company.currency_id AS company_currency_id
              FROM (%s UNION ALL %s UNION ALL %s) r
              JOIN res_company company ON company.id = r.company_id
            """,
            self._query_orders(),
            self._query_without_goods(),
            self._query_days(),
        )

    @api.model
    def _columns(self, **amounts):
        """Return the SELECT list of the measures; those that aren't named are 0."""
        return SQL(", ").join(
            SQL(
                "COALESCE((%s)::numeric, 0) AS %s",
                amounts.get(name, SQL("0")),
                SQL.identifier(name),
            )
            for name in MEASURES
        )

    @api.model
    def _granted_sql(self):
        """Return a query of what each sale was granted by each promotion, product by product."""
        return SQL(
            """
            SELECT a.promotion_id, a.company_id, a.document, a.product_id,
                   promotion.reward_kind = 'gift' AS gift,
                   SUM(a.untaxed_company) AS amount
              FROM retail_promotion_application a
              JOIN retail_promotion promotion ON promotion.id = a.promotion_id
             WHERE a.state = 'granted' AND a.amount_company > 0
          GROUP BY 1, 2, 3, 4, 5
            """
        )

    @api.model
    def _baskets_sql(self):
        """Return a query of (document, basket): where the lines of a document are sold lines.

        What is granted on a document is its own basket; a channel that sells the lines of
        another document adds its baskets.
        """
        return SQL("SELECT DISTINCT document, document AS basket FROM granted")

    @api.model
    def _query_orders(self):
        """Return the rows of orders and returns.

        The discount lies on the lines as the promotion shares of the sold lines do, so that a
        return takes back its part, and a line that is sold in two baskets counts once.
        """
        return SQL(
            """
            SELECT line.promotion_id, line.company_id, line.event AS kind, line.day,
                   MIN(line.name) AS document, line.basket, line.store_id, line.channel_id,
                   buyer.retail_class_id AS class_id, line.partner_id, %(measures)s
              FROM (
                  WITH granted AS (%(granted)s)
                SELECT sale.promotion_id, f.company_id, f.event, f.day, f.document AS name,
                       f.basket, f.store_id, f.channel_id, f.partner_id, f.qty, f.amount_company,
                       %(cost)s AS cost, granted.gift, granted.amount, f.price_total,
                       f.promotion_amount
                           / NULLIF(SUM(f.promotion_amount) FILTER (WHERE f.event = 'sold') OVER (
                               PARTITION BY sale.promotion_id, sale.document, f.product_id
                           ), 0) AS part
                  FROM (SELECT DISTINCT promotion_id, document FROM granted) sale
                  JOIN (%(baskets)s) place ON place.document = sale.document
                  JOIN retail_sale_fact f ON f.basket = place.basket
                  JOIN product_product product ON product.id = f.product_id
             LEFT JOIN granted ON granted.promotion_id = sale.promotion_id
                   AND granted.document = sale.document AND granted.product_id = f.product_id
              ) line
         LEFT JOIN res_partner buyer ON buyer.id = line.partner_id
          GROUP BY line.promotion_id, line.company_id, line.event, line.day, line.basket,
                   line.store_id, line.channel_id, buyer.retail_class_id, line.partner_id
            """,
            measures=self._columns(
                orders=SQL("CASE WHEN line.event = 'sold' THEN 1 ELSE 0 END"),
                qty=SQL("SUM(line.qty)"),
                sales=SQL("SUM(line.amount_company)"),
                discount=SQL("SUM(line.amount * line.part) FILTER (WHERE NOT line.gift)"),
                gift_cost=SQL(
                    "SUM(line.cost)"
                    " FILTER (WHERE line.gift AND line.part != 0 AND line.price_total = 0)"
                ),
                margin=SQL("SUM(line.amount_company - line.cost)"),
            ),
            granted=self._granted_sql(),
            baskets=self._baskets_sql(),
            cost=self.env["retail.promotion.comparison"]._cost_sql(),
        )

    @api.model
    def _query_without_goods(self):
        """Return the rows of what was given on lines that are no goods, such as delivery."""
        return SQL(
            """
            SELECT granted.promotion_id, granted.company_id, 'sold' AS kind, sale.day,
                   sale.name AS document, granted.document AS basket, sale.store_id,
                   sale.channel_id, sale.class_id, sale.partner_id, %(measures)s
              FROM (
                  WITH granted AS (%(granted)s), place AS (%(baskets)s)
                SELECT granted.*
                  FROM granted
                 WHERE NOT granted.gift AND NOT EXISTS (
                        SELECT 1 FROM place
                          JOIN retail_sale_fact f ON f.basket = place.basket
                         WHERE place.document = granted.document
                           AND f.product_id = granted.product_id
                       )
              ) granted
              JOIN LATERAL (
                    SELECT f.day, f.document AS name, f.store_id, f.channel_id, f.partner_id,
                           buyer.retail_class_id AS class_id
                      FROM retail_sale_fact f
                 LEFT JOIN res_partner buyer ON buyer.id = f.partner_id
                     WHERE f.basket = granted.document AND f.event = 'sold'
                     LIMIT 1
                   ) sale ON TRUE
            """,
            measures=self._columns(discount=SQL("granted.amount")),
            granted=self._granted_sql(),
            baskets=self._baskets_sql(),
        )

    @api.model
    def _query_days(self):
        yes, no = SQL("day.eligible = 'yes'"), SQL("day.eligible = 'no'")
        amounts = {
            "sold": (yes, SQL("day.sold")),
            "before": (yes, SQL("day.before")),
            "extra_margin": (yes, SQL("day.margin - day.margin_before")),
            "others_sold": (no, SQL("day.sold")),
            "others_before": (no, SQL("day.before")),
        }
        return SQL(
            """
            SELECT day.promotion_id, promotion.company_id,
                   CASE WHEN %(yes)s THEN 'goods' ELSE 'others' END AS kind, day.day,
                   NULL AS document, NULL AS basket, day.store_id, day.channel_id, day.class_id,
                   NULL::int AS partner_id, %(measures)s
              FROM retail_promotion_comparison day
              JOIN retail_promotion promotion ON promotion.id = day.promotion_id
             WHERE day.eligible != 'unknown'
            """,
            yes=yes,
            measures=self._columns(
                **{name: SQL("CASE WHEN %s THEN %s END", *parts) for name, parts in amounts.items()}
            ),
        )

    def _read_group_select(self, aggregate_spec, query):
        """Ratios come of the sums of the group, whatever its size."""
        ratio = RATIOS.get(aggregate_spec.split(":")[0])
        if ratio is None:
            return super()._read_group_select(aggregate_spec, query)
        columns = {
            name: self._field_to_sql(self._table, name, query) for name in (*MEASURES, "given")
        }
        return SQL(ratio, **columns)

    # === ACTIONS === #

    @api.model
    def action_open(self):
        """Open the figures, after the days up to yesterday are worked out."""
        self.env["retail.promotion"]._effect_refresh_moving()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "retail_promo.retail_promotion_effect_action"
        )
