"""Points expire: the oldest first, so many months after they were earned."""

from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL, float_round, split_every

from . import promotion_snapshot as snapshot
from .loyalty_card_points import POINT_DIGITS

BATCH = 500  # cards between two commits of the nightly run


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    retail_expiry_months = fields.Integer(
        string="Points Expire After (Months)",
        help="Counted from the day they were earned, in the company's time zone; what is used "
        "is taken from the oldest. 0: never.",
    )

    _retail_expiry_positive = models.Constraint(
        "CHECK(retail_expiry_months >= 0)", "Points can't expire before they are earned."
    )

    @api.model
    def _cron_expire_points(self):
        """Nightly: let points expire, in steps that are committed."""
        for program in self.search(
            [("program_type", "=", "loyalty"), ("retail_expiry_months", ">", 0)]
        ):
            for batch in split_every(BATCH, program._expiring_points()):
                done = program._expire_points(batch)
                if not self.env["ir.cron"]._commit_progress(done):
                    return

    def _expiring_points(self):
        """Return [(card id, points)] that are over now: earned before, and not used since."""
        self.ensure_one()
        moves = self.env["retail.points.move"]
        moves.flush_model()
        company = self.company_id or self.env.company
        tz_name = self.env["stock.warehouse"]._get_retail_tz(company)
        today = date.fromisoformat(snapshot.wall_clock(fields.Datetime.now(), tz_name)[:10])
        before = today - relativedelta(months=self.retail_expiry_months)
        return self.env.execute_query(
            SQL(
                """
                SELECT card_id, SUM(points) AS over
                  FROM retail_points_move
                 WHERE program_id = %s AND (points < 0 OR day < %s)
              GROUP BY card_id
                HAVING SUM(points) > 0.005
              ORDER BY card_id
                """,
                self.id,
                before,
            )
        )

    def _points_expiring_first(self, cards):
        """Return {card: (points, ISO day)}: which of its points expire first, and their last day.

        What was used is taken from the oldest, as when they expire.
        """
        if not self.retail_expiry_months:
            return {}
        moves = self.env["retail.points.move"].sudo()
        own = [("card_id", "in", cards.ids)]
        gone = dict(moves._read_group([*own, ("points", "<", 0)], ["card_id"], ["points:sum"]))
        first = {}
        for card, day, points in moves._read_group(
            [*own, ("points", ">", 0)], ["card_id", "day:day"], ["points:sum"], order="day:day"
        ):
            left = points + gone.get(card, 0.0)
            gone[card] = min(0.0, left)
            if card not in first and left >= 10**-POINT_DIGITS:
                last = day + relativedelta(months=self.retail_expiry_months)
                first[card] = (float_round(left, POINT_DIGITS), last.isoformat())
        return first

    def _expire_points(self, rows):
        """Take expired points off their cards; return how many cards."""
        cards = self.env["loyalty.card"].sudo().browse([card_id for card_id, _points in rows])
        cards._retail_lock()
        reason = self.env._("Expired after %(count)s months", count=self.retail_expiry_months)
        for card, (_card_id, over) in zip(cards, rows, strict=True):
            points = float_round(min(over, card.points), POINT_DIGITS)
            if points > 0:
                card._retail_noted(down="expired", name=self.name, reason=reason).write(
                    {"points": card.points - points}
                )
                card._retail_write_history(reason, used=points)
        return len(rows)
