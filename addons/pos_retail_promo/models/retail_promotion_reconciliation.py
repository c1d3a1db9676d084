from odoo import api, models
from odoo.tools import SQL

TILL = "pos.order"


class RetailPromotionReconciliation(models.Model):
    _inherit = "retail.promotion.reconciliation"

    _depends = {
        "pos.order": ["state", "session_id", "account_move"],
        "pos.order.line": ["price_subtotal", "sale_order_line_id", "retail_promotion_id"],
        "pos.session": ["move_id"],
    }

    @api.model
    def _row_queries(self):
        return [
            *super()._row_queries(),
            self._query_granted_at_till(),
            self._query_not_booked_of_till(),
            self._query_other_months_of_till(),
            self._query_settled(),
        ]

    @api.model
    def _till(self):
        """Return SQL of what each till order was granted, and the entry that booked it.

        An order that is invoiced after its session closed was booked by the session: the
        invoice and the reversal of the session's part cancel each other.
        """
        return SQL(
            """
            SELECT granted.*, session.name AS document, move.id AS move_id, move.date AS booked_on
              FROM (
                    SELECT a.promotion_id,
                           a.res_id AS order_id,
                           a.company_id,
                           MIN(a.granted_at)::date AS date,
                           SUM(a.untaxed_company) AS untaxed,
                           SUM(a.total_company) AS total
                      FROM retail_promotion_application a
                     WHERE a.res_model = %(model)s AND a.state = 'granted'
                     GROUP BY a.promotion_id, a.res_id, a.company_id
                   ) granted
              JOIN pos_order sale ON sale.id = granted.order_id
              JOIN pos_session session ON session.id = sale.session_id
              LEFT JOIN account_move move
                ON move.state = 'posted'
               AND move.id = %(booked)s
            """,
            model=TILL,
            booked=self._move_of_till_order(),
        )

    @api.model
    def _move_of_till_order(self):
        """Return SQL of the entry that booked a till order `sale` of `session`."""
        return SQL(
            """
            CASE WHEN sale.account_move IS NOT NULL AND NOT EXISTS (
                     SELECT 1 FROM account_move reversal
                      WHERE reversal.reversed_pos_order_id = sale.id
                 ) THEN sale.account_move
                 ELSE session.move_id
             END
            """
        )

    @api.model
    def _till_columns(self, **columns):
        return {
            "promotion_id": SQL("till.promotion_id"),
            "company_id": SQL("till.company_id"),
            "date": SQL("till.date"),
            "document": SQL("till.document"),
            "res_model": SQL("'pos.order'"),
            "res_id": SQL("till.order_id"),
            "move_id": SQL("till.move_id"),
            **columns,
        }

    @api.model
    def _query_granted_at_till(self):
        return self._row(
            "granted",
            SQL("(%s) till", self._till()),
            self._till_columns(),
            discount_till=SQL("till.untaxed"),
            discount_total=SQL("till.total"),
        )

    @api.model
    def _query_not_booked_of_till(self):
        return self._row(
            "open",
            SQL("(%s) till WHERE till.move_id IS NULL", self._till()),
            self._till_columns(),
            not_booked=SQL("- till.untaxed"),
        )

    @api.model
    def _query_other_months_of_till(self):
        source = SQL(
            "(%s) till CROSS JOIN (VALUES (-1), (1)) AS side(sign)"
            " WHERE DATE_TRUNC('month', till.booked_on) != DATE_TRUNC('month', till.date)",
            self._till(),
        )
        columns = self._till_columns(
            date=SQL("CASE WHEN side.sign < 0 THEN till.date ELSE till.booked_on END")
        )
        return self._row("moved", source, columns, other_month=SQL("side.sign * till.untaxed"))

    @api.model
    def _document_of_item(self):
        """The entries of a session, of its orders' invoices and of their reversals are its."""
        return SQL(
            """
            COALESCE(
                %s,
                (SELECT session.name
                   FROM pos_session session
                  WHERE session.move_id = item.move_id),
                (SELECT MAX(session.name)
                   FROM pos_order sale
                   JOIN pos_session session ON session.id = sale.session_id
                  WHERE sale.account_move = item.move_id
                     OR sale.id = move.reversed_pos_order_id)
            )
            """,
            super()._document_of_item(),
        )

    # === SALES ORDERS THAT A TILL SETTLED === #

    @api.model
    def _query_settled(self):
        """Twice each: taken out of the order, added to the session that booked it."""
        source = SQL(
            """
            pos_order_line paid
            JOIN sale_order_line line ON line.id = paid.sale_order_line_id
            JOIN sale_order so ON so.id = line.order_id
            JOIN pos_order sale ON sale.id = paid.order_id
            JOIN pos_session session ON session.id = sale.session_id
            JOIN account_move move ON move.state = 'posted' AND move.id = %s
            CROSS JOIN (VALUES (-1), (1)) AS side(sign)
            WHERE line.retail_promotion_id IS NOT NULL
            """,
            self._move_of_till_order(),
        )
        columns = {
            "promotion_id": SQL("line.retail_promotion_id"),
            "company_id": SQL("so.company_id"),
            "date": SQL("move.date"),
            "document": SQL("CASE WHEN side.sign < 0 THEN so.name ELSE session.name END"),
            "res_model": SQL("'pos.order'"),
            "res_id": SQL("sale.id"),
            "move_id": SQL("move.id"),
        }
        amount = SQL("- side.sign * paid.price_subtotal / sale.currency_rate")
        return self._row("moved", source, columns, other_month=amount)

    @api.model
    def _booked_of_orders(self):
        """Add what a till settled of orders: booked with the session or its own invoice."""
        return SQL(
            """
            %(invoices)s
            UNION ALL
            SELECT line.order_id,
                   line.retail_promotion_id AS promotion_id,
                   NULL AS id,
                   move.id AS move_id,
                   NULL AS account_id,
                   move.date,
                   - paid.price_subtotal AS amount_currency,
                   - paid.price_subtotal / sale.currency_rate AS balance
              FROM pos_order_line paid
              JOIN sale_order_line line ON line.id = paid.sale_order_line_id
              JOIN pos_order sale ON sale.id = paid.order_id
              JOIN pos_session session ON session.id = sale.session_id
              JOIN account_move move ON move.state = 'posted' AND move.id = %(booked)s
             WHERE line.retail_promotion_id IS NOT NULL
            """,
            invoices=super()._booked_of_orders(),
            booked=self._move_of_till_order(),
        )

    @api.model
    def _parts_of_order_lines(self):
        return SQL(
            """
            %s
            UNION ALL
            SELECT paid.sale_order_line_id,
                   paid.price_subtotal,
                   paid.price_subtotal_incl,
                   paid.price_subtotal > 0
              FROM pos_order_line paid
              JOIN pos_order sale ON sale.id = paid.order_id
             WHERE paid.sale_order_line_id IS NOT NULL AND sale.state NOT IN ('draft', 'cancel')
            """,
            super()._parts_of_order_lines(),
        )
