from odoo import models
from odoo.tools import SQL


class SaleOrder(models.Model):
    """Set-based comparison of the rows of sold lines with sales orders, and their rebuild."""

    _inherit = "sale.order"

    def _fact_suspects(self):
        """Return the ids of orders whose rows may be wrong; see the mixin."""
        query = SQL(
            "WITH expected AS (%s), fact AS ("
            " SELECT *, split_part(basket, ',', 2)::int AS order_id FROM retail_sale_fact"
            "  WHERE starts_with(basket, 'sale.order,')"
            ") %s UNION %s UNION %s UNION %s",
            self._fact_expected_sql(),
            self._fact_wrong_sql(),
            self._fact_missing_sql(),
            self._fact_sum_sql(),
            self._fact_returned_sql(),
        )
        return [order_id for (order_id,) in self.env.execute_query(query)]

    def _fact_rebuild(self, domain):
        """Make the rows of the orders anew: plain orders in one statement, the others one by one.

        An order is plain when all its lines are goods at their own price; discounts, returns
        and what tills have settled are worked out by the same code as at the event.
        """
        orders = self.sudo().search(domain)
        self.env.flush_all()
        for batch in orders._fact_batches(5000):
            self.env.cr.execute(
                SQL(
                    "DELETE FROM retail_sale_fact WHERE basket = ANY(%s)",
                    [order._fact_basket() for order in batch],
                )
            )
            plain = self._fact_insert_plain(batch.ids)
            for rest in (batch - self.browse(plain))._fact_batches():
                rest._fact_write()
            self.env.invalidate_all(flush=False)

    # === SQL === #

    def _fact_expected_sql(self):
        """Return a query of every line of a confirmed order, as its row should be.

        Promotion shares are not taken off yet; ``apart`` tells lines that are no part of the
        price of goods (down payments, delivery, gift cards), ``spread`` those that are spread.
        """
        return SQL(
            """SELECT line.id, line.order_id, so.name AS document, so.date_order AS sold_at,
                      (so.date_order AT TIME ZONE 'UTC' AT TIME ZONE
                       COALESCE(store.retail_tz, own.tz, 'UTC'))::date AS day,
                      so.company_id, so.retail_store_id AS store_id,
                      so.sale_channel_id AS channel_id,
                      partner.commercial_partner_id AS partner_id,
                      line.retail_guide_id AS guide_id, line.product_id,
                      round(line.product_uom_qty * part.unsettled
                            * unit.factor / own_unit.factor, 6) AS qty,
                      part.unsettled,
                      line.price_subtotal * part.unsettled AS price_subtotal,
                      line.price_total * part.unsettled AS price_total,
                      line.discount, cost.value AS cost_value, cost.qty AS cost_qty,
                      so.currency_id, currency.rounding,
                      company_currency.rounding AS company_rounding,
                      COALESCE(NULLIF(so.currency_rate, 0), 1) AS rate,
                      (%(apart)s) AS apart, (%(spread)s) AS spread
                 FROM sale_order_line line
                 JOIN sale_order so ON so.id = line.order_id AND so.state = 'sale'
                 JOIN res_company company ON company.id = so.company_id
                 JOIN res_partner own ON own.id = company.partner_id
                 JOIN res_partner partner ON partner.id = so.partner_id
                 JOIN res_currency currency ON currency.id = so.currency_id
                 JOIN res_currency company_currency ON company_currency.id = company.currency_id
                 JOIN product_product product ON product.id = line.product_id
                 JOIN product_template template ON template.id = product.product_tmpl_id
                 JOIN uom_uom own_unit ON own_unit.id = template.uom_id
                 JOIN uom_uom unit ON unit.id = line.product_uom_id
                 LEFT JOIN stock_warehouse store ON store.id = so.retail_store_id
                 LEFT JOIN (%(cost)s) cost ON cost.line_id = line.id
                CROSS JOIN LATERAL (SELECT CASE
                      WHEN COALESCE(line.retail_settled_qty, 0) = 0 OR line.product_uom_qty = 0
                      THEN 1
                      ELSE LEAST(GREATEST(
                           1 - line.retail_settled_qty / line.product_uom_qty, 0), 1)
                      END AS unsettled) part
                WHERE line.display_type IS NULL""",
            apart=self._fact_apart_sql(),
            spread=self._fact_spread_sql(),
            cost=self.env["sale.order.line"]._fact_cost_sql(),
        )

    def _fact_apart_sql(self):
        """Return the condition for lines that are no part of the price of goods."""
        services = self.env["product.product"].sudo().with_context(active_test=False)
        payments = self._fact_payment_products(services.search([("type", "=", "service")]))
        conditions = [
            SQL("COALESCE(line.is_downpayment, FALSE)"),
            SQL("template.type = 'combo'"),
            SQL("line.product_id = ANY(%s::int[])", payments.ids),
        ]
        if "is_delivery" in self.env["sale.order.line"]._fields:
            conditions.append(SQL("COALESCE(line.is_delivery, FALSE)"))
        return SQL(" OR ").join(conditions)

    def _fact_spread_sql(self):
        """Return the condition for lines that are spread over goods: discounts, promotions."""
        return SQL(
            "template.type = 'service' AND (line.price_unit < 0"
            " OR line.product_id = company.sale_discount_product_id)"
        )

    def _fact_wrong_sql(self):
        """Return the orders with a row that differs from its line, or has no line any more."""
        same = SQL(" AND ").join(
            SQL("fact.%s IS NOT DISTINCT FROM line.%s", SQL.identifier(name), SQL.identifier(name))
            for name in (
                "order_id",
                "document",
                "sold_at",
                "day",
                "company_id",
                "store_id",
                "channel_id",
                "partner_id",
                "guide_id",
                "product_id",
                "currency_id",
            )
        )
        return SQL(
            """SELECT fact.order_id FROM fact LEFT JOIN expected line
                   ON line.id::text = fact.source_line
                WHERE fact.source_model = 'sale.order.line'
                  AND (%s AND fact.event = CASE WHEN line.qty < 0 THEN 'returned' ELSE 'sold' END
                  AND abs(fact.qty - line.qty) <= 0.00001
                  AND abs(fact.price_total + fact.promotion_amount - line.price_total)
                      <= line.rounding * CASE WHEN line.unsettled = 1 THEN 0.01 ELSE 1.01 END
                  AND (fact.promotion_amount != 0
                       OR abs(fact.price_subtotal - line.price_subtotal) <= line.rounding * 1.01)
                  AND fact.price_subtotal + fact.price_tax = fact.price_total
                  AND (line.discount >= 100 OR abs(fact.discount_amount
                       - (line.price_total / NULLIF(1 - COALESCE(line.discount, 0) / 100, 0)
                          - line.price_total)) <= line.rounding * 1.01)
                  AND abs(fact.amount_company - fact.price_subtotal / line.rate)
                      <= line.company_rounding
                  AND abs(fact.total_company - fact.price_total / line.rate)
                      <= line.company_rounding
                  AND (fact.cost IS NULL) = (COALESCE(line.cost_qty, 0) = 0)
                  AND (fact.cost IS NULL OR abs(
                       fact.cost - fact.qty * line.cost_value / line.cost_qty)
                      <= line.company_rounding)) IS NOT TRUE""",
            same,
        )

    def _fact_missing_sql(self):
        """Return the orders with a line of goods that has no row of theirs."""
        return SQL(
            """SELECT line.order_id FROM expected line LEFT JOIN fact
                   ON fact.source_model = 'sale.order.line' AND fact.source_line = line.id::text
                  AND fact.order_id = line.order_id
                WHERE fact.id IS NULL AND NOT line.apart AND NOT line.spread AND line.qty != 0"""
        )

    def _fact_sum_sql(self):
        """Return the orders whose rows don't sum to the price of their goods.

        A promotion that is on the order but on no row, or the other way round, shows here.
        """
        return SQL(
            """SELECT line.order_id
                 FROM (SELECT order_id, SUM(price_total) FILTER (WHERE NOT apart) AS total,
                              bool_and(unsettled = 1) AS unsettled, min(rounding) AS rounding
                         FROM expected GROUP BY order_id
                       HAVING bool_or(spread AND price_total != 0)) line
                 LEFT JOIN (SELECT order_id, SUM(price_total) AS total FROM fact
                             WHERE source_model = 'sale.order.line' GROUP BY order_id) fact
                   ON fact.order_id = line.order_id
                WHERE line.unsettled
                  AND abs(COALESCE(fact.total, 0) - COALESCE(line.total, 0)) > line.rounding / 2"""
        )

    def _fact_returned_sql(self):
        """Return the orders whose credit notes and rows of returns don't fit together."""
        return SQL(
            """SELECT COALESCE(credit.order_id, fact.order_id)
                 FROM (SELECT aml.id, line.order_id, aml.price_total, line.rounding
                         FROM account_move_line aml
                         JOIN account_move move ON move.id = aml.move_id
                          AND move.state = 'posted' AND move.move_type = 'out_refund'
                         JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = aml.id
                         JOIN expected line ON line.id = rel.order_line_id
                          AND NOT line.apart AND NOT line.spread AND line.qty >= 0) credit
                 FULL JOIN (SELECT * FROM fact WHERE source_model = 'account.move.line') fact
                   ON fact.source_line = credit.id::text
                WHERE credit.id IS NULL OR fact.id IS NULL
                   OR abs(fact.price_total + fact.promotion_amount + credit.price_total)
                      > credit.rounding / 2"""
        )

    def _fact_insert_plain(self, order_ids):
        """Insert the rows of the plain ones of the orders; return the ids of these."""
        query = SQL(
            """WITH expected AS (SELECT * FROM (%(expected)s) line
                                  WHERE line.order_id = ANY(%(order_ids)s)),
                    plain AS (SELECT order_id FROM expected line GROUP BY order_id
                              HAVING bool_and(NOT spread AND unsettled = 1 AND discount < 100)
                                 AND NOT EXISTS (
                              SELECT 1 FROM sale_order_line sold
                                JOIN sale_order_line_invoice_rel rel
                                  ON rel.order_line_id = sold.id
                                JOIN account_move_line aml ON aml.id = rel.invoice_line_id
                                JOIN account_move move ON move.id = aml.move_id
                               WHERE sold.order_id = line.order_id
                                 AND move.move_type = 'out_refund')),
                    inserted AS (INSERT INTO retail_sale_fact
                      (source_model, source_line, event, basket, document, sold_at, day,
                       company_id, store_id, channel_id, partner_id, guide_id, product_id, qty,
                       price_subtotal, price_tax, price_total, discount_amount,
                       promotion_amount, cost, currency_id, amount_company, total_company,
                       create_uid, create_date, write_uid, write_date)
                      SELECT 'sale.order.line', id::text,
                             CASE WHEN qty < 0 THEN 'returned' ELSE 'sold' END,
                             'sale.order,' || order_id, document, sold_at, day, company_id,
                             store_id, channel_id, partner_id, guide_id, product_id, qty,
                             price_subtotal, price_total - price_subtotal, price_total,
                             %(discount)s, 0, %(cost)s, currency_id, %(subtotal)s, %(total)s,
                             %(uid)s, %(now)s, %(uid)s, %(now)s
                        FROM expected line JOIN plain USING (order_id)
                       WHERE NOT apart AND qty != 0)
               SELECT order_id FROM plain""",
            expected=self._fact_expected_sql(),
            order_ids=list(order_ids),
            discount=_rounded(
                SQL("price_total / NULLIF(1 - COALESCE(discount, 0) / 100, 0) - price_total"),
                SQL("rounding"),
            ),
            cost=SQL(
                "CASE WHEN cost_qty != 0 THEN %s END",
                _rounded(SQL("qty * cost_value / cost_qty"), SQL("company_rounding")),
            ),
            subtotal=_rounded(SQL("price_subtotal / rate"), SQL("company_rounding")),
            total=_rounded(SQL("price_total / rate"), SQL("company_rounding")),
            uid=self.env.uid,
            now=self.env.cr.now(),
        )
        return [order_id for (order_id,) in self.env.execute_query(query)]


def _rounded(amount, unit):
    """Return SQL that rounds a numeric amount to a multiple of the unit."""
    return SQL("round((%s) / %s) * %s", amount, unit, unit)
