from uuid import uuid4

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import TillCommon


@tagged("post_install", "-at_install")
class TestTillBenefits(TillCommon):
    """What a member has, shown at the till with the reason why it can't be had; redeemed once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.retail_points_program_id = cls.env["loyalty.program"].create(
            {
                "name": "Points",
                "program_type": "loyalty",
                "trigger": "auto",
                "applies_on": "both",
                "company_id": cls.company.id,
                "rule_ids": [Command.create({"reward_point_mode": "money"})],
                "reward_ids": [Command.create({})],
            }
        )
        cls.member = cls.env["res.partner"].create(
            {"name": "Ann", "is_member": True, "email": "ann@example.com"}
        )
        cls.member._retail_points(120, "A game", "Won")
        cls.promotion = cls._promotion(name="With coupon", percent=20, needs_coupon=True)
        cls.offer = cls.env["retail.points.offer"].create(
            {
                "name": "Twenty percent",
                "points": 100,
                "promotion_id": cls.promotion.id,
                "company_id": cls.company.id,
            }
        )
        cashier = new_test_user(
            cls.env,
            "benefits-cashier",
            groups="retail_crm.group_cashier,point_of_sale.group_pos_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.till = cls.config.with_user(cashier)

    def setUp(self):
        super().setUp()
        self.open_new_session()

    def _told(self, partner=None):
        return self.till.retail_promo_benefits(str(uuid4()), (partner or self.member).id)

    def test_coupons_expiring_first_with_the_reason(self):
        late, soon = self.promotion._issue_coupons([self.member] * 2, "A fair")
        late.expiration_date = False
        soon._retail_hold("pos.order,another", 600, self.member)
        coupons = self._told()["coupons"]
        self.assertEqual([coupon["code"] for coupon in coupons], [soon.code, late.code])
        self.assertIn("another till", coupons[0]["error"])
        self.assertFalse(coupons[1]["error"])
        self.promotion.action_pause()
        self.assertIn("Paused", self._told()["coupons"][1]["error"])

    def test_an_offer_is_redeemed_once(self):
        (told,) = self._told()["offers"]
        self.assertEqual((told["id"], told["error"]), (self.offer.id, False))
        key = str(uuid4())
        first = self.till.retail_promo_redeem(self.offer.id, self.member.id, key)
        again = self.till.retail_promo_redeem(self.offer.id, self.member.id, key)
        self.assertEqual(first, again)
        self.assertEqual(self._told()["coupons"][0]["code"], first["code"])
        card = self.env["loyalty.card"].search(
            [("partner_id", "=", self.member.id), ("program_type", "=", "loyalty")]
        )
        self.assertEqual(card.points, 20)
        self.assertEqual(self._told()["offers"][0]["error"], "80 points are missing.")
        refused = self.till.retail_promo_redeem(self.offer.id, self.member.id, str(uuid4()))
        self.assertIn("Not enough points", refused["error"])

    def test_who_is_no_member_has_nothing(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self.assertEqual(self._told(stranger), {"coupons": [], "offers": []})
        refused = self.till.retail_promo_redeem(self.offer.id, stranger.id, str(uuid4()))
        self.assertIn("is no member", refused["error"])

    def test_tills_only(self):
        user = new_test_user(self.env, "benefits-nobody", groups="base.group_user")
        for call in (
            lambda config: config.retail_promo_benefits("x", self.member.id),
            lambda config: config.retail_promo_redeem(self.offer.id, self.member.id, "k"),
        ):
            with self.assertRaises(AccessError):
                call(self.config.with_user(user))
