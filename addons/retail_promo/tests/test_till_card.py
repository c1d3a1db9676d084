from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_loyalty import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestTillCard(LoyaltyCommon):
    """Points and coupons on the card that a cashier sees: what is over soonest comes first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.store.is_store = True
        cls.member.retail_store_id = cls.store
        cls.cashier = new_test_user(
            cls.env,
            "till card cashier",
            groups="retail_crm.group_cashier",
            company_id=cls.company.id,
            retail_store_ids=[Command.set(cls.store.ids)],
        )

    def _card(self, member=None):
        return (member or self.member).with_user(self.cashier)._retail_till_card()

    def _earned(self, points, months_ago):
        move = self.member._retail_points(points, "A game", "Won")
        move.day = date.today() - relativedelta(months=months_ago)

    def test_points_expiring_first(self):
        self.assertFalse(self._card()["points"])
        for points, months in ((100, 11), (50, 6), (30, 1)):
            self._earned(points, months)
        self.member._retail_points(-120, "A game", "Entry")
        self.assertEqual(
            (self._card()["points"]["balance"], self._card()["points"]["expires"]), (60, False)
        )
        self.points.retail_expiry_months = 12
        # The oldest hundred are used, and twenty of the fifty.
        last = date.today() - relativedelta(months=6) + relativedelta(months=12)
        told = self._card()["points"]
        self.assertEqual((told["expiring"], told["expires"]), (30, last.isoformat()))

    def test_coupons_expiring_first(self):
        promotion = self._coupon_promotion(percent=20)
        late, soon, used = promotion._issue_coupons([self.member] * 3, "A fair")
        late.expiration_date = False
        used._retail_use("sale.order,0", "S0", self.member, self.now)
        coupons = self._card()["coupons"]
        self.assertEqual([coupon["id"] for coupon in coupons], [soon.id, late.id])
        self.assertEqual(coupons[0]["until"], (soon.expiration_date).isoformat())
        self.assertGreater(soon.expiration_date, date.today() - timedelta(days=1))
        self.assertEqual(coupons[0]["code"], soon.code)

    def test_what_a_till_keeps_of_all_its_members(self):
        """Points and coupons, but no codes; as many queries for two members as for one."""
        promotion = self._coupon_promotion(percent=20)
        other = self._member("Second", retail_store_id=self.store.id)
        both = self.member + other
        for member in both:
            member._retail_points(30, "A game", "Won")
            promotion._issue_coupon(member)
        self.env.flush_all()
        counts = []
        for members in (other, both):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            briefs = members.with_user(self.cashier)._retail_till_brief()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual([briefs[member.id]["points"]["balance"] for member in both], [30, 30])
        self.assertEqual([len(briefs[member.id]["coupons"]) for member in both], [1, 1])
        self.assertNotIn("code", briefs[other.id]["coupons"][0])
        self.assertTrue(briefs[other.id]["as_of"])
        self.assertLessEqual(counts[1], counts[0])

    def test_of_another_store_nothing_is_told(self):
        other = self.store.create(
            {"name": "Other", "code": "OTHC", "company_id": self.company.id, "is_store": True}
        )
        far = self._member("Far", retail_store_id=other.id)
        far._retail_points(10, "A game", "Won")
        self._coupon_promotion(percent=20)._issue_coupon(far)
        card = self._card(far)
        self.assertEqual((card["points"], card["coupons"]), (False, []))
