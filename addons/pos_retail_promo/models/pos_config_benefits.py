"""What the customer of an open order has: coupons, and offers that points buy, each with the
reason why it can't be had now."""

from odoo import fields, models
from odoo.addons.retail_promo.models.promotion_snapshot import member_of
from odoo.addons.retail_promo.models.retail_promotion_engine import LIVE_STATES
from odoo.exceptions import UserError
from odoo.tools import float_compare, format_date

MOST = 30  # coupons and offers that a cashier looks through


class PosConfig(models.Model):
    _inherit = "pos.config"

    # === CALLED BY TILLS === #

    def retail_promo_benefits(self, order_uuid, partner_id):
        """Return what a customer has: {coupons: [{code, name, until, error}], offers: [{id,
        name, points, left, error}]}; error: why it can't be had now, else False.

        Coupons that are over soonest come first.
        """
        self._retail_promo_check_till()
        partner = self._retail_benefits_partner(partner_id)
        if not member_of(partner):
            return {"coupons": [], "offers": []}
        return {
            "coupons": self._retail_benefits_coupons(order_uuid, partner),
            "offers": self._retail_benefits_offers(partner),
        }

    def retail_promo_redeem(self, offer_id, partner_id, key):
        """Redeem a points offer for the customer; key: of the request, so that it is done once.

        Returns {error: text}, or {text, code: of the coupon or False}.
        """
        self._retail_promo_check_till()
        # Cashiers have no right on offers beside this one.
        offer = self.env["retail.points.offer"].sudo().browse(offer_id).exists()
        if offer.company_id != self.company_id:
            return {"error": self.env._("This offer is gone. Open the list again.")}
        partner = self._retail_benefits_partner(partner_id)
        try:
            with self.env.cr.savepoint():
                redemption = offer._redeem(partner, self._retail_promotion_store(), key)
        except UserError as error:
            return {"error": str(error)}
        return {"text": self._retail_benefits_told(redemption), "code": redemption.coupon_id.code}

    # === HELPERS === #

    def _retail_benefits_partner(self, partner_id):
        # The till names the customer; what the customer has is told to the till only.
        partner = self.env["res.partner"].sudo().browse(partner_id or []).exists()
        return partner.with_company(self.company_id)

    def _retail_benefits_coupons(self, order_uuid, partner):
        document = self._retail_promo_document(order_uuid)
        now = fields.Datetime.now()
        coupons = (
            self.env["loyalty.card"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", member_of(partner).id),
                    ("retail_promotion_id.company_id", "=", self.company_id.id),
                    ("retail_state", "=", "unused"),
                ],
                order="expiration_date, id",  # no end: last
                limit=MOST,
            )
        )
        return [
            {
                "code": coupon.code,
                "name": coupon.retail_promotion_id.name,
                "until": coupon.expiration_date
                and format_date(self.env, coupon.expiration_date)
                or "",
                "error": self._retail_benefits_coupon_error(coupon, now, partner, document),
            }
            for coupon in coupons
        ]

    def _retail_benefits_coupon_error(self, coupon, now, partner, document):
        promotion = coupon.retail_promotion_id
        if promotion.state not in LIVE_STATES:
            return self.env._(
                "%(promotion)s is %(state)s: its coupons don't hold now.",
                promotion=promotion.name,
                state=promotion._state_text(),
            )
        reason = coupon._retail_refusal(now, partner, document)
        return coupon._retail_refusal_text(reason) if reason else False

    def _retail_benefits_offers(self, partner):
        program = self.company_id._retail_points_program()
        card = (
            self.env["loyalty.card"]
            .sudo()
            .search(
                [("partner_id", "=", member_of(partner).id), ("program_id", "=", program.id)],
                limit=1,
            )
        )
        offers = (
            self.env["retail.points.offer"]
            .sudo()
            .search([("company_id", "=", self.company_id.id)], limit=MOST)
        )
        return [
            {
                "id": offer.id,
                "name": offer.name,
                "points": offer.points,
                "left": offer.left if offer.stock else False,
                "error": offer._refusal(partner)
                or self._retail_benefits_points_error(card.points, offer.points),
            }
            for offer in offers
        ]

    def _retail_benefits_points_error(self, have, needed):
        if float_compare(have, needed, precision_digits=2) >= 0:
            return False
        return self.env._("%(missing)g points are missing.", missing=needed - have)

    def _retail_benefits_told(self, redemption):
        """Return what to tell the customer."""
        if redemption.coupon_id:
            return self.env._(
                "%(offer)s is redeemed. Its coupon %(code)s is on the member's card.",
                offer=redemption.offer_id.name,
                code=redemption.coupon_id.code,
            )
        if redemption.picking_id:
            return self.env._(
                "%(offer)s is redeemed. Hand it over with %(transfer)s.",
                offer=redemption.offer_id.name,
                transfer=redemption.picking_id.name,
            )
        return self.env._("%(offer)s is redeemed.", offer=redemption.offer_id.name)
