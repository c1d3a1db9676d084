from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from ..models.loyalty_card import midnight
from .common_loyalty import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestCoupons(LoyaltyCommon):
    """Codes of coupons on sales orders: taken, refused with a reason, used once, returned."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = cls._goods(100)
        cls.promotion = cls._coupon_promotion(percent=20)
        cls.coupon = cls.promotion._issue_coupon(origin="A fair")

    def _enter(self, order, coupon):
        wizard = self.env["sale.loyalty.coupon.wizard"].create(
            {"order_id": order.id, "coupon_code": f" {coupon.code.upper()} "}
        )
        return wizard.action_apply()["params"]["type"]

    def _confirmed(self, coupon=None, qty=1, **values):
        order = self._order((self.goods, qty), **values)
        self._enter(order, coupon or self.coupon)
        order.action_confirm()
        return order

    # === WHAT IT GIVES === #

    def test_without_a_coupon_it_gives_nothing(self):
        order = self._order((self.goods, 1))
        self.assertGives(order, 0)
        why = self.env["retail.promotion.why"]._explained(order)
        self.assertEqual(why[0]["reason"], "It needs a coupon, and none was entered on the order.")

    def test_a_coupon_gives_it_and_is_used_with_the_order(self):
        order = self._order((self.goods, 1))
        self.assertEqual(self._enter(order, self.coupon), "success")
        self.assertGives(order, 20)
        self.assertEqual(self.coupon.retail_state, "unused")
        order.action_confirm()
        self.assertRecordValues(
            self.coupon,
            [
                {
                    "retail_state": "used",
                    "retail_document": f"sale.order,{order.id}",
                    "retail_document_name": order.name,
                    "points": 0.0,
                }
            ],
        )
        self.assertEqual(self.coupon.history_ids.mapped("used"), [1.0, 0.0])

    def test_taken_off_the_order_it_gives_nothing(self):
        order = self._order((self.goods, 1))
        self._enter(order, self.coupon)
        order.retail_coupon_ids = False
        self.assertGives(order, 0)
        order.action_confirm()
        self.assertEqual(self.coupon.retail_state, "unused")

    def test_what_gives_nothing_isn_t_used(self):
        self.promotion.action_pause()
        self.promotion.min_amount = 500
        self.promotion.action_resume()
        order = self._order((self.goods, 1))
        self.assertEqual(self._enter(order, self.coupon), "warning")
        order.action_confirm()
        self.assertEqual(self.coupon.retail_state, "unused")

    def test_stock_loyalty_leaves_our_codes_alone(self):
        order = self._order((self.goods, 1))
        self.assertEqual(order._try_apply_code(self.coupon.code), {})
        self.assertIn("not_found", order._try_apply_code("NO-SUCH-CODE"))
        self.assertFalse(order._get_claimable_rewards())
        carrier = self.coupon.program_id
        self.assertFalse(carrier.reward_ids)
        self.assertFalse(carrier.rule_ids)
        self.assertGives(order, 20)

    # === WHY IT DOESN'T HOLD === #

    def assertRefused(self, text, coupon=None, **values):
        order = self._order((self.goods, 1), **values)
        with self.assertRaisesRegex(UserError, text):
            order._retail_coupon_enter(coupon or self.coupon)
        self.assertFalse(order.retail_coupon_ids)
        self.assertGives(order, 0)

    def test_used_once_only(self):
        order = self._confirmed()
        self.assertRefused(f"was used on .* at {order.name}")

    def test_of_another_member(self):
        coupon = self.promotion._issue_coupon(self.member)
        other = self._member("Bob")
        self.assertRefused("belongs to another member", coupon, partner_id=other.id)
        self.assertGives(self._confirmed(coupon, partner_id=self.member.id), 20)

    def test_expired_not_yet_and_cancelled(self):
        today = date.today()
        later = self.promotion._issue_coupon(valid_from=today + timedelta(days=5))
        self.assertRefused("holds from", later)
        self.coupon.retail_date_from = today - timedelta(days=9)
        self.coupon.expiration_date = today - timedelta(days=2)
        self.assertEqual(self.coupon.retail_state, "expired")
        self.assertRefused("was valid until")
        later.action_retail_cancel()
        self.assertEqual(later.retail_state, "cancelled")
        self.assertRefused("was cancelled", later)

    def test_of_another_class_or_a_paused_promotion(self):
        self.promotion.action_pause()
        self.assertRefused("is Paused: its coupons don't hold now")
        self.promotion.class_ids = self.env.ref("retail_crm.class_vip")
        self.promotion.action_resume()
        self.assertRefused("members of: ", partner_id=self.member.id)

    def test_twice_on_one_order(self):
        order = self._order((self.goods, 1))
        self._enter(order, self.coupon)
        with self.assertRaisesRegex(UserError, "on this order already"):
            order._retail_coupon_enter(self.coupon)
        with self.assertRaisesRegex(UserError, "one coupon per order"):
            order._retail_coupon_enter(self.promotion._issue_coupon())

    def test_on_a_confirmed_order(self):
        order = self._order((self.goods, 1))
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "is confirmed"):
            order._retail_coupon_enter(self.coupon)

    def test_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.assertFalse(self.env["loyalty.card"]._retail_coupon_of(self.coupon.code, other))

    # === THE LAST DAY === #

    def test_the_last_day_ends_by_the_clock_of_the_store(self):
        """Midnight of Taipei, when it is still noon in New York."""
        store = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        store.write({"is_store": True, "retail_tz": "America/New_York"})
        last = date.today() + timedelta(days=3)
        taipei = self.promotion._issue_coupon(valid_until=last)
        york = self.promotion._issue_coupon(valid_until=last, store=store)
        self.assertEqual(taipei.retail_tz, "Asia/Taipei")
        self.assertEqual(taipei.retail_ends_at, midnight(last + timedelta(days=1), "Asia/Taipei"))
        self.assertGreater(york.retail_ends_at - taipei.retail_ends_at, timedelta(hours=11))
        over = taipei.retail_ends_at
        self.assertIsNone(taipei._retail_refusal(over - timedelta(seconds=1), self.member, "x"))
        self.assertEqual(taipei._retail_refusal(over, self.member, "x"), "expired")
        self.assertIsNone(york._retail_refusal(over, self.member, "x"))

    def test_midnight_follows_daylight_saving(self):
        self.assertEqual(midnight(date(2026, 7, 1), "Europe/Paris"), datetime(2026, 6, 30, 22))
        self.assertEqual(midnight(date(2026, 12, 1), "Europe/Paris"), datetime(2026, 11, 30, 23))

    def test_it_expires_between_offer_and_order(self):
        order = self._order((self.goods, 1))
        self._enter(order, self.coupon)
        with freeze_time(self.coupon.retail_ends_at):
            with self.assertRaisesRegex(RedirectWarning, "was valid until"):
                order.action_confirm()
            order.action_retail_promo_update()
            self.assertFalse(order.retail_coupon_ids)
            self.assertGives(order, 0)
            order.action_confirm()
        self.assertEqual(order.amount_total, 100)

    # === TWO AT ONCE === #

    def test_of_two_orders_one_gets_it(self):
        first, second = (self._order((self.goods, 1)) for _number in range(2))
        self._enter(first, self.coupon)
        self._enter(second, self.coupon)
        first.action_confirm()
        with self.assertRaisesRegex(RedirectWarning, f"at {first.name}"):
            second.action_confirm()
        self.assertEqual(self.coupon.retail_document, f"sale.order,{first.id}")

    def test_what_was_signed_stands_and_is_filed(self):
        first, second = (self._order((self.goods, 1)) for _number in range(2))
        self._enter(first, self.coupon)
        self._enter(second, self.coupon)
        second.signed_on = fields.Datetime.now()
        first.action_confirm()
        second.action_confirm()
        self.assertEqual(second.amount_total, 80)
        self.assertEqual(self.coupon.retail_document, f"sale.order,{first.id}")
        filed = self.env["retail.promotion.difference"].search(
            [("document", "=", f"sale.order,{second.id}")]
        )
        self.assertEqual(filed.till_amount - filed.server_amount, 20)

    # === COMING BACK === #

    def test_a_cancelled_order_gives_it_back(self):
        order = self._confirmed()
        order._action_cancel()
        self.assertEqual((self.coupon.retail_state, self.coupon.points), ("unused", 1))
        self._confirmed()

    def test_only_a_whole_credit_note_gives_it_back(self):
        order = self._confirmed(qty=2)
        invoice = order._create_invoices()
        invoice.action_post()
        part = invoice._reverse_moves()
        part.invoice_line_ids.filtered(lambda line: line.product_id == self.goods).quantity = 1
        part.action_post()
        self.assertEqual(self.coupon.retail_state, "used")
        rest = invoice._reverse_moves()
        rest.invoice_line_ids.filtered(lambda line: line.product_id == self.goods).quantity = 1
        rest.action_post()
        self.assertEqual(self.coupon.retail_state, "unused")

    def test_a_member_merged_in_the_middle_keeps_the_coupon(self):
        coupon = self.promotion._issue_coupon(self.member)
        order = self._order((self.goods, 1), partner_id=self.member.id)
        self._enter(order, coupon)
        survivor = self._member("Anna")
        survivor._retail_merge(self.member)
        order.action_confirm()
        self.assertEqual((coupon.partner_id, coupon.retail_state), (survivor, "used"))
        self.assertEqual(order.partner_id, survivor)

    def test_the_needs_a_coupon_rule_waits_for_a_pause(self):
        with self.assertRaisesRegex(UserError, "pause it"):
            self.promotion.needs_coupon = False
        self.assertIn("code", self.promotion._engine_program())
        plain = self._draft()
        self.assertNotIn("code", plain._engine_program())
        with self.assertRaisesRegex(UserError, "asks for no coupon"):
            plain._issue_coupon()

    def test_two_companies_have_their_own_carrier(self):
        programs = self.env["loyalty.program"]
        self.assertEqual(programs._retail_carrier(self.company), self.coupon.program_id)
        other = self.env["res.company"].create({"name": "Other"})
        self.assertNotEqual(programs._retail_carrier(other), self.coupon.program_id)

    def test_copies_of_orders_have_no_coupon(self):
        order = self._confirmed()
        self.assertFalse(order.copy().retail_coupon_ids)
