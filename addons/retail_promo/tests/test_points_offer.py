from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_loyalty import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestPointsOffer(LoyaltyCommon):
    """Members turn points into coupons and gifts, served by a guide."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.guide = new_test_user(
            cls.env,
            login="redeem guide",
            groups="retail_crm.group_guide,sales_team.group_sale_salesman_all_leads",
            company_id=cls.company.id,
        )
        cls.promotion = cls._coupon_promotion(percent=20)
        cls.offer = cls._offer()
        cls.member._retail_points(120, "A game", "Won")

    @classmethod
    def _offer(cls, **values):
        return cls.env["retail.points.offer"].create(
            {
                "name": "A coupon",
                "points": 100,
                "company_id": cls.company.id,
                "promotion_id": cls.promotion.id,
                **values,
            }
        )

    def _redeem(self, offer=None, member=None):
        wizard = (
            self.env["retail.points.redeem"]
            .with_user(self.guide)
            .create(
                {
                    "partner_id": (member or self.member).id,
                    "offer_id": (offer or self.offer).id,
                    "company_id": self.company.id,
                }
            )
        )
        return wizard.action_redeem()

    def test_points_become_a_coupon(self):
        message = self._redeem()["params"]["message"]
        self.assertEqual(self._points(), 20)
        coupon = self.member.retail_coupon_ids
        self.assertEqual(
            (coupon.retail_state, coupon.retail_promotion_id), ("unused", self.promotion)
        )
        self.assertIn(coupon.code, message)
        self.assertIn("20 left", message)
        card = self.member.retail_points_move_ids.card_id
        self.assertEqual(card.history_ids.sorted("id")[-1].used, 100)
        # The second time there is not enough, with the numbers.
        with self.assertRaisesRegex(UserError, "Ann has 20, and 100 are needed"):
            self._redeem()
        self.assertEqual(self._points(), 20)
        self.assertEqual(self.offer.taken, 1)

    def test_points_become_a_gift_that_leaves_the_stock(self):
        cup = self._goods(30, is_storable=True)
        self._redeem(self._offer(name="A cup", kind="gift", product_id=cup.id, points=50))
        picking = self.env["retail.points.redemption"].search([]).picking_id
        self.assertEqual(picking.move_ids.product_id, cup)
        self.assertEqual(picking.partner_id, self.member)
        self.assertEqual(self._points(), 70)

    def test_the_last_one_goes_once(self):
        offer = self._offer(points=10, stock=1)
        self._redeem(offer)
        with self.assertRaisesRegex(UserError, "none is left"):
            self._redeem(offer)
        redemption = self.env["retail.points.redemption"].search([("offer_id", "=", offer.id)])
        redemption.action_cancel()
        self.assertEqual((self._points(), offer.left), (120, 1))
        self.assertEqual(redemption.coupon_id.retail_state, "cancelled")
        with self.assertRaisesRegex(UserError, "cancelled already"):
            redemption.action_cancel()
        self._redeem(offer)
        self.assertBook()

    def test_when_and_for_whom(self):
        vip = self.env.ref("retail_crm.class_vip")
        for text, values in (
            ("is over", {"date_to": self.now - timedelta(days=1)}),
            ("hasn't started", {"date_from": self.now + timedelta(days=1)}),
            ("is for members of", {"class_ids": [Command.set(vip.ids)]}),
        ):
            with self.assertRaisesRegex(UserError, text):
                self._redeem(self._offer(**values))
        with self.assertRaisesRegex(UserError, "no member"):
            self._redeem(member=self.customer)
        self.assertEqual(self._points(), 120)

    def test_a_used_coupon_isn_t_taken_back(self):
        self._redeem()
        coupon = self.member.retail_coupon_ids
        order = self._order((self._goods(100), 1), partner_id=self.member.id)
        order._retail_coupon_enter(coupon)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "was used"):
            self.env["retail.points.redemption"].search([]).action_cancel()

    def test_roles(self):
        self.offer.with_user(self.guide).read(["name", "left"])
        with self.assertRaises(AccessError):
            self.offer.with_user(self.guide).points = 1
        self._redeem()
        with self.assertRaises(AccessError):
            self.env["retail.points.redemption"].with_user(self.guide).search([])
        store = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        store.is_store = True
        other = self._member("Far", retail_store_id=store.id)
        other._retail_points(5, "A game", "Won")
        seen = self.env["retail.points.move"].with_user(self.guide).search([]).partner_id
        self.assertIn(self.member, seen)
        self.assertNotIn(other, seen)
