"""Coupons on sales orders: their codes are entered, used up with the order, and come back."""

from odoo import fields, models
from odoo.exceptions import RedirectWarning, UserError

from . import promotion_snapshot as snapshot
from .retail_promotion_engine import LIVE_STATES
from .sale_order import OPEN_STATES
from .sale_order_return import OPEN_REJECTIONS


class SaleOrder(models.Model):
    _inherit = "sale.order"

    retail_coupon_ids = fields.Many2many(
        "loyalty.card",
        "retail_sale_order_coupon_rel",
        "order_id",
        "card_id",
        string="Coupons",
        copy=False,
        help="Entered on this order. Those that give something are used up when it is confirmed.",
    )

    # === WHAT THE ENGINE IS TOLD === #

    def _retail_coupon_codes(self, moment):
        """Return the engine's codes of the coupons that hold for the order.

        moment: naive UTC.
        """
        if not self.env["retail.promotion"]._engine_needs_coupons(self.company_id.id):
            return []
        good = self.retail_coupon_ids.filtered(
            lambda coupon: not self._retail_coupon_refusal(coupon, moment)
        )
        return sorted({snapshot.coupon_token(coupon.retail_promotion_id) for coupon in good})

    def _retail_coupon_refusal(self, coupon, moment):
        return coupon._retail_refusal(moment, self.partner_id, self._retail_promo_key())

    # === ENTERING A CODE === #

    def _try_apply_code(self, code):
        """Take codes of ours; all others are stock loyalty's."""
        coupon = self.env["loyalty.card"]._retail_coupon_of(code, self.company_id)
        if not coupon:
            return super()._try_apply_code(code)
        try:
            self._retail_coupon_enter(coupon)
        except UserError as error:
            return {"error": str(error)}
        return {}

    def _retail_coupon_enter(self, coupon):
        """Put a coupon on the order, or raise UserError with the reason why it doesn't hold.

        Returns a sentence when it holds but gives nothing yet, as when too little is bought.
        """
        self.ensure_one()
        self._retail_coupon_check_place(coupon)
        reason = self._retail_coupon_refusal(coupon, fields.Datetime.now())
        if reason:
            raise UserError(coupon._retail_refusal_text(reason))
        # The code was given: its card is nothing that the user must see otherwise.
        self.sudo()._retail_promo_held().retail_coupon_ids |= coupon
        rejected = self._retail_coupon_rejection(coupon.retail_promotion_id)
        if rejected and rejected["reason"] not in OPEN_REJECTIONS:
            self._retail_promo_held().retail_coupon_ids -= coupon
            raise UserError(
                self.env._(
                    "Coupon %(code)s doesn't hold for this order. %(reason)s",
                    code=coupon.code,
                    reason=rejected["text"],
                )
            )
        self._retail_promo_apply()
        return rejected and self.env._(
            "Coupon %(code)s is on the order, but gives nothing yet. %(reason)s",
            code=coupon.code,
            reason=rejected["text"],
        )

    def _retail_coupon_check_place(self, coupon):
        """Refuse a coupon on an order that can take none, or not this one."""
        promotion = coupon.retail_promotion_id
        text = None
        if self.state not in OPEN_STATES or self.locked:
            text = self.env._(
                "%(order)s is confirmed: it keeps the price it was agreed at.", order=self.name
            )
        elif coupon in self.retail_coupon_ids:
            text = self.env._("Coupon %(code)s is on this order already.", code=coupon.code)
        elif promotion in self.retail_coupon_ids.retail_promotion_id:
            text = self.env._(
                "%(promotion)s takes one coupon per order, and the order has one.",
                promotion=promotion.name,
            )
        elif promotion.state not in LIVE_STATES:
            text = self.env._(
                "%(promotion)s is %(state)s: its coupons don't hold now.",
                promotion=promotion.name,
                state=promotion._state_text(),
            )
        if text:
            raise UserError(text)

    def _retail_coupon_rejection(self, promotion):
        """Return {reason, text} why a promotion doesn't apply, None when it does."""
        outcome = self._retail_promo_outcome(explain=True) or {"rejected": [], "hints": []}
        hints = {hint["program"]: hint for hint in outcome["hints"]}
        for entry in outcome["rejected"]:
            if entry["program"] == promotion.id:
                why = self.env["retail.promotion.why"]
                text = why._rejected_values(self, promotion.id, entry["reason"], hints)["reason"]
                return {"reason": entry["reason"], "text": text}
        return None

    # === USING === #

    def _retail_coupons_taken(self):
        """Return the coupons that give something on the order."""
        taken = {entry["program"] for entry in self.retail_promo_taken or []}
        # Whoever confirms needs no right on loyalty cards.
        coupons = self.sudo().retail_coupon_ids
        return coupons.filtered(lambda coupon: coupon.retail_promotion_id.id in taken)

    def action_confirm(self):
        moment = self._prepare_confirmation_values().get("date_order")
        for order in self:
            if not order._retail_promo_agreed():
                order._retail_coupon_check(moment)
        return super().action_confirm()

    def _retail_coupon_check(self, moment):
        """Don't confirm at another price than the one shown because a coupon is gone."""
        for coupon in self._retail_coupons_taken():
            reason = self._retail_coupon_refusal(coupon, moment)
            if reason:
                raise RedirectWarning(
                    self.env._(
                        "%(order)s isn't confirmed. %(reason)s Update the order, tell the "
                        "customer the new total, and confirm again.",
                        order=self.name,
                        reason=coupon._retail_refusal_text(reason),
                    ),
                    self.env.ref("retail_promo.action_sale_order_update_promotions").id,
                    self.env._("Update the Order"),
                    {"active_model": self._name, "active_id": self.id, "active_ids": self.ids},
                )

    def action_retail_promo_update(self):
        """Coupons that don't hold any more leave the order."""
        now = fields.Datetime.now()
        for order in self.filtered("retail_coupon_ids"):
            gone = order.sudo().retail_coupon_ids.filtered(
                lambda coupon, order=order: order._retail_coupon_refusal(coupon, now)
            )
            order._retail_promo_held().retail_coupon_ids -= gone
        return super().action_retail_promo_update()

    def _action_confirm(self):
        result = super()._action_confirm()
        for order in self:
            order._retail_coupon_use(order._retail_promo_agreed())
        return result

    def _retail_coupon_use(self, force):
        """Use up the coupons that gave something; what was signed or paid stands."""
        coupons = self._retail_coupons_taken()
        if not coupons:
            return
        used = coupons._retail_use(
            self._retail_promo_key(), self.name, self.partner_id, self.date_order, force
        )
        lost = (coupons - used).retail_promotion_id
        if lost:
            self._retail_promo_file_over(lost)

    # === COMING BACK === #

    def _action_cancel(self):
        result = super()._action_cancel()
        self.env["loyalty.card"]._retail_return([order._retail_promo_key() for order in self])
        return result

    def _retail_promo_follow_credit(self, move):
        super()._retail_promo_follow_credit(move)
        if not self.retail_coupon_ids:
            return
        kept = self._retail_promo_kept()
        if kept and not any(kept.values()):
            self.env["loyalty.card"]._retail_return([self._retail_promo_key()])
        else:
            # Invoiced after all: the coupon is used again, unless somebody else has it now.
            self._retail_coupons_taken()._retail_use(
                self._retail_promo_key(), self.name, self.partner_id, self.date_order, force=True
            )
