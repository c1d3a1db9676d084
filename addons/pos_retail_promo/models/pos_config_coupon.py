"""Coupons at the till: a code is checked online and held for the order that wants to use it."""

from odoo import fields, models
from odoo.addons.retail_promo.models import promotion_snapshot as snapshot
from odoo.addons.retail_promo.models.promotion_reasons import REASONS
from odoo.addons.retail_promo.models.retail_promotion_engine import LIVE_STATES

from .pos_config_limit import RESERVED_SECONDS


class PosConfig(models.Model):
    _inherit = "pos.config"

    # === CALLED BY TILLS === #

    def retail_promo_coupon(self, order_uuid, code, partner_id=False):
        """Check a code for an open order and hold its coupon for it, for some minutes.

        Returns False for a code that isn't ours, {"error": text}, or {"code", "promotion",
        "token": the engine's code, "reasons": {the engine's reason: text}}.
        """
        self._retail_promo_check_till()
        coupon = self.env["loyalty.card"]._retail_coupon_of(code, self.company_id)
        if not coupon:
            return False
        promotion = coupon.retail_promotion_id
        if promotion.state not in LIVE_STATES:
            return {
                "error": self.env._(
                    "%(promotion)s is %(state)s: its coupons don't hold now.",
                    promotion=promotion.name,
                    state=promotion._state_text(),
                )
            }
        error = self._retail_promo_hold_coupon(coupon, order_uuid, partner_id)
        if error:
            return {"error": error}
        return {
            "code": coupon.code,
            "promotion": promotion.id,
            "token": snapshot.coupon_token(promotion),
            "reasons": {reason: self.env._(text) for reason, text in REASONS.items()},
        }

    def retail_promo_coupons(self, order_uuid, codes, partner_id=False):
        """Check the coupons of an order again before its payment opens, and hold them longer.

        Returns {code: text} of those that it can't use any more.
        """
        self._retail_promo_check_till()
        cards = self.env["loyalty.card"]
        errors = {}
        for code in sorted(codes):
            coupon = cards._retail_coupon_of(code, self.company_id)
            error = self._retail_promo_hold_coupon(coupon, order_uuid, partner_id)
            if error:
                errors[code] = error
        return errors

    def retail_promo_coupon_free(self, order_uuid):
        """An order doesn't want its coupons any more."""
        self._retail_promo_check_till()
        self.env["loyalty.card"]._retail_free([self._retail_promo_document(order_uuid)])
        return True

    # === HELPERS === #

    def _retail_promo_hold_coupon(self, coupon, order_uuid, partner_id):
        """Hold a coupon for an order; return the reason why that can't be, None when it's done."""
        document = self._retail_promo_document(order_uuid)
        partner = self.env["res.partner"].sudo().browse(partner_id or []).exists()
        coupon._retail_lock()
        reason = coupon._retail_refusal(fields.Datetime.now(), partner, document)
        if reason:
            return coupon._retail_refusal_text(reason)
        coupon._retail_hold(document, RESERVED_SECONDS, partner)
        return None
