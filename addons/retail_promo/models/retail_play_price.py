"""What a draw costs, and how often a member may draw."""

from odoo import fields, models
from odoo.tools import SQL

PRICE_FIELDS = {"price_kind", "price_points", "min_amount", "draws_per_day", "draws_per_member"}


class RetailPlayMixin(models.AbstractModel):
    _inherit = "retail.play.mixin"

    price_kind = fields.Selection(
        [
            ("free", "Nothing"),
            ("points", "Points"),
            ("order", "A paid order"),
        ],
        string="A Draw Costs",
        required=True,
        default="free",
    )
    price_points = fields.Integer(string="Points per Draw", default=100)
    min_amount = fields.Monetary(
        string="Order From",
        help="Each order or receipt of the member in its time that is paid and "
        "not less than this, tax included and less returns, gives one draw.",
    )
    draws_per_day = fields.Integer(
        string="Draws a Day", default=1, help="Of one member, by the company's clock. 0: no limit."
    )
    draws_per_member = fields.Integer(
        string="Draws in All", help="Of one member while it lasts. 0: no limit."
    )

    _limits_positive = models.Constraint(
        "CHECK(draws_per_day >= 0 AND draws_per_member >= 0 AND min_amount >= 0)",
        "Limits can't be negative.",
    )
    _price_positive = models.Constraint(
        "CHECK(price_kind != 'points' OR price_points > 0)", "A draw costs at least one point."
    )

    def _play_rule_fields(self):
        return super()._play_rule_fields() | PRICE_FIELDS

    def _play_gaps(self):
        gaps = super()._play_gaps()
        if self._play_with_points() and not self._points_program():
            gaps.append(self.env._("Points need a points program: ask the administrator for one."))
        return gaps

    def _play_with_points(self):
        """Tell whether members pay or win points."""
        return self.price_kind == "points"

    def _play_price_text(self):
        """Return what a draw costs, in words."""
        if self.price_kind == "points":
            return self.env._("%(points)s points", points=self.price_points)
        if self.price_kind == "order":
            return self.env._(
                "a paid order from %(amount)s", amount=self.currency_id.format(self.min_amount)
            )
        return self.env._("nothing")

    def _play_often_refusal(self, member):
        """Return why the member has drawn often enough, None when it hasn't."""
        draws = self._play_draws().sudo()
        own = [("campaign_id", "=", self.id), ("partner_id", "=", member.id)]
        if self.draws_per_member and draws.search_count(own) >= self.draws_per_member:
            return self.env._(
                "%(member)s has used all draws of %(name)s.", member=member.name, name=self.name
            )
        today = [*own, ("day", "=", self._play_today())]
        if self.draws_per_day and draws.search_count(today) >= self.draws_per_day:
            return self.env._("%(member)s has used the draws of today.", member=member.name)
        return None

    def _play_price_values(self, member):
        """Return what of the price a draw keeps."""
        return {
            "basket": self._unused_basket(member) if self.price_kind == "order" else False,
            "points_paid": self.price_points if self.price_kind == "points" else 0,
        }

    def _points_program(self):
        return self.company_id._retail_points_program()

    def _play_price_refusal(self, member):
        """Return why the member can't pay for a draw, None when it can."""
        _ = self.env._
        if self.price_kind == "points":
            has = self._points_of(member)
            if has < self.price_points:
                return _(
                    "Not enough points: %(member)s has %(has)s, and a draw costs %(price)s.",
                    member=member.name,
                    has=f"{has:g}",
                    price=self.price_points,
                )
        if self.price_kind == "order" and not self._unused_basket(member):
            return _(
                "%(member)s has no paid order from %(amount)s left that gives a draw.",
                member=member.name,
                amount=self.currency_id.format(self.min_amount),
            )
        return None

    def _points_of(self, member):
        cards = self.env["loyalty.card"].sudo()
        program = self._points_program()
        domain = [("partner_id", "=", member.id), ("program_id", "=", program.id)]
        return sum(cards.search(domain).mapped("points"))

    def _unused_basket(self, member):
        """Return the first paid basket of the member that gives a draw and gave none yet."""
        baskets = self.env["retail.paid.basket"]._find(
            member, self.company_id, self.date_from, self.date_to
        )
        used = {
            basket
            for (basket,) in self.env.execute_query(
                SQL(
                    "SELECT basket FROM %s WHERE campaign_id = %s AND basket = ANY(%s)",
                    SQL.identifier(self._play_draws()._table),
                    self.id,
                    [basket["basket"] for basket in baskets],
                )
            )
        }
        for basket in baskets:
            enough = self.currency_id.compare_amounts(basket["left"], self.min_amount) >= 0
            if enough and basket["left"] > 0 and basket["basket"] not in used:
                return basket["basket"]
        return None
