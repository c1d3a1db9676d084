"""What a refund does to points and coupons, told before it is confirmed."""

from odoo import models
from odoo.addons.retail_promo.models.loyalty_card_points import EARNING, POINT_DIGITS, USING
from odoo.tools import float_round


class PosOrder(models.Model):
    _inherit = "pos.order"

    # === CALLED BY TILLS === #

    def retail_refund_benefits(self, coming):
        """Tell what is taken back and returned when goods of this sale come back.

        coming: {line id as text: units that come back}. Returns {"points": [{"name", "taken",
        "returned"}] by kind of points, "coupons": codes that hold again}.
        """
        self.ensure_one()
        self.check_access("read")
        # Cashiers have no right on cards and their book.
        sale = self.sudo()
        back = sale._retail_promo_came_back({int(key): units for key, units in coming.items()})
        return {
            "points": sale._retail_points_told_back(back),
            "coupons": sale._retail_coupons_told_back(back),
        }

    def _retail_points_told_back(self, back):
        """back: {line: units that came back, or are about to}, also below."""
        told = {}
        for (card, document), (_earned, due) in self._retail_points_earned(back).items():
            have = self._retail_points_in_book(card, document, EARNING)
            self._retail_points_row(told, card)["taken"] += have - due
        for card, (_paid, due) in self._retail_points_used(back).items():
            have = -self._retail_points_in_book(card, self._retail_promo_key(), USING)
            self._retail_points_row(told, card)["returned"] += have - due
        for row in told.values():
            for name in ("taken", "returned"):
                row[name] = float_round(row[name], POINT_DIGITS)
        return [row for row in told.values() if row["taken"] or row["returned"]]

    def _retail_points_row(self, told, card):
        name = card.program_id.portal_point_name
        return told.setdefault(card.program_id, {"name": name, "taken": 0.0, "returned": 0.0})

    def _retail_points_in_book(self, card, document, kinds):
        """Return the points that a document has moved on a card, in movements of these kinds."""
        moves = self.env["retail.points.move"].search(
            [("card_id", "=", card.id), ("document", "=", document), ("kind", "in", kinds)]
        )
        return sum(moves.mapped("points"))

    def _retail_coupons_told_back(self, back):
        if not self._retail_promo_all_back(back):
            return []
        key = self._retail_promo_key()
        shared = self.env["retail.coupon.use"].search([("document", "=", key)]).card_id
        used = self._retail_coupon_cards().filtered(lambda card: card.retail_document == key)
        return sorted((used | shared).mapped("code"))
