"""Points of sales orders: earned by class and promotion, used in part, back with the goods."""

from collections import defaultdict

from odoo import fields, models
from odoo.tools import float_compare, float_round

from .loyalty_card_points import NOTE, POINT_DIGITS
from .promotion_snapshot import member_of

REWARD_DIGITS = 2  # as of 'Product Unit'


class SaleOrder(models.Model):
    _inherit = "sale.order"

    retail_promo_points = fields.Json(
        copy=False, help="Extra points that promotions give: {promotion id as text: points}."
    )
    retail_points_most = fields.Integer(
        string="Use Points at Most",
        copy=False,
        help="How many points the customer wants to pay with. 0: as many as the order takes.",
    )

    retail_points_sale = fields.Json(
        string="Points When Sold",
        copy=False,
        help="What was sold, for points that come back: {goods: their amount with tax, rewards: "
        "{line id as text: quantity}}.",
    )
    retail_member_points = fields.Float(
        related="partner_id.retail_points", string="Customer's Points"
    )

    _retail_points_most_positive = models.Constraint(
        "CHECK(retail_points_most >= 0)", "One can't use less than no points."
    )

    # === EARNING === #

    def _program_check_compute_points(self, programs):
        """Members of better classes collect more."""
        result = super()._program_check_compute_points(programs)
        times = self._retail_points_multiplier()
        if times != 1.0:
            for program, told in result.items():
                if program.program_type == "loyalty" and told.get("points"):
                    told["points"] = [
                        float_round(points * times, POINT_DIGITS) for points in told["points"]
                    ]
        return result

    def _retail_points_multiplier(self):
        member = member_of(self.partner_id)
        # Who sells need not read the class.
        return member.sudo().retail_class_id.points_multiplier if member.retail_class_id else 1.0

    # === USING === #

    def _discountable_order(self, reward):
        """Points pay a share of the bill at most, and no more points than the customer wants."""
        discountable, per_tax = super()._discountable_order(reward)
        if reward.program_id.program_type != "loyalty" or not discountable:
            return discountable, per_tax
        most = self._retail_points_pay_most(reward, discountable)
        part = max(0.0, min(1.0, most / discountable))
        return discountable * part, {taxes: amount * part for taxes, amount in per_tax.items()}

    def _retail_points_pay_most(self, reward, discountable):
        """Return how much of what is left of the bill a reward may still take off."""
        claimed = self.order_line.filtered(lambda line: line.reward_id == reward)
        already = -sum(claimed.mapped("price_total"))
        most = discountable
        if reward.retail_bill_percent:
            share = reward.retail_bill_percent / 100.0
            most = min(most, (discountable + already) * share - already)
        if self.retail_points_most and reward.discount_mode == "per_point":
            most = min(most, self.retail_points_most * reward.discount - already)
        return most

    # === CONFIRMING AND CANCELLING === #

    def action_confirm(self):
        if len(self) > 1 and any(order._retail_points_cards() for order in self):
            # Stock adds up the points of orders that are confirmed together; each has its own.
            for order in self:
                order.action_confirm()
            return True
        orders = self
        if len(self) == 1:
            note = self._retail_points_note(self.env._("Purchase"))
            orders = self.with_context(**{NOTE: note})
        result = super(SaleOrder, orders).action_confirm()
        for order in self.filtered(lambda order: order.state == "sale"):
            note = order._retail_points_note(self.env._("Purchase"))
            for card, (earned, used) in order._retail_points_cards().items():
                card._retail_split(earned, used, **note)
        return result

    def _action_confirm(self):
        result = super()._action_confirm()
        for order in self:
            order.retail_points_sale = order._retail_points_sale_values()
            order._retail_points_settle()
        return result

    def _retail_points_sale_values(self):
        """Return what tells later which part of the sale is kept, False without points."""
        if not (self.retail_promo_points or self._retail_points_cards()):
            return False
        rewards = self._retail_points_rewards()
        return {
            "goods": sum(self._retail_promo_goods().mapped("price_total")),
            "rewards": {str(line.id): line.product_uom_qty for line in rewards},
        }

    def _retail_points_rewards(self):
        """Return the lines that were paid with points of a points program."""
        # Whoever sells needs no right on loyalty cards.
        lines = self.sudo().order_line.filtered(lambda line: line.reward_id and line.coupon_id)
        return lines.filtered(lambda line: line.coupon_id.program_type == "loyalty")

    def _action_cancel(self):
        sold = self.filtered(lambda order: order.state == "sale")
        if len(self) > 1 and any(order._retail_points_cards() for order in sold):
            for order in self:
                order._action_cancel()
            return True
        cards = {order: order._retail_points_cards() for order in sold}
        note = {"up": "used", "down": "clawed"}
        if len(self) == 1:
            note.update(self._retail_points_note(self.env._("Cancelled")))
        result = super(SaleOrder, self.with_context(**{NOTE: note}))._action_cancel()
        for order, changes in cards.items():
            for card, (earned, used) in changes.items():
                card._retail_split(used, earned, **note)
                card._retail_points_to(order._retail_promo_key(), 0.0, order.name)
                card._retail_points_used_to(order._retail_promo_key(), 0.0, order.name)
                card._retail_follow_merge()
            order._retail_points_settle(kept=0.0)
        return result

    def _retail_points_note(self, reason):
        return {"document": self._retail_promo_key(), "name": self.name, "reason": reason}

    def _retail_points_cards(self):
        """Return {card: (points earned, points used)} of the order, for points programs."""
        changes = defaultdict(lambda: [0.0, 0.0])
        # Whoever sells needs no right on loyalty cards.
        for entry in self.sudo().coupon_point_ids:
            changes[entry.coupon_id][0] += entry.points
        for line in self.sudo().order_line:
            if line.reward_id and line.coupon_id:
                changes[line.coupon_id][1] += line.points_cost
        return {
            card: tuple(change)
            for card, change in changes.items()
            if card.program_type == "loyalty"
        }

    def _retail_points_settle(self, kept=1.0):
        """Make the extra points of promotions what is due for the part of the goods kept."""
        self.ensure_one()
        member = member_of(self.partner_id)
        promised = self.retail_promo_points or {}
        program = promised and self.company_id._retail_points_program()
        if not program or not member:
            return
        card = member._retail_point_card(program)
        # What a promotion is called is no secret.
        promotions = self.env["retail.promotion"].sudo()
        for key, points in promised.items():
            card._retail_points_to(
                f"{self._retail_promo_key()},{key}",
                float_round(points * kept, POINT_DIGITS),
                self.name,
                promotions.browse(int(key)).name,
            )

    # === COMING BACK === #

    def _retail_points_follow_credit(self):
        """Goods came back, or were invoiced after all: points are what the kept goods earn.

        What was paid with points comes back as points, as far as it was taken off the refund.
        """
        self.ensure_one()
        cards = self._retail_points_cards()
        if self.state != "sale" or not (cards or self.retail_promo_points):
            return
        kept = self._retail_points_kept()
        key = self._retail_promo_key()
        used = self._retail_points_still_used()
        for card, (earned, _used) in cards.items():
            target = float_round(earned * kept, POINT_DIGITS)
            card._retail_points_to(key, target, self.name)
            card._retail_points_used_to(key, used.get(card, 0.0), self.name)
            card._retail_follow_merge()
        self._retail_points_settle(kept)

    def _retail_points_kept(self):
        """Return the part of what the goods cost that the customer keeps, 1 for all of it."""
        goods = self._retail_promo_goods().filtered("product_uom_qty")
        whole = self._retail_points_goods_amount()
        if not whole:
            return 1.0
        kept = sum(
            line.price_total * line._retail_promo_kept_qty() / line.product_uom_qty
            for line in goods
        )
        return max(0.0, min(1.0, kept / whole))

    def _retail_points_goods_amount(self):
        """Return what the goods cost when they were sold, with tax and before promotions."""
        sold = (self.retail_points_sale or {}).get("goods")
        return sold or sum(self._retail_promo_goods().mapped("price_total"))

    def _retail_points_still_used(self):
        """Return {card: points} that stay used: the part of the rewards that wasn't credited."""
        used = defaultdict(float)
        rewards = self._retail_points_rewards()
        for line_set in rewards.grouped(
            lambda line: (line.coupon_id, line.reward_identifier_code)
        ).values():
            # A discount has a line per set of taxes, and its cost on one of them.
            whole = kept = 0.0
            for line in line_set:
                price = abs(line.price_unit) or 1.0
                whole += price * line._retail_points_sold_qty()
                kept += price * line._retail_promo_kept_qty()
            cost = sum(line_set.mapped("points_cost"))
            part = min(1.0, kept / whole) if whole else 1.0
            used[line_set.coupon_id] += float_round(cost * part, POINT_DIGITS)
        return used

    # === ORDERED LESS === #

    def _retail_points_ordered_less(self):
        """Less of a confirmed order is wanted: points pay the same part of what is left.

        Without it, goods that were paid with points would come back as money.
        """
        self.ensure_one()
        ordered = sum(self._retail_promo_goods().mapped("price_total"))
        whole = self._retail_points_goods_amount()
        part = max(0.0, min(1.0, ordered / whole)) if whole else 1.0
        for line in self._retail_points_rewards():
            if line.reward_id.reward_type != "discount":
                continue
            qty = float_round(
                line._retail_points_sold_qty() * part,
                precision_digits=REWARD_DIGITS,
                rounding_method="DOWN",  # points never pay more than is left of the bill
            )
            if float_compare(qty, line.product_uom_qty, REWARD_DIGITS):
                line.product_uom_qty = qty
        self._retail_points_follow_credit()
