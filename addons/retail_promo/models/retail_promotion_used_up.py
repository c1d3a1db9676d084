"""Promotions whose total limits are taken say so by themselves, until something comes back."""

from odoo import fields, models

from .promotion_limits import LIMIT_FIELDS, MEASURES, counter_key
from .retail_promotion_engine import LIVE_STATES

ACTIVITY = "retail_promo.mail_activity_used_up"
SOLD_STATES = ("consumed", "partly")


class RetailPromotion(models.Model):
    _inherit = "retail.promotion"

    used_up_at = fields.Datetime(
        string="Used Up On",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Since then it gives nothing, because sales have taken all of a total limit. Empty "
        "as long as something is left, and again when a sale is cancelled or returned.",
    )

    def write(self, vals):
        result = super().write(vals)
        if (LIMIT_FIELDS | {"currency_id"}) & vals.keys():
            self._follow_used_up()
        return result

    def _cron_advance(self):
        result = super()._cron_advance()
        # Sales from the shares of tills move no counter: what two of them sold at once shows here.
        limited = self.search(
            [
                ("state", "in", LIVE_STATES),
                "|",
                "|",
                ("limit_orders", ">", 0),
                ("limit_units", ">", 0),
                ("limit_budget", ">", 0),
            ]
        )
        limited._follow_used_up()
        return result

    def _follow_used_up(self):
        """Note which promotions have nothing left, and which have something again.

        Called in the transaction that moved their counters: its lock on a counter lets one sale
        after the other look, so that the last one sees all of them.
        """
        # Whoever sells may find out that nothing is left.
        promotions = self.sudo()
        taken = self.env["retail.promotion.counter"].sudo()._read_taken(self.ids, [_all()])
        for promotion in promotions:
            used_up = promotion._is_used_up(taken.get((promotion.id, _all())))
            if used_up != bool(promotion.used_up_at):
                promotion._set_used_up(used_up)

    def _is_used_up(self, taken):
        """Tell whether sales hold all of a total limit; reservations are sold to nobody yet.

        taken: {measure: number} of the counter, reservations included, None without one.
        """
        limits = self._engine_limits(minor=False)
        bounds = {measure: limits[measure] for measure in MEASURES if measure in limits}
        # The counter tells without a sum that something is left, as it nearly always is.
        if not taken or not self._reaches(taken, bounds):
            return False
        return self._reaches(self._used_in_all(SOLD_STATES), bounds)

    def _reaches(self, numbers, bounds):
        """Tell whether one of the numbers is at its bound; both {measure: number}."""
        return any(
            self.currency_id.compare_amounts(numbers[measure], bound) >= 0
            if measure == "amount"
            else numbers[measure] >= bound
            for measure, bound in bounds.items()
        )

    def _set_used_up(self, used_up):
        """Mark the promotion, and tell who made it."""
        self.ensure_one()
        self.used_up_at = fields.Datetime.now() if used_up else False
        owner = self.create_uid
        if not used_up:
            self.activity_unlink([ACTIVITY])
            self.message_post(body=self.env._("Something came back: it gives again."))
            return
        text = self.env._(
            "It is used up and gives nothing more. Raise its limit, end it, or let it rest: it "
            "gives again when a sale is cancelled or returned."
        )
        self.message_post(body=text)
        if owner.active and not owner.share and owner.id != self.env.ref("base.user_root").id:
            self.activity_schedule(ACTIVITY, user_id=owner.id, note=text)


def _all():
    return counter_key("all")
