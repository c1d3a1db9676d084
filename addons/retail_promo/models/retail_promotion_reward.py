"""How much a promotion gives: the fields of every reward, their checks, and the engine's form."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from . import promotion_snapshot as snapshot
from .promotion_words import amount_off_text, percent_text, reward_text

# Part of the rules: see RULE_FIELDS.
REWARD_FIELDS = frozenset(
    {
        "reward_kind",
        "percent",
        "reward_amount",
        "per_amount",
        "reward_price",
        "group_size",
        "group_count",
        "cross_gives",
        "gift_ids",
        "max_times",
        "tier_by",
        "tier_mode",
        "tier_ids",
        "max_discount",
        "reward_points",
        "points_by",
    }
)
BY_LINE_KINDS = ("percent", "price")
GROUP_LEAST = 2  # pieces of which some get cheaper, or which cost a price together


class RetailPromotion(models.Model):
    _inherit = "retail.promotion"

    reward_kind = fields.Selection(
        [
            ("percent", "Percent off"),
            ("amount", "Amount off"),
            ("every", "Amount off for every so much spent"),
            ("tiers", "Steps: spend more, save more"),
            ("nth", "Nth piece cheaper or free"),
            ("bundle", "So many pieces for a price"),
            ("price", "Fixed price"),
            ("cross", "Buy some, get others cheaper"),
            ("gift", "Gift"),
            ("delivery", "Free delivery"),
            ("points", "Extra points"),
        ],
        string="Reward",
        required=True,
        default="percent",
    )
    percent = fields.Float(digits=(5, 2), help="100: free.")
    reward_amount = fields.Monetary(
        string="Amount Off", help="Never more than the products cost that it lies on."
    )
    per_amount = fields.Monetary(string="For Every", help="Each time this much is spent.")
    reward_price = fields.Monetary(
        string="Price", help="As customers pay it, with or without tax as the company counts."
    )
    group_size = fields.Integer(
        string="Pieces Bought",
        default=lambda self: GROUP_LEAST,
        help="How many pieces make one group. For a gift, 0 means one time per order.",
    )
    group_count = fields.Integer(
        string="Pieces Given", default=1, help="How many pieces each group gets cheaper or free."
    )
    cross_gives = fields.Selection(
        [("percent", "Percent off"), ("price", "A fixed price")],
        string="They Get",
        required=True,
        default="percent",
    )
    gift_ids = fields.One2many(
        "retail.promotion.gift",
        "promotion_id",
        string="Gifts",
        copy=True,
        help="The first one that is in stock is given.",
    )
    max_times = fields.Integer(
        string="Times per Order", help="How often one order can get it. 0: as often as it fits."
    )
    tier_by = fields.Selection(
        [("amount", "Amount"), ("qty", "Quantity")],
        string="Steps By",
        required=True,
        default="amount",
    )
    tier_mode = fields.Selection(
        [("best_step", "The highest step reached"), ("each_step", "Every step reached")],
        string="Customer Gets",
        required=True,
        default="best_step",
    )
    tier_ids = fields.One2many("retail.promotion.tier", "promotion_id", string="Steps", copy=True)
    max_discount = fields.Monetary(
        string="At Most", help="The discount of one order never exceeds this. 0: no cap."
    )
    reward_points = fields.Integer(
        string="Points", help="For members; they count for the company's points program."
    )
    points_by = fields.Selection(
        [("order", "An order"), ("spent", "Every 100 spent")],
        string="Points For",
        required=True,
        default="order",
    )
    reward_text = fields.Char(string="In Words", compute="_compute_reward_text")

    _percent_range = models.Constraint(
        "CHECK(percent >= 0 AND percent <= 100)", "A percentage lies between 0 and 100."
    )
    _amounts = models.Constraint(
        "CHECK(reward_amount >= 0 AND per_amount >= 0 AND reward_price >= 0 AND max_discount >= 0)",
        "Amounts, prices and caps can't be negative.",
    )
    _counts = models.Constraint(
        "CHECK(group_size >= 0 AND group_count >= 0 AND max_times >= 0)",
        "Numbers of pieces and times can't be negative.",
    )

    # === IN WORDS === #

    @api.depends(
        "currency_id",
        "tier_ids.at",
        "tier_ids.gives",
        "tier_ids.amount",
        "tier_ids.percent",
        "gift_ids.product_id",
        *(REWARD_FIELDS - {"max_discount", "tier_mode"}),
    )
    @api.depends_context("lang")
    def _compute_reward_text(self):
        for promotion in self:
            text = reward_text(self.env, promotion.currency_id, promotion._engine_reward())
            promotion.reward_text = text[:1].upper() + text[1:]

    def _gain_text(self, tier):
        """Return what a step gives, in words."""
        if tier.gives == "rate":
            return percent_text(self.env, tier.percent)
        return amount_off_text(self.env, self.currency_id, tier.amount)

    def _hinted_gain_text(self, at):
        """Return what a hint leads to: the step at a threshold in engine units, or it all."""
        for tier in self.tier_ids if at else ():
            if snapshot.tier_at(self, tier) == at:
                return self._gain_text(tier)
        return self.reward_text

    # === THE ENGINE'S FORM === #

    @api.model
    def _rule_fields(self):
        return super()._rule_fields() | REWARD_FIELDS

    def _has_amounts(self):
        return super()._has_amounts() or bool(self.max_discount) or self._reward_has_amounts()

    def _reward_has_amounts(self):
        self.ensure_one()
        if self.reward_kind == "tiers":
            by_amount = any(tier.gives == "amount" for tier in self.tier_ids)
            return self.tier_by == "amount" or by_amount
        if self.reward_kind == "cross":
            return self.cross_gives == "price"
        if self.reward_kind == "points":
            return self.points_by == "spent"
        return self.reward_kind in ("amount", "every", "bundle", "price")

    def _engine_reward(self):
        """Return the reward in the engine's form."""
        self.ensure_one()
        return snapshot.reward_dict(self)

    # === CHECKS === #

    @api.constrains("group_id", "reward_kind")
    def _check_group_mode(self):
        for promotion in self:
            if (
                promotion.group_id.mode == "best_line"
                and promotion.reward_kind not in BY_LINE_KINDS
            ):
                raise ValidationError(
                    self.env._(
                        "%(name)s: a group where the best promotion wins on each line takes "
                        "percentages and fixed prices only.",
                        name=promotion.name,
                    )
                )

    @api.constrains("reward_kind", "reward_amount", "per_amount", "min_amount")
    def _check_amounts(self):
        for promotion in self:
            threshold = {
                "amount": promotion.min_amount,
                "every": promotion.per_amount,
            }.get(promotion.reward_kind)
            if threshold and promotion.reward_amount > threshold:
                raise ValidationError(
                    self.env._(
                        "%(name)s can't take %(amount)s off from %(threshold)s: that is more "
                        "than the customer spends.",
                        name=promotion.name,
                        amount=promotion.currency_id.format(promotion.reward_amount),
                        threshold=promotion.currency_id.format(threshold),
                    )
                )

    @api.constrains("reward_kind", "group_size", "group_count")
    def _check_group_size(self):
        for promotion in self:
            size, count = promotion.group_size, promotion.group_count
            if promotion.reward_kind == "nth" and size and count >= size:
                raise ValidationError(
                    self.env._(
                        "%(name)s: of %(size)s pieces, fewer than %(size)s can be cheaper. To "
                        "discount all of them choose a percentage.",
                        name=promotion.name,
                        size=size,
                    )
                )

    @api.constrains("reward_kind", "tier_by", "tier_mode", "tier_ids")
    def _check_tiers(self):
        self.tier_ids._check_reward()
        for promotion in self.filtered(lambda promotion: promotion.reward_kind == "tiers"):
            promotion._check_step_order()

    def _check_step_order(self):
        """Refuse a higher step that gives less, and sums beyond what is spent."""
        steps = self.tier_ids.sorted("at")
        given = 0.0
        for lower, step in zip(steps, steps[1:], strict=False):
            if (
                self.tier_mode == "best_step"
                and lower.gives == step.gives
                and max(step.amount, step.percent) < max(lower.amount, lower.percent)
            ):
                raise ValidationError(
                    self.env._(
                        "The step from %(at)s gives less than the one from %(lower)s.",
                        at=step.at,
                        lower=lower.at,
                    )
                )
        if self.tier_mode == "each_step" and self.tier_by == "amount":
            for step in steps.filtered(lambda step: step.gives == "amount"):
                given += step.amount
                if given > step.at:
                    raise ValidationError(
                        self.env._(
                            "At %(at)s the steps reached take %(amount)s off together: that is "
                            "more than the customer spends.",
                            at=step.at,
                            amount=given,
                        )
                    )

    def _reward_gaps(self):
        """Return what is missing in the reward, one sentence each."""
        self.ensure_one()
        return [text for missing, text in self._reward_needs() if missing]

    def _reward_needs(self):
        """Return [(is it missing, how to say so)] of the kind of reward."""
        _ = self.env._
        kind = self.reward_kind
        percent = (not self.percent, _("Say how many percent it takes off."))
        amount = (not self.reward_amount, _("Say which amount it takes off."))
        price = (not self.reward_price, _("Say the price."))
        size = (self.group_size < GROUP_LEAST, _("A group has at least two pieces."))
        count = (not self.group_count, _("Say how many pieces it gives."))
        no_target = kind == "cross" and self.target_scope == "same"
        return {
            "percent": [percent],
            "amount": [amount],
            "every": [amount, (not self.per_amount, _("Say for every how much."))],
            "tiers": [(not self.tier_ids, _("Add at least one step."))],
            "nth": [percent, size, count],
            "bundle": [price, size],
            "price": [price],
            "cross": [
                percent if self.cross_gives == "percent" else price,
                (not self.group_size, _("Say how many pieces are to be bought.")),
                count,
                (no_target, _("Say which other products get cheaper.")),
            ],
            "gift": [count, (not self.gift_ids, _("Add at least one gift."))],
            "delivery": [],
            "points": [(self.reward_points < 1, _("Say how many points it gives."))],
        }[kind]
