from datetime import timedelta
from uuid import uuid4

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import TillCommon


@tagged("post_install", "-at_install")
class TestLimits(TillCommon):
    """What a till reserves of limited promotions, and what its paid orders take."""

    def setUp(self):
        super().setUp()
        self.cashier = new_test_user(
            self.env,
            "limit-cashier",
            groups="retail_crm.group_cashier,point_of_sale.group_pos_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.open_new_session()
        self.till = self.config.with_user(self.cashier)
        self.usage = self.env["retail.promotion.usage"]

    def _limit(self, **limits):
        """Give the promotion of the tests limits, as its manager would."""
        self.tiers.action_pause()
        self.tiers.write(limits)
        self.tiers.action_resume()
        return self.tiers

    def _wish(self, amount=1000):
        return {
            "program": self.tiers.id,
            "orders": 1,
            "units": 0,
            "amount": amount,
        }

    def _row(self, order):
        return self.usage.search([("document", "=", f"pos.order,{order.uuid}")])

    # === RESERVING === #

    def test_reserved_sale_takes_what_it_reserved(self):
        self._limit(limit_orders=1)
        uuid = str(uuid4())
        answer = self.till.retail_promo_reserve(uuid, [self._wish()])
        key = str(self.tiers.id)
        self.assertEqual(answer["granted"], {key: {"orders": 1, "units": 0, "amount": 1000}})
        self.assertEqual(answer["used"], {key: {"orders": 0}})
        other = self.till.retail_promo_reserve(str(uuid4()), [self._wish()])
        self.assertEqual((other["granted"], other["used"]), ({}, {key: {"orders": 1}}))
        order = self._tea_sale(uuid=uuid)
        order = self.env["pos.order"].search([("uuid", "=", uuid)])
        self.assertFalse(self._differences(order))
        self.assertRecordValues(
            self._row(order),
            [{"state": "consumed", "orders": 1, "amount": 10.0, "res_id": order.id}],
        )
        self.assertEqual(self.tiers.used_orders, 1)

    def test_settling_again_changes_nothing(self):
        self._limit(limit_orders=5)
        order = self._tea_sale()
        row = self._row(order)
        order._retail_promo_settle()
        self.assertEqual(self._row(order), row)
        self.assertEqual(self.tiers.used_orders, 1)

    def test_released_reservation_is_free(self):
        self._limit(limit_orders=1)
        first, second = str(uuid4()), str(uuid4())
        self.till.retail_promo_reserve(first, [self._wish()])
        self.assertTrue(self.till.retail_promo_renew(first))
        self.till.retail_promo_release(first)
        self.assertFalse(self.till.retail_promo_renew(first))
        self.assertTrue(self.till.retail_promo_reserve(second, [self._wish()])["granted"])

    def test_expired_reservation_is_free(self):
        self._limit(limit_orders=1)
        first, second = str(uuid4()), str(uuid4())
        self.till.retail_promo_reserve(first, [self._wish()])
        row = self.usage._of_document(f"pos.order,{first}")
        row.expires_at -= timedelta(hours=1)
        self.assertTrue(self.till.retail_promo_reserve(second, [self._wish()])["granted"])

    def test_member_limit_knows_what_was_bought_elsewhere(self):
        member = self.env["res.partner"].create(
            {"name": "Ann", "is_member": True, "email": "ann@example.com"}
        )
        self._limit(limit_member_orders=1)
        self.assertTrue(
            self.till.retail_promo_reserve(str(uuid4()), [self._wish()], member.id)["granted"]
        )
        answer = self.till.retail_promo_reserve(str(uuid4()), [self._wish()], member.id)
        self.assertFalse(answer["granted"])
        self.assertEqual(answer["used"], {str(self.tiers.id): {"member_orders": 1}})

    def test_paid_sale_is_not_freed(self):
        self._limit(limit_orders=1)
        order = self._tea_sale()
        self.till.retail_promo_release(order.uuid)
        self.assertEqual(self._row(order).state, "consumed")

    def test_closed_till_holds_nothing(self):
        self._limit(limit_orders=1)
        uuid = str(uuid4())
        self.till.retail_promo_reserve(uuid, [self._wish()])
        with self.assertRaisesRegex(UserError, "isn't here yet"):
            self.usage._of_document(f"pos.order,{uuid}").action_open_document()
        self._close()
        self.assertEqual(self.tiers.used_orders, 0)

    def test_cancelled_order_holds_nothing(self):
        self._limit(limit_orders=1)
        order = self._tea_sale(state="draft", payment_ids=[])
        self.till.retail_promo_reserve(order.uuid, [self._wish()])
        self.assertEqual(self.tiers.used_orders, 1)
        order.with_user(self.cashier).action_pos_order_cancel()
        self.assertEqual(self.tiers.used_orders, 0)

    # === TOO LATE === #

    def test_paid_sale_beyond_the_limit_is_taken_and_filed(self):
        self._limit(limit_orders=1)
        self._tea_sale()
        late = self._tea_sale()
        self.assertEqual(late.state, "paid")
        self.assertTrue(self._row(late).over_limit)
        difference = self._differences(late)
        self.assertRecordValues(
            difference, [{"till_amount": 10.0, "server_amount": 0.0, "state": "open"}]
        )
        self.assertEqual(difference.till_outcome, {str(self.tiers.id): 1000})
        self.assertFalse(difference.server_outcome)

    def test_till_that_had_none_left_is_right(self):
        """It sold without a connection and without a share: not its mistake."""
        self._limit(limit_orders=9)
        told = {"member": None, "used": {str(self.tiers.id): {"orders": 9}}}
        data = {**self._stored_data(), "circumstances": told}
        order = self._tea_sale(given=0, retail_promotion_data=data)
        self.assertFalse(self._differences(order))
        self.assertFalse(self._row(order))

    # === SLICES === #

    def test_share_is_set_aside_and_used_without_a_connection(self):
        self._limit(limit_orders=40, limit_budget=1000)
        answer = self.till.retail_promo_slices()
        key = str(self.tiers.id)
        self.assertEqual(answer["slices"], {key: {"orders": 2, "units": 0, "amount": 5000}})
        self.assertEqual(answer["used"], {key: {"orders": 0, "amount": 0}})
        again = self.till.retail_promo_slices()
        self.assertEqual(again["slices"], answer["slices"])
        self.assertEqual(self.tiers.used_orders, 2)
        order = self._tea_sale()
        self.assertFalse(self._differences(order))
        self.assertEqual(self.tiers.used_orders, 2)
        share = self.config._retail_promo_slices()
        self.assertRecordValues(share, [{"orders": 1, "amount": 40.0, "kind": "slice"}])
        self._close()
        self.assertFalse(share.exists())
        self.assertEqual(self.tiers.used_orders, 1)

    def test_share_that_expired_is_free(self):
        self._limit(limit_orders=40)
        self.till.retail_promo_slices()
        self.config._retail_promo_slices().expires_at -= timedelta(hours=24)
        self.usage._free_expired()
        self.assertEqual(self.tiers.used_orders, 0)

    def test_no_share_of_little_or_of_member_limits(self):
        self._limit(limit_orders=19)
        self.assertFalse(self.till.retail_promo_slices()["slices"])
        self._limit(limit_orders=100, limit_member_orders=1)
        self.assertFalse(self.till.retail_promo_slices()["slices"])
        self._limit(limit_member_orders=0)
        self.config.retail_slice_percent = 0
        self.assertFalse(self.till.retail_promo_slices()["slices"])

    # === REFUNDS === #

    def test_refund_gives_back_to_the_limits(self):
        """Three teas for 207.00 - 30.00; two are kept and still save 10.00; then none is."""
        self._limit(limit_orders=1, limit_budget=100)
        tea = self._goods_line(self.tea, 3)
        ours = self._promotion_line(self.tiers, self.tax15, {tea["uuid"]: 3000})
        order = self._send([tea, ours], 177.0, 23.09, retail_promotion_data=self._stored_data())
        self._refund(order, 1, 2000, -49.0, -6.39)
        self.assertRecordValues(
            self._row(order),
            [{"state": "partly", "orders": 1, "amount": 10.0, "first_amount": 30.0}],
        )
        self._refund(order, 2, 1000, -128.0, -16.7)
        self.assertRecordValues(self._row(order), [{"state": "released", "orders": 0, "amount": 0}])
        self.assertEqual(self.tiers.used_amount, 0)

    def _refund(self, order, qty, taken, total, tax):
        tea = order.lines.filtered(lambda line: line.product_id == self.tea)
        back = self._goods_line(self.tea, -qty, refunded_orderline_id=tea.id)
        take = self._promotion_line(self.tiers, self.tax15, {back["uuid"]: -taken}, qty=-1)
        refund = self._send([back, take], total, tax, is_refund=True)
        self.assertFalse(self._differences(refund))
        return refund

    # === RIGHTS === #

    def test_only_cashiers_of_an_open_till(self):
        clerk = new_test_user(self.env, "limit-clerk", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.config.with_user(clerk).retail_promo_reserve(str(uuid4()), [])
        self._close()
        with self.assertRaisesRegex(UserError, "is closed"):
            self.till.retail_promo_reserve(str(uuid4()), [self._wish()])

    def test_cashier_reads_nothing_of_the_ledger(self):
        self._tea_sale()
        with self.assertRaises(AccessError):
            self.usage.with_user(self.cashier).search([])
