from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import new_test_user, tagged

from .common_loyalty import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestSharedCodes(LoyaltyCommon):
    """One code on a flyer: so often in all, so often by each member, back when goods come back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = cls._goods(100)
        cls.promotion = cls._coupon_promotion(percent=20)
        cls.manager = new_test_user(
            cls.env,
            login="flyer manager",
            groups="retail_crm.group_promotion",
            company_id=cls.company.id,
        )
        cls.others = [cls._member(name) for name in ("Bob", "Cid", "Dan")]

    def _issue(self, **values):
        wizard = self.env["retail.coupon.issue"].with_user(self.manager)
        wizard = wizard.create(
            {
                "promotion_id": self.promotion.id,
                "name": "Flyer",
                "audience": "shared",
                "shared_code": "summer10",
                "uses_most": 2,
                **values,
            }
        )
        self.assertEqual(wizard.coupon_count, 1)
        return self.env["retail.coupon.batch"].browse(wizard.action_issue()["res_id"])

    def _use(self, code, member=None):
        order = self._order((self.goods, 1), partner_id=(member or self.member).id)
        order._retail_coupon_enter(code)
        order.action_confirm()
        return order

    def test_so_often_in_all_and_by_each_member(self):
        batch = self._issue()
        code = batch.coupon_ids
        self.assertEqual((code.code, code.retail_state), ("SUMMER10", "unused"))
        cards = self.env["loyalty.card"]
        self.assertEqual(cards._retail_coupon_of(" Summer10 ", self.company), code)
        order = self._use(code)
        self.assertGives(order, 20)
        # The same request again changes nothing.
        code._retail_use(order._retail_promo_key(), order.name, self.member, self.now)
        self.assertEqual(code.retail_use_count, 1)
        with self.assertRaisesRegex(UserError, "This member has used"):
            self._use(code)
        self._use(code, self.others[0])
        self.assertEqual((code.retail_state, code.points), ("used", 0))
        with self.assertRaisesRegex(UserError, "was used 2 times"):
            self._use(code, self.others[1])
        batch.invalidate_recordset()
        self.assertEqual((batch.use_count, batch.used_count, batch.given_amount), (2, 1, 40))
        self.assertEqual(self.promotion.coupon_used_count, 2)
        order._action_cancel()
        self.assertEqual((code.retail_use_count, code.retail_state), (1, "unused"))
        self.assertGives(self._use(code, self.others[1]), 20)

    def test_for_anybody_without_end(self):
        code = self._issue(uses_most=0, uses_member=0).coupon_ids
        for _number in range(3):
            self.assertGives(self._use(code, self.customer), 20)
        self.assertEqual((code.retail_use_count, code.retail_state), (3, "unused"))

    def test_per_member_asks_for_a_member(self):
        code = self._issue().coupon_ids
        with self.assertRaisesRegex(UserError, "is for members: choose the customer"):
            self._use(code, self.customer)

    def test_tills_hold_uses(self):
        code = self._issue(uses_member=0).coupon_ids
        now, nobody = fields.Datetime.now(), self.env["res.partner"]
        for number in range(2):
            self.assertIsNone(code._retail_refusal(now, nobody, f"pos.order,{number}"))
            code._retail_hold(f"pos.order,{number}", 600, nobody)
        self.assertEqual(code._retail_refusal(now, nobody, "pos.order,9"), "held")
        self.assertIsNone(code._retail_refusal(now, nobody, "pos.order,1"))
        code._retail_use("pos.order,1", "Order 1", nobody, now)
        self.assertEqual(code._retail_refusal(now, nobody, "pos.order,9"), "held")
        self.env["loyalty.card"]._retail_free(["pos.order,0", "pos.order,1"])
        self.assertIsNone(code._retail_refusal(now, nobody, "pos.order,9"))
        self.assertEqual(code.retail_use_count, 1)
        code._retail_hold("pos.order,8", 600, nobody)
        held = self.env["retail.coupon.use"].sudo().search([("document", "=", "pos.order,8")])
        held.held_until = now - timedelta(seconds=1)
        self.assertIsNone(code._retail_refusal(now, nobody, "pos.order,9"))

    def test_two_sales_at_the_last_use(self):
        """Both entered it while it held; the second to be confirmed is told."""
        code = self._issue(uses_most=1, uses_member=0).coupon_ids
        orders = [self._order((self.goods, 1), partner_id=m.id) for m in self.others[:2]]
        for order in orders:
            order._retail_coupon_enter(code)
        orders[0].action_confirm()
        with self.assertRaisesRegex(RedirectWarning, "was used 1 times"):
            orders[1].action_confirm()

    def test_a_member_merged_in_the_middle_keeps_its_uses(self):
        code = self._issue(uses_most=0).coupon_ids
        self._use(code)
        self.others[0]._retail_merge(self.member)
        with self.assertRaisesRegex(UserError, "This member has used"):
            self._use(code, self.others[0])

    def test_bad_codes_are_refused(self):
        self._issue()
        for bad, why in (("SUMMER10", "exists already"), ("a b", "can't be a code")):
            with self.assertRaisesRegex(UserError, why):
                self._issue(shared_code=bad)
        with self.assertRaisesRegex(UserError, "less than no times"):
            self._issue(shared_code="OTHER", uses_most=-1)
        self.assertEqual(len(self._issue(shared_code=False).coupon_ids.code), 14)

    def test_cancelled_it_holds_no_more(self):
        code = self._issue().coupon_ids
        order = self._use(code)
        code.with_user(self.manager).action_retail_cancel()
        with self.assertRaisesRegex(UserError, "was cancelled by the shop"):
            self._use(code, self.others[0])
        order._action_cancel()
        self.assertEqual((code.retail_state, code.points), ("cancelled", 0))

    def test_who_sees_who_used_it(self):
        self._use(self._issue().coupon_ids)
        use = self.env["retail.coupon.use"].search([])
        self.assertTrue(use.with_user(self.manager).has_access("read"))
        guide = new_test_user(self.env, "flyer guide", groups="retail_crm.group_guide")
        with self.assertRaises(AccessError):
            use.with_user(guide).read(["partner_id"])
