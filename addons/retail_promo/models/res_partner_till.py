"""What a till shows of a member's points and coupons, those that are over soonest first."""

from odoo import models

COUPONS = 5  # of a member that a till shows


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _retail_till_card(self):
        card = super()._retail_till_card()
        # Codes are told of who stands at the till; no till keeps those of all its members.
        coupons = self.env["loyalty.card"].sudo()
        for row in card["coupons"]:
            row["code"] = coupons.browse(row["id"]).code
        return card

    def _retail_till_brief(self):
        briefs = super()._retail_till_brief()
        near = self._retail_till_near()
        points, coupons = near._retail_till_points(), near._retail_till_coupons()
        return {
            member_id: {
                **brief,
                "points": points.get(member_id, False),
                "coupons": coupons.get(member_id, []),
            }
            for member_id, brief in briefs.items()
        }

    def _retail_till_points(self):
        """Return {member id: {balance, name, expiring, expires}}: what expires first, and when.

        expires: ISO day, False when nothing does.
        """
        program = self.env.company._retail_points_program()
        # Whoever serves a member may tell the balance; cards and their book need a right.
        cards = self.env["loyalty.card"].sudo()
        found = cards.search([("partner_id", "in", self.ids), ("program_id", "=", program.id)])
        expiring = program.sudo()._points_expiring_first(found)
        name = program.sudo().portal_point_name or ""
        return {
            card.partner_id.id: {
                "balance": card.points,
                "name": name,
                **dict(zip(("expiring", "expires"), expiring.get(card, (0, False)), strict=True)),
            }
            for card in found
        }

    def _retail_till_coupons(self):
        """Return {member id: [{id, name, until}]}; until: ISO day, False without end."""
        coupons = self.env["loyalty.card"].sudo()  # as above
        found = coupons.search(
            [
                ("partner_id", "in", self.ids),
                ("retail_promotion_id.company_id", "=", self.env.company.id),
                ("retail_state", "=", "unused"),
            ],
            order="expiration_date, id",
        )
        return {
            member.id: [
                {
                    "id": coupon.id,
                    "name": coupon.retail_promotion_id.name,
                    "until": coupon.expiration_date and coupon.expiration_date.isoformat(),
                }
                for coupon in some[:COUPONS]
            ]
            for member, some in found.grouped("partner_id").items()
        }
