"""Coupons of till orders: used up when the order is paid, back when all of it came back."""

from odoo import fields, models
from odoo.addons.retail_promo.models import promotion_snapshot as snapshot


class PosOrder(models.Model):
    _inherit = "pos.order"

    retail_coupons = fields.Json(
        copy=False,
        readonly=True,
        help="Coupons that were entered at the till: {code: {promotion, token}}.",
    )

    def _retail_coupon_cards(self):
        """Return the coupons that were entered on the order."""
        # The till names codes; whose they are is nobody's to read there.
        cards = self.env["loyalty.card"].sudo()
        return cards.search(
            [
                ("code", "in", list(self.retail_coupons or {})),
                ("retail_promotion_id.company_id", "=", self.company_id.id),
            ]
        )

    def _retail_coupon_codes(self):
        """Return the engine's codes of the coupons that hold for the sale, as the server sees it.

        What the till says isn't taken on trust.
        """
        key = self._retail_promo_key()
        good = self._retail_coupon_cards().filtered(
            lambda card: not card._retail_refusal(self.date_order, self.partner_id, key)
        )
        return sorted({snapshot.coupon_token(card.retail_promotion_id) for card in good})

    def _retail_promo_circumstances(self):
        return {**super()._retail_promo_circumstances(), "codes": self._retail_coupon_codes()}

    def _retail_promo_take(self):
        super()._retail_promo_take()
        if self.refunded_order_id:
            self.refunded_order_id._retail_coupon_give_back()
            if not self._retail_promo_sold():
                return
        cards = self._retail_coupon_cards()
        if not cards:
            return
        key = self._retail_promo_key()
        applied = {entry["program"] for entry in self._retail_promo_applied()}
        applied |= {int(program) for program in self._retail_promo_given()}
        taken = cards.filtered(lambda card: card.retail_promotion_id.id in applied)
        # It is paid: what another sale was faster with has been filed as a difference.
        taken._retail_use(
            key, self.pos_reference or self.name, self.partner_id, self.date_order, force=True
        )
        cards._retail_free([key])

    def _retail_coupon_give_back(self):
        """All goods of this sale came back: its coupons hold again."""
        if self._retail_promo_all_back(self._retail_promo_came_back()):
            self.env["loyalty.card"]._retail_return([self._retail_promo_key()])

    def _retail_promo_all_back(self, back):
        """Whether nothing of the sale is kept; back: {line: units}."""
        goods = self._retail_promo_sold()
        return bool(goods) and all(back[line] >= line.qty for line in goods)
