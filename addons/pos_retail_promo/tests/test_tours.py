from datetime import date, timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .common_tour import PromoTourCommon


@tagged("post_install", "-at_install")
class TestPromotionTours(PromoTourCommon):
    def test_sale_with_member_and_tiers(self):
        session = self._open()
        self.start_pos_tour("pos_retail_promo_sale", login="cashier")
        order = session.order_ids
        self.assertRecordValues(
            order, [{"state": "paid", "amount_total": 146.0, "amount_tax": 16.85}]
        )
        self.assertEqual(order.partner_id, self.member)
        given = {self.percent: 0.0, self.tiers: 0.0}
        for line in order.lines.filtered(lambda line: line.retail_shares):
            given[line.retail_promotion_id] -= line.price_subtotal_incl
        self.assertEqual(given, {self.percent: 2.0, self.tiers: 10.0})
        self.assertFalse(self._differences(order))

    def test_leaving_the_payment_screen_frees_what_was_held(self):
        self.tiers.action_pause()
        self.tiers.limit_orders = 5
        self.tiers.action_resume()
        self._open()
        self.start_pos_tour("pos_retail_promo_limited", login="cashier")
        rows = self.env["retail.promotion.usage"].search([("promotion_id", "=", self.tiers.id)])
        self.assertRecordValues(rows, [{"state": "consumed", "orders": 1, "amount": 10.0}])
        self.assertEqual(self.tiers.used_orders, 1)

    def test_refund_evaluates_what_is_kept(self):
        session = self._open()
        self.start_pos_tour("pos_retail_promo_refund", login="cashier", timeout=180)
        sale, first, second = session.order_ids.sorted("id")
        self.assertEqual(
            [order.amount_total for order in (sale, first, second)], [177.0, -49.0, -59.0]
        )
        self.assertFalse(self._differences(first) | self._differences(second))
        session.post_closing_cash_details(69.0)
        session.close_session_from_ui()
        self.assertEqual(session.state, "closed")
        discounts = session.move_id.line_ids.filtered(
            lambda line: line.account_id == self.discount_account and not line.tax_line_id
        )
        self.assertAlmostEqual(sum(discounts.mapped("balance")), 0.0, places=2)

    def test_exchange(self):
        """One tea comes back against cups; the customer gets the rest in the end."""
        session = self._open()
        self.start_pos_tour("pos_retail_promo_exchange", login="cashier", timeout=180)
        sale, exchange = session.order_ids.sorted("id")
        self.assertRecordValues(
            exchange, [{"state": "paid", "amount_total": -39.0, "is_refund": True}]
        )
        self.assertEqual(exchange.refunded_order_id, sale)
        self.assertFalse(self._differences(exchange))
        self.assertAlmostEqual(self.tiers.granted_amount, 0.0)

    def test_gifts_with_substitutes(self):
        category = self.cup.pos_categ_ids
        spoon, bag = (
            self._goods(name, price, category, self.env["account.tax"])
            for name, price in (("Spoon", 5.0), ("Bag", 3.0))
        )
        self.env["stock.quant"]._update_available_quantity(bag, self.store.lot_stock_id, 3)
        gift = self._promotion(
            name="A gift with cups",
            reward_kind="gift",
            product_scope="some",
            product_ids=[Command.set(self.cup.ids)],
            group_size=2,
            stackable=True,
            gift_ids=[
                Command.create({"product_id": spoon.id, "sequence": 1}),
                Command.create({"product_id": bag.id, "sequence": 2}),
            ],
            group_id=self.percent.group_id.id,
        )
        session = self._open()
        self.start_pos_tour("pos_retail_promo_gift", login="cashier", timeout=180)
        order = session.order_ids
        self.assertEqual(order.amount_total, 40.0)
        given = order.lines.filtered("retail_gift_of_id")
        self.assertRecordValues(
            given, [{"product_id": bag.id, "qty": 1.0, "retail_gift_of_id": gift.id}]
        )
        self.assertFalse(self._differences(order))

    def test_offline_sale_is_synced(self):
        session = self._open()
        self.start_pos_tour("pos_retail_promo_offline", login="cashier")
        orders = session.order_ids.sorted("amount_total")
        self.assertEqual(orders.mapped("amount_total"), [20.0, 128.0])
        self.assertEqual(orders.mapped("state"), ["paid", "paid"])
        self.assertFalse(self._differences(orders[1]))

    def test_points_pay_come_back_and_buy_an_offer(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Points",
                "program_type": "loyalty",
                "trigger": "auto",
                "applies_on": "both",
                "company_id": self.company.id,
                "portal_visible": True,
                "rule_ids": [Command.create({"reward_point_mode": "order"})],
                "reward_ids": [
                    Command.create(
                        {"discount_mode": "per_point", "discount": 0.1, "required_points": 1}
                    )
                ],
            }
        )
        self.company.retail_points_program_id = program
        self.member._retail_points(500, "A game", "Won")
        promotion = self._promotion(
            name="Coupon half price",
            percent=50,
            needs_coupon=True,
            product_scope="some",
            product_ids=[Command.set(self.cup.ids)],
        )
        self.env["retail.points.offer"].create(
            {"name": "Half a cup", "points": 100, "promotion_id": promotion.id}
        )
        session = self._open()
        self.start_pos_tour("pos_retail_promo_points", login="cashier", timeout=240)
        sale, refund, last = session.order_ids.sorted("id")
        self.assertEqual((sale.amount_total, sale.retail_points_most), (108, 200))
        self.assertEqual(refund.amount_total, -49)
        self.assertFalse(self._differences(sale) | self._differences(refund))
        totals = dict(
            self.env["retail.points.move"]._read_group(
                [("partner_id", "=", self.member.id)], ["kind"], ["points:sum"]
            )
        )
        # A point for each order; 200 paid, 100 of them came back; the offer took 100.
        self.assertEqual(totals["used"], -200)
        self.assertIn(promotion, last.lines.retail_promotion_id)

    def test_coupon_codes(self):
        """Taken, taken off, refused with a reason, used once, not checked without a connection."""
        promotion = self._promotion(
            name="Coupon half price",
            percent=50,
            needs_coupon=True,
            product_scope="some",
            product_ids=[Command.set(self.cup.ids)],
        )
        good, expired = promotion._issue_coupons([None, None], "A fair")
        good.code, expired.code = "TOUR-COUPON", "TOUR-EXPIRED"
        expired.expiration_date = date.today() - timedelta(days=3)
        session = self._open()
        self.start_pos_tour("pos_retail_promo_coupon", login="cashier")
        self.assertEqual(good.retail_state, "used")
        order = session.order_ids.filtered(lambda order: order.state == "paid")
        self.assertEqual(good.retail_document, f"pos.order,{order.uuid}")
        self.assertFalse(self._differences(order))
