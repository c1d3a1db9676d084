from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_loyalty import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestRemedy(LoyaltyCommon):
    """Coupons and points for the customer of a complaint."""

    def _remedy(self, kind, **values):
        ticket = self.env["helpdesk.ticket"].create(
            {
                "name": "Bruised",
                "description": "<p>Bruised</p>",
                "retail_kind": "complaint",
                "partner_id": self.member.id,
                "company_id": self.company.id,
            }
        )
        return self.env["retail.complaint.remedy"].create(
            {"ticket_id": ticket.id, "kind": kind, **values}
        )

    def test_coupon(self):
        promotion = self._coupon_promotion()
        remedy = self._remedy("coupon", promotion_id=promotion.id, amount=10)
        remedy.action_make()
        card = remedy.document
        self.assertRecordValues(
            card,
            [
                {
                    "partner_id": self.member.id,
                    "retail_promotion_id": promotion.id,
                    "retail_origin": remedy.ticket_id.display_name,
                }
            ],
        )
        self.assertEqual(remedy.ticket_id.remedy_cost, 10)

    def test_coupon_needs_its_promotion_and_worth(self):
        with self.assertRaisesRegex(UserError, "promotion"):
            self._remedy("coupon", amount=10).action_make()
        with self.assertRaisesRegex(UserError, "worth"):
            self._remedy("coupon", promotion_id=self._coupon_promotion().id).action_make()

    def test_points(self):
        self.company.retail_points_value = 0.1
        remedy = self._remedy("points", points=50)
        self.assertAlmostEqual(remedy.amount, 5)
        remedy.action_make()
        self.assertEqual(self._points(), 50)
        self.assertEqual(remedy.document.points, 50)
        with self.assertRaisesRegex(UserError, "how many"):
            self._remedy("points").action_make()
        with self.assertRaises(UserError):
            remedy.points = 60
        self.assertBook()
