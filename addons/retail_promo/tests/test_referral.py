from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_play import PlayCommon


@tagged("post_install", "-at_install")
class TestReferral(PlayCommon):
    """A new buyer's first paid order rewards who recommended the buyer, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "retail_referral_active": True,
                "retail_referral_kind": "points",
                "retail_referral_points": 50,
            }
        )
        cls.goods = cls._goods(60)
        cls.friend = cls._member("Friend", retail_referrer_id=cls.member.id)

    def _process(self):
        # as the scheduled action does
        self.env["retail.referral"].sudo().with_company(self.company)._process()
        return self.env["retail.referral"].search([("buyer_id", "=", self.friend.id)])

    def _bought(self, buyer=None, paid=True, qty=1):
        order = self._order((self.goods, qty), partner_id=(buyer or self.friend).id)
        order.action_confirm()
        if paid:
            self._pay(order)
        return order

    def _pay(self, order):
        invoice = order._create_invoices()
        invoice.action_post()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        return invoice

    def _return(self, order):
        note = order.invoice_ids._reverse_moves([{"invoice_date": fields.Date.today()}])
        note.action_post()

    def test_the_first_paid_order_is_rewarded_once(self):
        order = self._bought(paid=False)
        self.assertFalse(self._process())
        self._pay(order)
        referral = self._process()
        self.assertRecordValues(
            referral,
            [
                {
                    "state": "rewarded",
                    "referrer_id": self.member.id,
                    "document": order.name,
                    "points": 50,
                    "amount": 60,
                }
            ],
        )
        self.assertEqual(self._points(), 50)
        self._bought()
        self._process()
        self.assertEqual(self._points(), 50)
        self.assertBook()

    def test_a_coupon_as_the_reward(self):
        promotion = self._coupon_promotion()
        self.company.write(
            {"retail_referral_kind": "coupon", "retail_referral_promotion_id": promotion.id}
        )
        order = self._bought()
        referral = self._process()
        self.assertEqual(referral.coupon_id.partner_id, self.member)
        self._return(order)
        self._process()
        self.assertEqual((referral.state, referral.coupon_id.retail_state), ("clawed", "cancelled"))

    def test_a_whole_return_takes_it_back(self):
        order = self._bought()
        referral = self._process()
        self.member._retail_points(-30, "Test", "Spent")
        self._return(order)
        self._process()
        self.assertEqual((referral.state, self._points()), ("clawed", -30))
        self._process()
        self.assertEqual(self._points(), -30)
        self.assertBook()

    def test_nobody_recommends_themselves(self):
        with self.assertRaisesRegex(ValidationError, "by themselves"):
            self.friend.retail_referrer_id = self.friend
        self.member.write({"phone": "+86 138 0013 8001", "retail_shared_phone": True})
        self.friend.write({"phone": "+86 138 0013 8001", "retail_shared_phone": True})
        self._bought()
        referral = self._process()
        self.assertEqual(referral.state, "refused")
        self.assertIn("same person", referral.note)
        self.assertEqual(self._points(), 0)

    def test_who_bought_before_is_not_new(self):
        self.company.retail_referral_since = fields.Date.today() + timedelta(days=2)
        self._bought()
        referral = self._process()
        self.assertEqual(referral.state, "refused")
        self.assertIn("isn't new", referral.note)

    def test_a_small_first_order(self):
        self.company.retail_referral_amount = 100
        self._bought()
        referral = self._process()
        self.assertIn("below", referral.note)
        self._bought(qty=5)
        self._process()
        self.assertEqual((referral.state, self._points()), ("refused", 0))

    def test_what_fails_waits_and_comes_again(self):
        promotion = self._coupon_promotion()
        self.company.write(
            {"retail_referral_kind": "coupon", "retail_referral_promotion_id": promotion.id}
        )
        promotion.action_end()
        self._bought()
        referral = self._process()
        self.assertEqual(referral.state, "waiting")
        self.assertIn("nobody could use", referral.note)
        self.company.write({"retail_referral_kind": "points"})
        self._process()
        self.assertEqual((referral.state, self._points()), ("rewarded", 50))

    def test_two_buyers_that_are_one(self):
        twin = self._member("Twin", retail_referrer_id=self.member.id)
        self._bought()
        self._bought(twin)
        first = self._process()
        self.assertEqual(self._points(), 100)
        self.friend._retail_merge(twin)
        self._process()
        self.assertEqual(self._points(), 100)
        self.assertEqual(
            self.env["retail.referral"].search([("buyer_id", "=", self.friend.id)]), first
        )

    def test_a_buyer_is_rewarded_once_also_by_two_processes(self):
        self._bought()
        self._process()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            self.env["retail.referral"].sudo().create(
                {
                    "company_id": self.company.id,
                    "buyer_id": self.friend.id,
                    "referrer_id": self.bob.id,
                }
            )

    def test_settings_that_reward_nothing_are_refused(self):
        for values in (
            {"retail_referral_points": 0},
            {"retail_referral_kind": "coupon", "retail_referral_promotion_id": False},
            {"retail_referral_amount": -1},
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.company.write(values)

    def test_codes(self):
        guide = self._user("group_guide", retail_store_ids=self.store.ids)
        self.member.with_user(guide).action_retail_referral_code()
        code = self.member.retail_referral_code
        self.assertEqual(len(code), 8)
        self.member.action_retail_referral_code()
        self.assertEqual(self.member.retail_referral_code, code)
        found = self.env["res.partner"].search([("retail_search", "=", code.lower())])
        self.assertEqual(found, self.member)
        with self.assertRaisesRegex(UserError, "no member"):
            self.customer.action_retail_referral_code()

    def test_who_sees_referrals(self):
        self._bought()
        referral = self._process()
        self.member.retail_store_id = self.other_store
        guide = self._user("group_guide", retail_store_ids=self.store.ids)
        referrals = self.env["retail.referral"]
        self.assertFalse(referrals.with_user(guide).search([]))
        for role in ("group_promotion", "group_service", "group_accountant"):
            self.assertEqual(referrals.with_user(self._user(role)).search([]), referral)

    def test_the_button_of_the_list(self):
        """With nothing chosen, as the web client calls it."""
        rows = self.env["retail.referral"]
        self.assertEqual(call_kw(rows, "action_process", [[]], {})["tag"], "soft_reload")
