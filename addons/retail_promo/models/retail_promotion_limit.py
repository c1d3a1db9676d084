"""How often a promotion may be used, and how much of that is taken."""

from collections import Counter
from datetime import date

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from . import promotion_snapshot as snapshot
from .promotion_limits import (
    LIMIT_FIELDS,
    LIMITS,
    MEASURES,
    SCOPES,
    UNIT_LIMITS,
    counter_key,
)
from .retail_promotion_engine import LIVE_STATES
from .retail_promotion_usage import COUNTING_STATES

# The rewards that the engine counts in pieces.
UNIT_REWARDS = ("nth", "bundle", "price", "cross", "gift")


class RetailPromotion(models.Model):
    _inherit = "retail.promotion"

    limit_order_units = fields.Integer(
        string="Pieces per Order", help="Discounted pieces that one order can get. 0: no limit."
    )
    limit_member_orders = fields.Integer(
        string="Times per Member",
        help="How often a member can use it in the period, over all channels. 0: no limit. "
        "With such a limit the promotion is for members only.",
    )
    limit_member_units = fields.Integer(
        string="Pieces per Member",
        help="Discounted pieces that a member can get in the period, over all channels. "
        "0: no limit. With such a limit the promotion is for members only.",
    )
    limit_member_period = fields.Selection(
        [
            ("life", "while the promotion lasts"),
            ("day", "a day"),
            ("week", "a week"),
            ("month", "a month"),
        ],
        string="Per",
        required=True,
        default="life",
        help="By the calendar of the store: days, weeks from Monday, months.",
    )
    limit_orders = fields.Integer(string="Times in All", help="0: no limit.")
    limit_units = fields.Integer(string="Pieces in All", help="0: no limit.")
    limit_store_units = fields.Integer(
        string="Pieces per Store", help="Discounted pieces in each store. 0: no limit."
    )
    limit_budget = fields.Monetary(
        string="Budget", help="What the promotion may give away in all. 0: no limit."
    )
    usage_ids = fields.One2many("retail.promotion.usage", "promotion_id")
    used_orders = fields.Integer(string="Times Used", compute="_compute_used")
    used_units = fields.Integer(string="Pieces Used", compute="_compute_used")
    used_amount = fields.Monetary(string="Budget Used", compute="_compute_used")
    used_percent = fields.Float(
        string="Taken",
        compute="_compute_used",
        help="Of the total limit that is nearest to its end; reservations count.",
    )
    left_text = fields.Char(string="Left", compute="_compute_used")

    _limits_positive = models.Constraint(
        "CHECK(limit_order_units >= 0 AND limit_member_orders >= 0 AND limit_member_units >= 0"
        " AND limit_orders >= 0 AND limit_units >= 0 AND limit_store_units >= 0"
        " AND limit_budget >= 0)",
        "Limits can't be negative.",
    )

    # === COMPUTE METHODS === #

    @api.depends("limit_orders", "limit_units", "limit_budget", "usage_ids.state")
    @api.depends_context("lang")
    def _compute_used(self):
        for promotion in self:
            used = promotion._used_in_all()
            bound = promotion._engine_limits(minor=False)
            promotion.used_orders = used["orders"]
            promotion.used_units = used["units"]
            promotion.used_amount = used["amount"]
            parts = [used[name] / bound[name] for name in MEASURES if bound.get(name)]
            promotion.used_percent = min(100.0, 100 * max(parts, default=0.0))
            promotion.left_text = promotion._left_text(used, bound)

    def _used_in_all(self, states=COUNTING_STATES):
        """Return {measure: number} that sales, and reservations by default, hold now."""
        self.ensure_one()
        # Everybody who sees a promotion may see how much is left, not by whom it was taken.
        usage = self.env["retail.promotion.usage"].sudo()
        if not self._origin:
            return dict.fromkeys(MEASURES, 0)
        domain = [("promotion_id", "=", self._origin.id), ("state", "in", states)]
        sums = usage._read_group(domain, [], ["orders:sum", "units:sum"])[0]
        own = [*domain, ("currency_id", "=", self.currency_id.id)]
        amount = usage._read_group(own, [], ["amount:sum"])[0][0]
        return {"orders": sums[0], "units": sums[1], "amount": self.currency_id.round(amount)}

    def _left_text(self, used, bound):
        """Return what is left of the total limits, in words."""
        left = {name: max(0, bound[name] - used[name]) for name in MEASURES if bound.get(name)}
        texts = []
        if "orders" in left:
            texts.append(self.env._("%(count)s times", count=left["orders"]))
        if "units" in left:
            texts.append(self.env._("%(count)s pieces", count=left["units"]))
        if "amount" in left:
            texts.append(self.currency_id.format(left["amount"]))
        return ", ".join(texts)

    def _has_amounts(self):
        return bool(self.limit_budget) or super()._has_amounts()

    # === CONSTRAINT METHODS === #

    @api.constrains(*sorted(LIMIT_FIELDS))
    def _check_limits_cover_use(self):
        """A limit below what is used would have been broken before it was there."""
        for promotion in self.filtered("usage_ids"):
            limits = promotion._engine_limits(minor=False)
            for scope, measures in SCOPES.items():
                for name, measure in measures.items():
                    used = promotion._most_used(scope, measure) if name in limits else 0
                    if used > limits.get(name, 0):
                        promotion._refuse_limit(name, used)

    def _refuse_limit(self, name, used):
        field = self._fields[LIMITS[name]]
        raise ValidationError(
            self.env._(
                "%(promotion)s: %(used)s are used already, so %(limit)s can't be less.",
                promotion=self.name,
                used=self.currency_id.format(used) if name == "amount" else used,
                limit=field._description_string(self.env),
            )
        )

    def _most_used(self, scope, measure):
        """Return the highest count of a scope: of the store or member that took most."""
        usage = self.env["retail.promotion.usage"].sudo()
        domain = [("promotion_id", "=", self.id), ("state", "in", COUNTING_STATES)]
        if measure == "amount":
            domain.append(("currency_id", "=", self.currency_id.id))
        by = {"all": [], "store": ["store_id"], "member": ["partner_id", "day:day"]}[scope]
        sums = Counter()
        for *group, number in usage._read_group(domain, by, [f"{measure}:sum"]):
            sums[self._scope_key(scope, group)] += number
        sums.pop(None, None)
        return max(sums.values(), default=0)

    def _scope_key(self, scope, group):
        if scope == "all":
            return counter_key("all")
        if scope == "store":
            return counter_key("store", store=group[0].id)
        return counter_key(
            "member", member=group[0].id, period=self.limit_member_period, day=group[1]
        )

    def write(self, vals):
        result = super().write(vals)
        if (LIMIT_FIELDS | {"currency_id"}) & vals.keys():
            self.env["retail.promotion.counter"].sudo()._rebuild(self.filtered("usage_ids"))
        return result

    def _publishing_gaps(self):
        return super()._publishing_gaps() + self._limit_gaps()

    def _limit_gaps(self):
        limits = self._engine_limits()
        if self.reward_kind not in UNIT_REWARDS and any(name in limits for name in UNIT_LIMITS):
            return [
                self.env._(
                    "It takes its discount off the whole, which counts no pieces: limit times "
                    "or the budget, or choose a reward that counts pieces."
                )
            ]
        return []

    # === FOR THE ENGINE === #

    def _engine_limits(self, minor=True):
        """Return {the engine's limit: number} of the limits that are set.

        minor: the budget in minor units as the engine takes it, else in the currency.
        """
        self.ensure_one()
        limits = {name: self[field] for name, field in LIMITS.items() if self[field]}
        if minor and "amount" in limits:
            limits["amount"] = snapshot.to_minor(self.currency_id, limits["amount"])
        return limits

    @api.model
    @tools.ormcache("company_id")
    def _engine_limited(self, company_id):
        """Return {id: (limits, the member's period, rounding)} of live promotions with limits.

        Limits of one order alone are the engine's own affair: nothing is counted for them.
        """
        promotions = self.sudo().search(
            [
                ("company_id", "=", company_id),
                ("state", "in", LIVE_STATES),
                "|",
                "|",
                ("limit_orders", ">", 0),
                ("limit_units", ">", 0),
                "|",
                "|",
                ("limit_store_units", ">", 0),
                ("limit_budget", ">", 0),
                "|",
                ("limit_member_orders", ">", 0),
                ("limit_member_units", ">", 0),
            ]
        )
        return {
            promotion.id: (
                promotion._engine_limits(),
                promotion.limit_member_period,
                promotion.currency_id.rounding,
            )
            for promotion in promotions
        }

    @api.model
    def _limits_used(self, company, cart, own=None):
        """Return the engine's `used`: what the ledger holds of the company's live promotions.

        cart: the engine's, for its store, member and day. own: rows of the ledger that the
        basket holds itself, which are not counted.
        """
        limited = self._engine_limited(company.id)
        if not limited:
            return {}
        places = {
            promotion_id: {
                name: (counter_key(scope, **_place(cart, period)), measure)
                for scope, measures in SCOPES.items()
                for name, measure in measures.items()
                if name in limits
            }
            for promotion_id, (limits, period, _rounding) in limited.items()
        }
        keys = {key for place in places.values() for key, _measure in place.values() if key}
        taken = self.env["retail.promotion.counter"].sudo()._read_taken(list(places), list(keys))
        for row in own or ():
            counted = row._counted()
            for key in row._counter_bounds().keys() & keys:
                counter = taken.setdefault((row.promotion_id.id, key), dict.fromkeys(MEASURES, 0))
                for measure in MEASURES:
                    counter[measure] -= counted[measure]
        used = {}
        for promotion_id, place in places.items():
            rounding = limited[promotion_id][2]
            used[str(promotion_id)] = {
                name: _whole(measure, taken.get((promotion_id, key), {}).get(measure, 0), rounding)
                for name, (key, measure) in place.items()
                if key
            }
        return used

    def action_view_usage(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_promo.retail_promotion_usage_action"
        )
        return {**action, "domain": [("promotion_id", "=", self.id)], "context": {}}


def _whole(measure, number, rounding):
    """Return a count as the engine takes it: a whole number, never below zero."""
    return max(0, round(number / rounding) if measure == "amount" else number)


def _place(cart, period):
    """Return where a cart's use is counted, see promotion_limits.counter_key."""
    member = cart.get("member") or {}
    return {
        "store": cart.get("store"),
        "member": member.get("id"),
        "period": period,
        "day": date.fromisoformat(cart["now"][:10]),
    }
