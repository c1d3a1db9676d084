from odoo import api, fields, models
from odoo.tools import SQL

from .promotion_limits import MEASURES, PERIODS


class RetailPromotionCounter(models.Model):
    """How much of a limited promotion is taken, in all, in a store, or by a member.

    One row per promotion and key; the row is the lock that two sales of the last piece meet at.
    Written by SQL only: nothing of it is in the records' cache.
    """

    _name = "retail.promotion.counter"
    _description = "Promotion Counter"
    _rec_name = "key"
    _log_access = False

    promotion_id = fields.Many2one(
        "retail.promotion", required=True, readonly=True, ondelete="cascade"
    )
    key = fields.Char(required=True, readonly=True)
    orders = fields.Integer(readonly=True, default=0)
    units = fields.Integer(readonly=True, default=0)
    amount = fields.Float(digits=(20, 4), readonly=True, default=0.0)

    _key_uniq = models.Constraint("UNIQUE(promotion_id, key)", "A counter is there once.")

    @api.model
    def _read_taken(self, promotion_ids, keys, lock=False):
        """Return {(promotion id, key): {measure: number}}; `lock` keeps the rows until commit."""
        if not promotion_ids or not keys:
            return {}
        self.env.cr.execute(
            SQL(
                """
                SELECT promotion_id, key, orders, units, amount
                  FROM retail_promotion_counter
                 WHERE promotion_id = ANY(%s) AND key = ANY(%s)
              ORDER BY promotion_id, key %s
                """,
                list(promotion_ids),
                list(keys),
                SQL("FOR UPDATE") if lock else SQL(),
            )
        )
        return {
            (promotion_id, key): {"orders": orders, "units": units, "amount": float(amount)}
            for promotion_id, key, orders, units, amount in self.env.cr.fetchall()
        }

    @api.model
    def _move(self, promotion_id, key, delta, bound):
        """Add to a counter unless that exceeds a bound; return whether it was done.

        delta: {measure: number, below zero to give back}; bound: {measure: limit}. One
        statement, so that of two processes at the last piece one finds it taken.
        """
        bounded = {measure: limit for measure, limit in bound.items() if delta[measure] > 0}
        if any(delta[measure] > limit for measure, limit in bounded.items()):
            return False
        holds = [
            SQL(
                "counter.%s + %s <= %s",
                SQL.identifier(measure),
                delta[measure],
                limit,
            )
            for measure, limit in bounded.items()
        ]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO retail_promotion_counter AS counter
                            (promotion_id, key, orders, units, amount)
                     VALUES (%s, %s, GREATEST(0, %s), GREATEST(0, %s), GREATEST(0, %s))
                ON CONFLICT (promotion_id, key) DO UPDATE
                        SET orders = GREATEST(0, counter.orders + %s),
                            units = GREATEST(0, counter.units + %s),
                            amount = GREATEST(0, counter.amount + %s)
                      WHERE %s
                  RETURNING id
                """,
                promotion_id,
                key,
                *(delta[measure] for measure in MEASURES),
                *(delta[measure] for measure in MEASURES),
                SQL(" AND ").join(holds) if holds else SQL("TRUE"),
            )
        )
        return bool(self.env.cr.fetchone())

    @api.model
    def _rebuild(self, promotions):
        """Count anew what the ledger holds: the limits changed."""
        self.env["retail.promotion.usage"].flush_model()
        self.env.cr.execute(
            SQL("DELETE FROM retail_promotion_counter WHERE promotion_id = ANY(%s)", promotions.ids)
        )
        for promotion in promotions:
            self._insert_sums(promotion, SQL("'all'"), SQL("TRUE"))
            self._insert_sums(promotion, SQL("'store,' || store_id"), SQL("store_id IS NOT NULL"))
            self._insert_sums(promotion, _member_key(promotion), SQL("partner_id IS NOT NULL"))

    @api.model
    def _rebuild_members(self, members):
        """Count anew what these members took: sales came to them, or left them."""
        usage = self.env["retail.promotion.usage"].sudo()
        usage.flush_model()
        prefixes = [f"member,{member_id},%" for member_id in members.ids]
        self.env.cr.execute(
            SQL("DELETE FROM retail_promotion_counter WHERE key LIKE ANY(%s)", prefixes)
        )
        for promotion in usage.search([("partner_id", "in", members.ids)]).promotion_id:
            theirs = SQL("partner_id = ANY(%s)", members.ids)
            self._insert_sums(promotion, _member_key(promotion), theirs)

    def _insert_sums(self, promotion, key, condition):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO retail_promotion_counter (promotion_id, key, orders, units, amount)
                     SELECT promotion_id, %(key)s, SUM(orders), SUM(units),
                            COALESCE(SUM(amount) FILTER (WHERE currency_id = %(currency)s), 0)
                       FROM retail_promotion_usage
                      WHERE promotion_id = %(promotion)s AND %(condition)s
                   GROUP BY 1, 2
                """,
                key=key,
                currency=promotion.currency_id.id,
                promotion=promotion.id,
                condition=condition,
            )
        )


def _member_key(promotion):
    """Return the key of a member's counter, made of a row of the ledger: see `counter_key`."""
    period = PERIODS[promotion.limit_member_period][1]
    return SQL("'member,' || partner_id || ',' || to_char(day, %s)", period)
