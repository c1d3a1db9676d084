from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import PromoCommon


@tagged("post_install", "-at_install")
class TestReturns(PromoCommon):
    """Goods of a confirmed order come back: what is refunded, and what promotions take back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = cls._goods(100)
        cls.usage = cls.env["retail.promotion.usage"]

    def _sold(self, *lines, **values):
        order = self._order(*lines, **values)
        order.action_confirm()
        return order

    def _invoice(self, order):
        invoice = order._create_invoices(final=True)
        invoice.action_post()
        return invoice

    def _paid(self, order):
        """Return what the customer paid less what was refunded."""
        moves = order.invoice_ids.filtered(lambda move: move.state == "posted")
        return round(sum(-move.amount_total_signed * -1 for move in moves), 2)

    def _use(self, order):
        return self.usage._of_document(f"sale.order,{order.id}")

    def _less(self, order, qty):
        order.order_line[0].product_uom_qty = qty
        return self._invoice(order)

    # === THE RULE === #

    def test_earn_refund_keep_is_impossible(self):
        """Reach the step with three, give two back: the last one costs what one costs."""
        self._steps((300, 30))
        order = self._sold((self.goods, 3))
        self.assertEqual(self._invoice(order).amount_total, 270)
        refund = self._less(order, 1)
        self.assertEqual((refund.move_type, refund.amount_total), ("out_refund", 170))
        self.assertEqual((order.amount_total, self._paid(order)), (100, 100))
        self.assertEqual(order.invoice_status, "invoiced")

    def test_several_steps_back_and_no_more_than_was_paid(self):
        self._steps((100, 10), (200, 30), (400, 100))
        order = self._sold((self.goods, 4))
        self._invoice(order)
        left = []
        for qty in (3, 2, 1, 0):
            self._less(order, qty)
            left.append((self._paid(order), order.amount_total))
        self.assertEqual(left, [(270, 270), (170, 170), (90, 90), (0, 0)])

    def test_a_lower_step_is_kept(self):
        promotion = self._steps((100, 10), (200, 30), limit_budget=100)
        order = self._sold((self.goods, 2))
        self._invoice(order)
        self._less(order, 1)
        self.assertEqual(self._paid(order), 90)
        self.assertGives(order, 10)
        self.assertRecordValues(
            self._use(order), [{"state": "partly", "amount": 10, "first_amount": 30}]
        )
        self.assertEqual(promotion.used_amount, 10)
        granted = self.env["retail.promotion.application"].search(
            [("document", "=", f"sale.order,{order.id}")]
        )
        self.assertEqual(sum(granted.mapped("amount")), 10)

    def test_shortfall_is_not_collected(self):
        """Three for 100: the two that are kept cost more, nothing is paid back or asked for."""
        self._promotion(reward_kind="bundle", group_size=3, reward_price=100)
        goods = self._goods(90)
        order = self._sold((goods, 3))
        self.assertEqual(self._invoice(order).amount_total, 100)
        order.order_line[0].product_uom_qty = 2
        self.assertEqual(order.amount_total, 100)
        self.assertGives(order, 80)
        order.order_line[0].product_uom_qty = 1
        self.assertEqual(order.amount_total, 90)
        self._invoice(order)
        self.assertEqual(self._paid(order), 90)

    def test_nothing_more_is_given_for_giving_back(self):
        """What holds for the kept goods alone is no reason to give more than was given."""
        self._promotion(percent=10, product_scope="some", product_ids=[Command.set(self.goods.ids)])
        dear = self._goods(500)
        order = self._sold((self.goods, 2), (dear, 1))
        self._invoice(order)
        order.order_line[1].product_uom_qty = 0
        self.assertGives(order, 20)
        self._invoice(order)
        self.assertEqual(self._paid(order), 180)

    def test_its_own_version_and_moment_hold(self):
        promotion = self._steps((100, 10), (300, 60))
        order = self._sold((self.goods, 3))
        self._invoice(order)
        promotion.action_pause()
        promotion.tier_ids[0].amount = 99
        promotion.action_resume()
        promotion.action_end()
        self._less(order, 2)
        self.assertEqual(self._paid(order), 190)

    def test_used_up_quota_doesn_t_hinder_what_is_kept(self):
        promotion = self._steps((100, 10), (200, 30), limit_orders=1)
        order = self._sold((self.goods, 2))
        self._invoice(order)
        self._less(order, 1)
        self.assertGives(order, 10)
        self.assertEqual(promotion.used_orders, 1)
        self._less(order, 0)
        self.assertEqual((promotion.used_orders, self._use(order).state), (0, "released"))
        self.assertGives(self._order((self.goods, 2)), 30)

    def test_before_invoicing_too(self):
        self._steps((300, 30))
        order = self._sold((self.goods, 3))
        order.order_line[0].product_uom_qty = 1
        self.assertEqual(order.amount_total, 100)
        self.assertEqual(self._invoice(order).amount_total, 100)

    def test_both_lines_in_one_save(self):
        self._steps((300, 30))
        order = self._sold((self.goods, 2), (self._goods(50), 2))
        self._invoice(order)
        order.write(
            {
                "order_line": [
                    Command.update(order.order_line[0].id, {"product_uom_qty": 1}),
                    Command.update(order.order_line[1].id, {"product_uom_qty": 1}),
                ]
            }
        )
        self._invoice(order)
        self.assertEqual((order.amount_total, self._paid(order)), (150, 150))

    def test_the_order_tells_what_is_taken_back(self):
        self._steps((300, 30))
        order = self._sold((self.goods, 3))
        order.order_line[0].product_uom_qty = 2
        self.assertIn("30.00 before", order.message_ids[0].body.replace("\N{NO-BREAK SPACE}", ""))

    def test_ordering_more_changes_no_promotion(self):
        self._steps((100, 10), (300, 60))
        order = self._sold((self.goods, 1))
        order.order_line[0].product_uom_qty = 3
        self.assertGives(order, 10)
        order.order_line[0].product_uom_qty = 2
        self.assertGives(order, 10)

    # === RETURNED TO STOCK === #

    def test_goods_invoiced_as_delivered(self):
        """Three delivered and invoiced, two returned to stock: the step isn't reached any more."""
        promotion = self._steps((300, 30), limit_orders=5)
        goods = self._goods(100, invoice_policy="delivery", is_storable=True)
        order = self._sold((goods, 3))
        picking = order.picking_ids
        picking.move_ids.write({"quantity": 3, "picked": True})
        picking.button_validate()
        self.assertEqual(self._invoice(order).amount_total, 270)
        form = Form(
            self.env["stock.return.picking"].with_context(
                active_id=picking.id, active_ids=picking.ids, active_model="stock.picking"
            )
        )
        wizard = form.save()
        wizard.product_return_moves.write({"quantity": 2, "to_refund": True})
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back.move_ids.write({"quantity": 2, "picked": True})
        back.button_validate()
        order.order_line[0].product_uom_qty = 1
        self.assertEqual(order.amount_total, 100)
        refund = self._invoice(order)
        self.assertEqual((refund.move_type, refund.amount_total), ("out_refund", 170))
        self.assertEqual(self._paid(order), 100)
        self.assertEqual(self._use(order).state, "released")
        self.assertEqual(promotion.used_orders, 0)

    # === CREDIT NOTES === #

    def test_reversed_and_invoiced_again(self):
        promotion = self._steps((300, 30), limit_orders=1)
        order = self._sold((self.goods, 3))
        invoice = self._invoice(order)
        self._credit_note(invoice).action_post()
        self.assertEqual((self._paid(order), promotion.used_orders), (0, 0))
        self.assertEqual(self._invoice(order).amount_total, 270)
        self.assertEqual((self._paid(order), promotion.used_orders), (270, 1))

    def _filed(self, credit):
        return self.env["retail.promotion.difference"].search(
            [("document", "=", f"account.move,{credit.id}")]
        )

    def test_credit_note_by_hand_follows_the_rule(self):
        """The attack by another way: two of three credited. The last one costs what one costs."""
        promotion = self._steps((300, 30), limit_orders=5)
        order = self._sold((self.goods, 3))
        invoice = self._invoice(order)
        credit = self._credit_note(invoice)
        self.assertEqual(credit.amount_total, 270)
        self.assertFalse(credit.retail_promo_note)
        with Form(credit) as form, form.invoice_line_ids.edit(0) as line:
            line.quantity = 2
        self.assertEqual(credit.amount_total, 170)
        note = credit.retail_promo_note.replace("\N{NO-BREAK SPACE}", "")
        self.assertEqual(note, f"Promotion gives $0.00 on what is kept of {order.name}.")
        credit.action_post()
        self.assertFalse(self._filed(credit))
        self.assertEqual((self._paid(order), promotion.used_orders), (100, 0))
        # Lowering the order as well changes nothing more.
        order.order_line[0].product_uom_qty = 1
        self.assertEqual((order.amount_total, order.invoice_status), (100, "invoiced"))

    def test_credit_note_by_hand_and_what_is_invoiced_again(self):
        promotion = self._steps((200, 20), (300, 60), limit_orders=5)
        order = self._sold((self.goods, 3))
        invoice = self._invoice(order)
        self._credit_note(invoice, {self.goods: 1}).action_post()
        self.assertEqual((self._paid(order), promotion.used_amount), (180, 20))
        self._credit_note(invoice, {self.goods: 1}).action_post()
        self.assertEqual((self._paid(order), promotion.used_amount), (100, 0))
        again = order._create_invoices()
        with Form(again) as form, form.invoice_line_ids.edit(0) as line:
            line.quantity = 1
        again.action_post()
        self.assertEqual((self._paid(order), promotion.used_amount), (180, 20))
        self.assertEqual(self._invoice(order).amount_total, 60)
        self.assertRecordValues(self._use(order), [{"state": "consumed", "amount": 60}])
        self.assertEqual(self._paid(order), 240)

    def test_credit_note_by_hand_never_pays_more_than_was_paid(self):
        """Three for 100: one comes back, the kept ones cost more than all three did."""
        self._promotion(reward_kind="bundle", group_size=3, reward_price=100)
        goods = self._goods(90)
        order = self._sold((goods, 3))
        credit = self._credit_note(self._invoice(order), {goods: 1})
        self.assertEqual(credit.amount_total, 0)
        credit.action_post()
        self._credit_note(order.invoice_ids[0], {goods: 1}).action_post()
        self.assertEqual(self._paid(order), 90)

    def test_one_of_two_invoices_reversed(self):
        """Delivered and invoiced in parts; the whole credit note of one of them follows, too."""
        self._steps((300, 30))
        policy = {"invoice_policy": "delivery", "type": "service", "service_type": "manual"}
        goods = self._goods(100, **policy)
        order = self._sold((goods, 3))
        for delivered in (1, 3):
            order.order_line[0].qty_delivered = delivered
            self._invoice(order)
        first = order.invoice_ids.sorted("id")[0]
        self.assertEqual(first.amount_total, 90)
        credit = self._credit_note(first)
        self.assertEqual(credit.amount_total, 70)
        credit.action_post()
        self.assertEqual(self._paid(order), 200)
        # It comes back to the store: nothing is left to be invoiced.
        order.order_line[0].qty_delivered = 2
        self.assertEqual(self._ours(order).qty_to_invoice, 0)

    def test_a_credit_note_collects_nothing(self):
        """The order was lowered, but a smaller piece is credited by hand first."""
        promotion = self._steps((300, 30))
        order = self._sold((self.goods, 3))
        invoice = self._invoice(order)
        order.order_line[0].product_uom_qty = 1
        credit = self._credit_note(invoice, {self.goods: 0.1})
        self.assertEqual(credit.amount_total, 0)
        credit.action_post()
        self.env.flush_all()
        rows = self.env["retail.promotion.reconciliation"].search(
            [("promotion_id", "=", promotion.id)]
        )
        self.assertAlmostEqual(sum(rows.mapped("difference")), 0.0, places=6)
        self.assertAlmostEqual(sum(rows.mapped("not_credited")), 20.0, places=6)
        self._invoice(order)
        self.assertEqual(self._paid(order), 100)

    def _two_invoices(self, price):
        """Sell 2 x 100 without tax and 2 x price with tax, 30 off: an invoice each."""
        policy = {"invoice_policy": "delivery", "type": "service", "service_type": "manual"}
        self._steps((200, 30))
        other = self._goods(price, self.tax20_included, **policy)
        order = self._sold((self._goods(100, **policy), 2), (other, 2))
        for line in order.order_line[:2]:
            line.qty_delivered = 2
            self._invoice(order)
        return order, other

    def _difference(self, order):
        """Return what the reconciliation of the order doesn't explain."""
        self.env.flush_all()
        rows = self.env["retail.promotion.reconciliation"].search([("document", "=", order.name)])
        self.assertTrue(rows)
        return sum(rows.mapped("difference"))

    def test_what_goods_of_another_invoice_are_due_more_waits(self):
        """The discount is kept whole, on less: what the first invoice's goods get more."""
        order, other = self._two_invoices(50)
        credit = self._credit_note(order.invoice_ids.sorted("id")[1], {other: 1})
        credit.action_post()
        # 30 on 300 were 20 and 10; on 250 they are 24 and 6.
        self.assertEqual((credit.amount_total, self._paid(order)), (46, 224))
        self.assertRecordValues(
            self._filed(credit), [{"till_amount": 26, "server_amount": 30, "state": "open"}]
        )
        self.assertAlmostEqual(self._difference(order), 0.0, places=6)
        # It isn't delivered again: the order is lowered, and the next invoice gives the rest.
        order.order_line[1].write({"qty_delivered": 1, "product_uom_qty": 1})
        rest = self._invoice(order)
        self.assertEqual((rest.move_type, rest.amount_total), ("out_refund", 4))
        self.assertEqual((self._paid(order), order.amount_total), (220, 220))
        self.assertAlmostEqual(self._difference(order), 0.0, places=6)

    def test_cents_that_wait_are_no_difference(self):
        """Too little to be filed, and more than rounding costs."""
        order, other = self._two_invoices(0.2)
        credit = self._credit_note(order.invoice_ids.sorted("id")[1], {other: 1})
        credit.action_post()
        ours = self._ours(order)
        self.assertEqual(sum(ours.mapped("retail_due")), 30)
        self.assertEqual([line._retail_promo_apart() for line in ours], [-3, 0])
        self.assertFalse(self._filed(credit))
        self.assertAlmostEqual(self._difference(order), 0.0, places=6)
        # It is invoiced after all: the whole order's discount is given, to the cent.
        self._invoice(order)
        self.assertEqual((self._paid(order), order.amount_total), (170.4, 170.4))
        self.assertAlmostEqual(self._difference(order), 0.0, places=6)

    def test_a_credit_note_that_takes_back_too_much_is_a_difference(self):
        """Somebody raised what it takes back: that isn't settled by the next invoice."""
        self._promotion(percent=10)
        order = self._sold((self.goods, 3))
        credit = self._credit_note(self._invoice(order), {self.goods: 1})
        ours = credit.invoice_line_ids.filtered("retail_promotion_id")
        ours.price_unit *= 2
        credit.action_post()
        self.assertAlmostEqual(self._difference(order), 10.0, places=6)

    def test_a_discount_kept_by_hand_is_filed(self):
        self._steps((300, 30))
        order = self._sold((self.goods, 3))
        credit = self._credit_note(self._invoice(order), {self.goods: 2})
        credit.invoice_line_ids.filtered("retail_promotion_id").price_unit = -20
        credit.action_post()
        self.assertRecordValues(
            self._filed(credit), [{"till_amount": 10, "server_amount": 0, "state": "open"}]
        )
        # What the difference says to do: lower the order, and invoice what is due.
        order.order_line[0].product_uom_qty = 1
        self.assertEqual(order.invoice_status, "to invoice")
        due = self._invoice(order)
        self.assertEqual((due.move_type, due.amount_total), ("out_invoice", 10))
        self.assertEqual((self._paid(order), order.invoice_status), (100, "invoiced"))

    def test_a_promotion_that_only_the_kept_goods_get_is_filed(self):
        """The better of two: on what is kept, it is the other one, of which no line exists."""
        dear = self._goods(400)
        self._promotion(
            name="Dear", percent=10, product_scope="some", product_ids=[Command.set(dear.ids)]
        )
        self._promotion(
            name="Goods",
            percent=20,
            product_scope="some",
            product_ids=[Command.set(self.goods.ids)],
        )
        order = self._sold((self.goods, 1), (dear, 1))
        self.assertGives(order, 40)
        credit = self._credit_note(self._invoice(order))
        with Form(credit) as form, form.invoice_line_ids.edit(0) as line:
            line.quantity = 0
        credit.action_post()
        self.assertRecordValues(
            self._filed(credit), [{"till_amount": 0, "server_amount": 20, "state": "open"}]
        )
        order.order_line.filtered(lambda line: line.product_id == dear).product_uom_qty = 0
        refund = self._invoice(order)
        self.assertEqual((refund.move_type, refund.amount_total), ("out_refund", 20))
        self.assertEqual((order.amount_total, self._paid(order)), (80, 80))

    def test_what_lowering_the_order_owes_is_paid_back(self):
        """All that is kept is invoiced, but each piece gets more now than its invoice gave."""
        self._steps((200, 30))
        policy = {"invoice_policy": "delivery", "type": "service", "service_type": "manual"}
        order = self._sold((self._goods(100, **policy), 3))
        order.order_line[0].qty_delivered = 2
        self.assertEqual(self._invoice(order).amount_total, 180)
        order.order_line[0].product_uom_qty = 2
        self.assertEqual((order.amount_total, order.invoice_status), (170, "to invoice"))
        refund = self._invoice(order)
        self.assertEqual((refund.move_type, refund.amount_total), ("out_refund", 10))
        self.assertEqual((self._paid(order), order.invoice_status), (170, "invoiced"))

    def test_more_than_was_invoiced_can_t_be_credited(self):
        """Earn, refund, keep: more pieces, twice, or dearer than they were."""
        self._promotion(percent=10)
        order = self._sold((self.goods, 3))
        invoice = self._invoice(order)
        with self.assertRaisesRegex(UserError, "credits 2 more of"):
            self._credit_note(invoice, {self.goods: 5}).action_post()
        dearer = self._credit_note(invoice)
        dearer.invoice_line_ids[0].price_unit = 150
        with self.assertRaisesRegex(UserError, "more than was paid"):
            dearer.action_post()
        twice = self._credit_note(invoice) | self._credit_note(invoice)
        twice[0].action_post()
        self.assertEqual(self._paid(order), 0)
        with self.assertRaisesRegex(UserError, "credits 3 more of"):
            twice[1].action_post()

    def test_nothing_is_ordered_below_zero(self):
        self._promotion(percent=10)
        order = self._sold((self.goods, 3))
        self._invoice(order)
        with self.assertRaisesRegex(UserError, "0 or more"):
            order.order_line[0].product_uom_qty = -2
        self.assertEqual(self._paid(order), 270)

    def test_gift_goes_back_with_what_earned_it(self):
        gift = self._goods(40)
        promotion = self._promotion(
            reward_kind="gift",
            group_size=0,
            product_scope="some",
            product_ids=[Command.set(self.goods.ids)],
            min_amount=300,
            gift_ids=[Command.create({"product_id": gift.id})],
        )
        order = self._sold((self.goods, 3))
        self.assertEqual(self._invoice(order).amount_total, 300)
        self.assertEqual(promotion.used_units, 1)
        order.order_line.filtered(lambda line: line.product_id == gift).product_uom_qty = 0
        self._invoice(order)
        self.assertEqual((self._paid(order), promotion.used_units), (300, 0))
