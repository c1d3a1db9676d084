from datetime import date

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo.tests import tagged

from .common_loyalty import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestPointsOrders(LoyaltyCommon):
    """Points of sales orders: by class, by promotion, used in part, taken back, expired."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = cls._goods(100)
        cls.vip = cls.env.ref("retail_crm.class_vip")

    def _bought(self, qty=1, **values):
        order = self._order((self.goods, qty), partner_id=self.member.id, **values)
        order._update_programs_and_rewards()
        order.action_confirm()
        return order

    def _kinds(self, member=None):
        moves = self.env["retail.points.move"].search(
            [("partner_id", "=", (member or self.member).id)], order="id"
        )
        return [(move.kind, move.points) for move in moves]

    def _credit(self, order, qty):
        invoice = order.invoice_ids.filtered(lambda move: move.move_type == "out_invoice")
        if not invoice:
            invoice = order._create_invoices()
            invoice.action_post()
        refund = invoice._reverse_moves()
        refund.invoice_line_ids.filtered(lambda line: line.product_id == self.goods).quantity = qty
        refund.action_post()

    # === EARNING === #

    def test_a_purchase_earns_by_class(self):
        order = self._bought()
        self.assertEqual(self._points(), 100)
        move = self.env["retail.points.move"].search([("partner_id", "=", self.member.id)])
        self.assertRecordValues(
            move, [{"kind": "earned", "document": f"sale.order,{order.id}", "name": order.name}]
        )
        self.vip.points_multiplier = 1.5
        self.member.retail_class_id = self.vip
        self._bought()
        self.assertEqual(self._points(), 250)
        self.assertBook()

    def test_a_promotion_gives_extra_points(self):
        group = self.env["retail.promotion.group"].create(
            {"name": "Points", "mode": "compound", "sequence": 1, "company_id": self.company.id}
        )
        fixed = self._promotion(
            name="Fifty", reward_kind="points", reward_points=50, group_id=group.id, stackable=True
        )
        rate = self._promotion(
            name="Rate", reward_kind="points", reward_points=3, points_by="spent",
            group_id=group.id, stackable=True,
        )  # fmt: skip
        self.assertEqual(fixed.reward_text, "50 extra points")
        self.assertIn("3 extra points for every", rate.reward_text)
        self.assertIn("extra points.", fixed.preview)
        order = self._bought(2)
        self.assertEqual(order.amount_total, 200)
        self.assertEqual(self._points(), 200 + 50 + 6)
        self._credit(order, 1)
        self.assertEqual(self._points(), 100 + 25 + 3)
        order._action_cancel()
        self.assertEqual(self._points(), 0)
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self._points(), 200 + 50 + 6)
        self.assertBook()

    def test_who_is_no_member_gets_none(self):
        self._promotion(name="Fifty", reward_kind="points", reward_points=50)
        order = self._order((self.goods, 1))
        order.action_confirm()
        self.assertFalse(
            self.env["retail.points.move"].search(
                [("document", "=like", f"sale.order,{order.id},%")]
            )
        )

    # === USING === #

    def _pay_with_points(self, order):
        order._update_programs_and_rewards()
        ((card, rewards),) = order._get_claimable_rewards().items()
        order._apply_program_reward(rewards, card)
        return -sum(order.order_line.filtered("reward_id").mapped("price_total"))

    def test_points_never_pay_more_than_the_bill(self):
        self.member._retail_points(5000, "A game", "Won")
        order = self._order((self.goods, 1), partner_id=self.member.id)
        self.assertEqual(self._pay_with_points(order), 100)
        order.action_confirm()
        # Stock counts what was bought, however it is paid.
        self.assertEqual((order.amount_total, self._points()), (0, 4100))

    def test_points_pay_a_share_at_most(self):
        self.points.reward_ids.retail_bill_percent = 30
        self.member._retail_points(5000, "A game", "Won")
        order = self._order((self.goods, 1), partner_id=self.member.id)
        self.assertAlmostEqual(self._pay_with_points(order), 30)
        # Asked again, no more: the share is of the whole bill.
        self.assertAlmostEqual(sum(order.order_line.mapped("price_total")), 70)
        self.assertLessEqual(order._retail_points_pay_most(self.points.reward_ids, 70), 0)
        order.action_confirm()
        self.assertEqual(
            self._kinds(), [("earned", 5000), ("used", -200), ("earned", 100), ("used", -100)]
        )

    def test_the_customer_uses_part_of_the_points(self):
        self.member._retail_points(5000, "A game", "Won")
        order = self._order((self.goods, 1), partner_id=self.member.id, retail_points_most=120)
        self.assertAlmostEqual(self._pay_with_points(order), 12)

    # === TAKEN BACK === #

    def test_a_refund_takes_points_back_below_zero(self):
        order = self._bought()
        self.member._retail_points(-90, "A game", "Entry")
        self._credit(order, 1)
        self.assertEqual(self._points(), -90)
        self.assertEqual(self._kinds()[-1], ("clawed", -100))
        # Paid and counted once, though more is posted for the order; the next one settles it.
        order._retail_points_follow_credit()
        self.assertEqual(self._points(), -90)
        self._bought()
        self.assertEqual(self._points(), 10)
        self.assertBook()

    def test_a_cancelled_order_is_as_if_it_had_never_been(self):
        self.member._retail_points(100, "A game", "Won")
        order = self._order((self.goods, 1), partner_id=self.member.id)
        # Those of this order count already: 200 points.
        self.assertEqual(self._pay_with_points(order), 20)
        order.action_confirm()
        self.assertEqual(self._points(), 100 + 100 - 200)
        order._action_cancel()
        self.assertEqual(self._points(), 100)
        totals = {}
        for kind, points in self._kinds():
            totals[kind] = totals.get(kind, 0) + points
        self.assertEqual(totals, {"earned": 200, "used": 0, "clawed": -100})
        self.assertBook()

    def _paid_with_points(self, qty, points=400):
        """Buy goods at 100 each, a tenth of a unit of money for each point."""
        self.member._retail_points(points, "A game", "Won")
        order = self._order((self.goods, qty), partner_id=self.member.id, retail_points_most=points)
        self.assertAlmostEqual(self._pay_with_points(order), points / 10)
        order.action_confirm()
        return order

    def test_points_come_back_with_what_a_credit_note_takes_off(self):
        order = self._paid_with_points(2)
        self.assertEqual(self._points(), 200)
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 160)
        # The goods come back in money: the points stay used.
        refund = invoice._reverse_moves()
        refund.invoice_line_ids.filtered(lambda line: line.product_id == self.goods).quantity = 1
        refund.invoice_line_ids.filtered(lambda line: line.price_unit < 0).quantity = 0
        refund.action_post()
        self.assertEqual((refund.amount_total, self._points()), (100, 100))
        # The other one with what the points paid.
        refund = invoice._reverse_moves()
        refund.invoice_line_ids.filtered(lambda line: line.product_id == self.goods).quantity = 1
        refund.action_post()
        self.assertEqual((refund.amount_total, self._points()), (60, 400))
        self.assertEqual(self._kinds()[-2:], [("clawed", -100), ("used", 400)])
        order._retail_points_follow_credit()
        self.assertEqual(self._points(), 400)
        self.assertBook()

    def test_who_orders_less_pays_the_same_part_with_points(self):
        order = self._paid_with_points(2)
        invoice = order._create_invoices()
        invoice.action_post()
        order.order_line.filtered(lambda line: line.product_id == self.goods).product_uom_qty = 1
        self.assertEqual((order.amount_total, self._points()), (80, 300))
        refund = order._create_invoices(final=True)
        refund.action_post()
        self.assertEqual((refund.move_type, refund.amount_total), ("out_refund", 80))
        self.assertEqual(self._points(), 300)
        # Nothing is kept: no more comes back than was paid, and all of the points.
        order.order_line.filtered(lambda line: line.product_id == self.goods).product_uom_qty = 0
        self.assertEqual((order.amount_total, self._points()), (0, 400))
        self.assertEqual(order._create_invoices(final=True).amount_total, 80)
        self.assertBook()

    def test_a_cancelled_order_after_ordering_less(self):
        order = self._paid_with_points(2)
        order.order_line.filtered(lambda line: line.product_id == self.goods).product_uom_qty = 1
        order._action_cancel()
        self.assertEqual(self._points(), 400)
        self.assertBook()

    def test_orders_confirmed_together_have_their_own_points(self):
        orders = self._order((self.goods, 1), partner_id=self.member.id)
        orders |= self._order((self.goods, 2), partner_id=self.member.id)
        for order in orders:
            order._update_programs_and_rewards()
        orders.action_confirm()
        documents = self.env["retail.points.move"].search([]).grouped("document")
        for order, points in zip(orders, (100, 200), strict=True):
            self.assertEqual(documents[f"sale.order,{order.id}"].points, points)

    def test_a_member_merged_in_the_middle(self):
        order = self._bought()
        survivor = self._member("Anna")
        survivor._retail_points(5, "A game", "Won")
        survivor._retail_merge(self.member)
        self.assertEqual(self._points(survivor), 105)
        self._credit(order, 1)
        self.assertEqual(self._points(survivor), 5)
        other = self._bought_by(survivor)
        last = self._member("Anne")
        last._retail_points(1, "A game", "Won")
        last._retail_merge(survivor)
        other._action_cancel()
        self.assertEqual(self._points(last), 6)
        self.assertBook()

    def _bought_by(self, member):
        self.member = member
        return self._bought()

    # === EXPIRY === #

    def _earned(self, points, months_ago):
        move = self.member._retail_points(points, "A game", "Won")
        move.day = date.today() - relativedelta(months=months_ago, days=1)
        return move

    def test_the_oldest_points_expire_first(self):
        self._earned(100, 13)
        self._earned(50, 6)
        self.member._retail_points(-30, "A game", "Entry")
        self.points.retail_expiry_months = 12
        with self.enter_registry_test_mode():
            self.env.ref("retail_promo.ir_cron_expire_points").method_direct_trigger()
        self.assertEqual(self._points(), 50)
        self.assertEqual(self._kinds()[-1], ("expired", -70))
        self.assertFalse(self.points._expiring_points())
        self.assertBook()

    def test_points_used_first_don_t_expire(self):
        self._earned(100, 13)
        self._earned(50, 6)
        self.member._retail_points(-120, "A game", "Entry")
        self.points.retail_expiry_months = 12
        self.assertFalse(self.points._expiring_points())

    def test_a_day_is_the_company_s(self):
        """Earned at 17:00 UTC: it is the next day in Taipei already."""
        with freeze_time("2026-03-31 17:00:00"):
            move = self.member._retail_points(10, "A game", "Won")
            self.assertEqual(move.day, date(2026, 4, 1))
        self.points.retail_expiry_months = 1
        with freeze_time("2026-05-01 15:59:00"):
            self.assertFalse(self.points._expiring_points())
        with freeze_time("2026-05-01 16:01:00"):
            self.assertEqual(len(self.points._expiring_points()), 1)
