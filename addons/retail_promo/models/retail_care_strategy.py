"""What points and coupons add to care: points that are about to expire, coupons as a gift."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL


class RetailCareStrategy(models.Model):
    _inherit = "retail.care.strategy"

    trigger = fields.Selection(
        selection_add=[("points_expiring", "Points are about to expire"), ("manual",)],
        # Tasks point to it: it stays, at rest, and can be given another trigger.
        ondelete={
            "points_expiring": lambda records: records.write(
                {"trigger": "birthday", "active": False}
            )
        },
    )

    def _days_texts(self):
        return super()._days_texts() | {"points_expiring": self.env._("days before they expire")}

    def _reason_texts(self, day):
        return super()._reason_texts(day) | {
            "points_expiring": self.env._("Points expire by %(day)s.", day=day)
        }

    def _occasion_sql_points_expiring(self, day):
        """Points expire within ``days``, by the rule of ``_expiring_points``; once a month."""
        then = day + timedelta(days=self.days)
        program = self.company_id._retail_points_program()
        months = program.retail_expiry_months if program else 0
        self.env["retail.points.move"].flush_model()
        return SQL(
            """SELECT to_char(%(then)s::date, 'YYYY-MM') AS occasion, %(then)s::date AS event_day,
                      NULL::date AS last_purchase_day
                 FROM retail_points_move move
                WHERE %(expires)s AND move.program_id = %(program)s
                  AND move.partner_id = member.id
                  AND (move.points < 0 OR move.day < %(before)s)
               HAVING sum(move.points) > 0.005""",
            then=then,
            expires=bool(months),
            program=program.id or None,
            before=then - relativedelta(months=months),
        )
