from unittest.mock import patch

from odoo.addons.pos_retail_promo.models.pos_order_check import PosOrder
from odoo.fields import Command
from odoo.tests import tagged

from .common import TillCommon


@tagged("post_install", "-at_install")
class TestSync(TillCommon):
    """What the server does with a paid order of a till."""

    def setUp(self):
        super().setUp()
        self.open_new_session()

    def test_right_order_is_taken_without_difference(self):
        order = self._tea_sale()
        self.assertRecordValues(order, [{"state": "paid", "amount_total": 128.0}])
        self.assertFalse(self._differences(order))
        self.assertRecordValues(
            self._applications(order),
            [
                {
                    "promotion_id": self.tiers.id,
                    "amount": 10.0,
                    "product_id": self.tea.id,
                    "version": self.tiers.version,
                    "state": "granted",
                }
            ],
        )

    def test_wrong_order_is_filed_and_taken(self):
        order = self._tea_sale(given=3000)
        self.assertEqual(order.state, "paid")
        difference = self._differences(order)
        self.assertRecordValues(
            difference,
            [{"till_amount": 30.0, "server_amount": 10.0, "difference": 20.0, "state": "open"}],
        )
        self.assertEqual(difference.till_outcome, {str(self.tiers.id): 3000})
        self.assertEqual(difference.server_outcome, {str(self.tiers.id): 1000})

    def test_promotion_not_given_is_filed(self):
        order = self._tea_sale(given=0)
        self.assertEqual(order.amount_total, 138.0)
        self.assertRecordValues(
            self._differences(order), [{"till_amount": 0.0, "server_amount": 10.0}]
        )

    def test_the_margin_that_the_till_knew_holds(self):
        tea = self._goods_line(self.tea, 2)
        ours = self._promotion_line(self.tiers, self.tax15, {tea["uuid"]: 300})
        told = {"circumstances": {"floors": {tea["uuid"]: [13500, 2000]}}}
        order = self._send([tea, ours], 135.0, 17.61, retail_promotion_data=told)
        self.assertEqual(order.amount_total, 135.0)
        self.assertFalse(self._differences(order))

    def test_same_order_twice_changes_nothing(self):
        order = self._tea_sale(given=3000)
        order._retail_promo_settle()
        self.assertEqual(len(self._differences(order)), 1)
        self.assertEqual(len(self._applications(order)), 1)

    def test_failing_check_does_not_keep_the_sale(self):
        def fail(self):
            self.env.cr.execute("SELECT 1/0")

        with (
            patch.object(PosOrder, "_retail_promo_check", fail),
            self.assertLogs("odoo.addons.pos_retail_promo", "WARNING"),
            self.assertLogs("odoo.sql_db", "ERROR"),
        ):
            order = self._tea_sale()
        self.assertEqual(order.state, "paid")
        self.assertTrue(order.picking_ids)
        self.assertIn("division by zero", self._differences(order).reason)

    def test_nothing_that_fails_keeps_the_sale(self):
        """Neither the check nor the note that it failed."""

        def fail(self, *args):
            self.env.cr.execute("SELECT 1/0")

        with (
            patch.object(PosOrder, "_retail_promo_check", fail),
            patch.object(PosOrder, "_retail_promo_file", fail),
            self.assertLogs("odoo.addons.pos_retail_promo", "WARNING"),
            self.assertLogs("odoo.sql_db", "ERROR"),
        ):
            order = self._tea_sale()
        self.assertEqual(order.state, "paid")
        self.assertTrue(order.picking_ids)

    def test_corrected_by_a_refund_at_the_till(self):
        order = self._tea_sale(given=3000, retail_promotion_data=self._stored_data())
        difference = self._differences(order)
        self.assertFalse(difference._corrections())
        tea = order.lines.filtered(lambda line: line.product_id == self.tea)
        back = self._goods_line(self.tea, -2, refunded_orderline_id=tea.id)
        take = self._promotion_line(
            self.tiers,
            self.tax15,
            {back["uuid"]: -3000},
            qty=-1,
            refunded_orderline_id=(order.lines - tea).id,
        )
        refund = self._send([back, take], -108.0, -14.09, is_refund=True)
        self.assertEqual(difference._corrections(), refund)
        wizard = self.env["retail.promotion.decision"].create(
            {"difference_id": difference.id, "decision": "corrected", "reason": "Sold anew"}
        )
        wizard.action_decide()
        self.assertRecordValues(difference, [{"state": "corrected", "settlement_ref": refund}])

    def test_version_of_the_till_counts(self):
        """A sale made offline is judged by the rules that the till had."""
        version = self.tiers.version
        self.tiers.action_pause()
        self.tiers.tier_ids[0].amount = 12
        self.tiers.action_resume()
        self.assertGreater(self.tiers.version, version)
        tea = self._goods_line(self.tea, 2)
        ours = self._promotion_line(
            self.tiers, self.tax15, {tea["uuid"]: 1000}, retail_promotion_version=version
        )
        order = self._send([tea, ours], 128.0, 16.7)
        self.assertFalse(self._differences(order))

    def test_hour_of_the_till_counts(self):
        """A promotion that ended between the sale and its arrival was rightly given."""
        data = {"circumstances": {"utc": "2020-01-01T00:00:00Z", "now": "2020-01-01T08:00:00"}}
        order = self._tea_sale(retail_promotion_data=data)
        self.assertRecordValues(
            self._differences(order), [{"till_amount": 10.0, "server_amount": 0.0}]
        )

    def test_draft_is_not_judged(self):
        tea = self._goods_line(self.tea, 2)
        order = self._send([tea], 138.0, 18.0, state="draft", payment_ids=[], amount_paid=0)
        self.assertEqual(order.state, "draft")
        self.assertFalse(self._differences(order))
        self.assertFalse(self._applications(order))

    def test_loading_a_gift_card_is_no_purchase(self):
        """Two cards for 60.00 each reach the first step of 100.00, but buy nothing."""
        card = self.create_product("Gift Card", self.categ_basic, 60.0, 0.0)
        card.type = "service"
        self.env["loyalty.program"].create(
            {
                "name": "Gift Cards",
                "program_type": "gift_card",
                "applies_on": "future",
                "trigger": "auto",
                "rule_ids": [Command.create({"product_ids": card.ids})],
                "reward_ids": [
                    Command.create({"reward_type": "discount", "discount_mode": "per_point"})
                ],
            }
        )
        place = self.config._retail_promotion_place()
        self.assertIn(card.id, place["_retail_payment_product_ids"])
        self.assertNotIn(self.tea.id, place["_retail_payment_product_ids"])
        order = self._send([self._goods_line(card, 2)], 120.0, 0.0)
        self.assertFalse(self._differences(order))
