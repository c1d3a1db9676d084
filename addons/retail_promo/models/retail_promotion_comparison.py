from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.retail_crm.crm_engine.local_time import local_day
from odoo.fields import Domain
from odoo.tools import SQL

WEEKS = 4  # before the start, that a promotion is compared with
WEEK_DAYS = 7


class RetailPromotionComparison(models.Model):
    """What the goods of a promotion sold day by day, beside the weeks before it began.

    One row per promotion, day, store, channel and class of the buyer. Worked out anew by SQL
    from the sold lines; whole days only, so the day that still runs isn't there yet.
    """

    _name = "retail.promotion.comparison"
    _description = "Promotion Compared with Before"
    _order = "promotion_id, day, id"
    _rec_name = "promotion_id"
    _log_access = False

    promotion_id = fields.Many2one(
        "retail.promotion", required=True, readonly=True, index=True, ondelete="cascade"
    )
    day = fields.Date(required=True, readonly=True)
    store_id = fields.Many2one("stock.warehouse", readonly=True, ondelete="cascade")
    channel_id = fields.Many2one("sale.channel", readonly=True, ondelete="cascade")
    class_id = fields.Many2one("retail.customer.class", readonly=True, ondelete="cascade")
    eligible = fields.Selection(
        [("yes", "May Have It"), ("no", "May Not Have It"), ("unknown", "Not Known")],
        required=True,
        readonly=True,
        help="By class, tags and segment as they are today, and by the store, channel and "
        "currency of the sale; buyers nobody knows are no members.",
    )
    sold = fields.Float(digits=(20, 4), readonly=True)
    before = fields.Float(digits=(20, 4), readonly=True)
    margin = fields.Float(digits=(20, 4), readonly=True)
    margin_before = fields.Float(digits=(20, 4), readonly=True)

    # === WORKING OUT === #

    @api.model
    def _refresh(self, promotions):
        """Work out the rows of promotions anew."""
        if not promotions:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "DELETE FROM retail_promotion_comparison WHERE promotion_id = ANY(%s)",
                promotions.ids,
            )
        )
        for promotion in promotions:
            start, last, weeks = self._days(promotion)
            if weeks and start <= last:
                self.env.cr.execute(self._insert_sql(promotion, start, last, weeks))
        self.invalidate_model(flush=False)

    @api.model
    def _days(self, promotion):
        """Return (first day, last whole day, whole weeks of sales before the first day).

        Whole weeks: 0 when the company had sold nothing for a week when it began.
        """
        company = promotion.company_id
        zone = promotion.store_ids[:1]._get_retail_tz(company)
        yesterday = local_day(fields.Datetime.now(), zone) - timedelta(days=1)
        start = local_day(promotion.date_from, zone) if promotion.date_from else yesterday
        ends = [moment for moment in (promotion.date_to, promotion.stopped_at) if moment]
        # It holds until just before its end: one that ends at midnight has no part of that day.
        lasts = [local_day(moment - timedelta(seconds=1), zone) for moment in ends]
        last = min([yesterday, *lasts])
        ((first_sold,),) = self.env.execute_query(
            SQL("SELECT MIN(day) FROM retail_sale_fact WHERE company_id = %s", company.id)
        )
        known = (start - first_sold).days // WEEK_DAYS if first_sold else 0
        return start, last, max(0, min(WEEKS, known))

    def _insert_sql(self, promotion, start, last, weeks):
        """Return the statement that writes the rows of one promotion.

        The days before count by their weekday: each of them is one `weeks`-th of what was sold
        on that weekday, in the same store and channel, to the same class.
        """
        return SQL(
            """
            WITH sale AS (%(sales)s),
            earlier AS (
                SELECT EXTRACT(ISODOW FROM day) AS weekday, store_id, channel_id, class_id,
                       eligible, SUM(amount) / %(weeks)s AS amount,
                       SUM(margin) / %(weeks)s AS margin
                  FROM sale WHERE day < %(start)s
              GROUP BY 1, 2, 3, 4, 5
            ),
            side AS (
                SELECT day, store_id, channel_id, class_id, eligible,
                       amount AS sold, 0 AS before, margin, 0 AS margin_before
                  FROM sale WHERE day >= %(start)s
                 UNION ALL
                SELECT day::date, store_id, channel_id, class_id, eligible, 0, amount, 0, margin
                  FROM generate_series(%(start)s::date, %(last)s::date, '1 day') AS day
                  JOIN earlier ON earlier.weekday = EXTRACT(ISODOW FROM day)
            )
            INSERT INTO retail_promotion_comparison
                   (promotion_id, day, store_id, channel_id, class_id, eligible,
                    sold, before, margin, margin_before)
            SELECT %(promotion)s, day, store_id, channel_id, class_id, eligible,
                   SUM(sold), SUM(before), SUM(margin), SUM(margin_before)
              FROM side
          GROUP BY day, store_id, channel_id, class_id, eligible
            """,
            sales=self._sales_sql(promotion, start - timedelta(days=WEEK_DAYS * weeks), last),
            weeks=weeks,
            start=start,
            last=last,
            promotion=promotion.id,
        )

    def _sales_sql(self, promotion, first, last):
        """Return a query of what the goods of a promotion sold day by day, and to whom."""
        conditions = [
            SQL("f.company_id = %s", promotion.company_id.id),
            SQL("f.day BETWEEN %s AND %s", first, last),
        ]
        whole = promotion.with_context(active_test=False)
        goods = whole._effect_goods()
        if not goods.is_true():
            products = whole.env["product.product"].sudo()._search(goods)
            conditions.append(SQL("f.product_id IN %s", products.subselect()))
        return SQL(
            """
            SELECT f.day, f.store_id, f.channel_id, buyer.retail_class_id AS class_id,
                   %(eligible)s AS eligible,
                   SUM(f.amount_company) AS amount,
                   SUM(f.amount_company - %(cost)s) AS margin
              FROM retail_sale_fact f
              JOIN product_product product ON product.id = f.product_id
         LEFT JOIN res_partner buyer ON buyer.id = f.partner_id
             WHERE %(conditions)s
          GROUP BY 1, 2, 3, 4, 5
            """,
            eligible=self._eligible_sql(whole),
            cost=self._cost_sql(),
            conditions=SQL(" AND ").join(conditions),
        )

    @api.model
    def _cost_sql(self):
        """Return the cost of sold line `f` of `product`: as booked, else by today's cost price."""
        return SQL(
            "COALESCE(f.cost, f.qty * (product.standard_price ->> f.company_id::text)::numeric, 0)"
        )

    @api.model
    def _eligible_sql(self, promotion):
        """Return whether `buyer` may have the promotion where `f` was sold.

        By class, tags and segments, by store, channel and currency. Who is no member is not
        known where the promotion asks for members.
        """
        asked, place = [], self._place_sql(promotion)
        if promotion.class_ids:
            asked.append(SQL("buyer.retail_class_id = ANY(%s)", promotion.class_ids.ids))
        if promotion.member_tag_ids:
            asked.append(
                SQL(
                    "EXISTS (SELECT 1 FROM res_partner_res_partner_category_rel tag"
                    " WHERE tag.partner_id = buyer.id AND tag.category_id = ANY(%s))",
                    promotion.member_tag_ids.ids,
                )
            )
        if promotion.segment_ids:
            asked.append(
                SQL(
                    "EXISTS (SELECT 1 FROM retail_member_insight insight"
                    " WHERE insight.partner_id = buyer.commercial_partner_id"
                    " AND insight.company_id = %s AND insight.segment_id = ANY(%s))",
                    promotion.company_id.id,
                    promotion.segment_ids.ids,
                )
            )
        if not asked and not place:
            return SQL("'yes'")
        unknown = SQL("WHEN buyer.is_member IS NOT TRUE THEN 'unknown'") if asked else SQL()
        return SQL(
            "CASE %s WHEN COALESCE(%s, FALSE) THEN 'yes' ELSE 'no' END",
            unknown,
            SQL(" AND ").join([*asked, *place]),
        )

    @api.model
    def _place_sql(self, promotion):
        """Return the conditions on `f` for the stores, channels and currency of a promotion."""
        place = []
        if promotion.store_ids:
            place.append(SQL("f.store_id = ANY(%s)", promotion.store_ids.ids))
        if promotion.channel_ids:
            place.append(SQL("f.channel_id = ANY(%s)", promotion.channel_ids.ids))
        if promotion.currency_only:
            place.append(SQL("f.currency_id = %s", promotion.currency_id.id))
        return place


def named_goods(products, categories, brands, tags):
    """Return the domain of the products that any of these sets names."""
    return Domain.OR(
        [
            Domain("id", "in", products.ids),
            Domain("categ_id", "child_of", categories.ids) if categories else Domain.FALSE,
            Domain("product_tmpl_id.product_brand_id", "in", brands.ids),
            Domain("product_tmpl_id.product_tag_ids", "in", tags.ids),
            Domain("additional_product_tag_ids", "in", tags.ids),
        ]
    )
