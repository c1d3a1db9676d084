from odoo.fields import Command

from .common import PromoCommon


class LoyaltyCommon(PromoCommon):
    """A points program of one point per unit of money, and two members."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Taipei"
        cls.points = cls.env["loyalty.program"].create(
            {
                "name": "Points",
                "program_type": "loyalty",
                "trigger": "auto",
                "applies_on": "both",
                "company_id": cls.company.id,
                "rule_ids": [
                    Command.create({"reward_point_mode": "money", "reward_point_amount": 1})
                ],
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "per_point",
                            "discount": 0.1,
                            "discount_applicability": "order",
                            "required_points": 1,
                        }
                    )
                ],
            }
        )
        cls.member = cls._member("Ann")

    @classmethod
    def _member(cls, name, **values):
        email = f"{name.lower()}@example.com"
        return cls.env["res.partner"].create(
            {"name": name, "is_member": True, "email": email, **values}
        )

    @classmethod
    def _coupon_promotion(cls, **values):
        return cls._promotion(name="With coupon", needs_coupon=True, **values)

    def _points(self, member=None):
        member = member or self.member
        cards = self.env["loyalty.card"].search(
            [("partner_id", "=", member.id), ("program_id", "=", self.points.id)]
        )
        return sum(cards.mapped("points"))

    def assertBook(self):
        """The movements of each card sum to its points."""
        cards = self.env["loyalty.card"].with_context(active_test=False)
        for card in cards.search([("program_type", "=", "loyalty")]):
            book = sum(card.retail_move_ids.mapped("points"))
            self.assertAlmostEqual(book, card.points, places=6, msg=card.partner_id.name)
