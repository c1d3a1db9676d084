import random

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PromoCommon


@tagged("post_install", "-at_install")
class TestInvoices(PromoCommon):
    """Partial invoices take the discount of what they invoice, and sum to the order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.tax_calculation_rounding_method = "round_per_line"
        cls.chair = cls._goods(100, cls.tax15, invoice_policy="delivery")
        cls.lamp = cls._goods(50, cls.tax15, invoice_policy="delivery")

    def _confirmed(self, *lines):
        order = self._order(*lines)
        order.action_confirm()
        return order

    def _deliver(self, line, qty):
        """Deliver a quantity of a line, leaving a backorder."""
        move = line.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        move.quantity = qty
        move.picked = True
        picking = move.picking_id
        action = picking.button_validate()
        if isinstance(action, dict):
            self.env[action["res_model"]].with_context(**action["context"]).create({}).process()
        self.assertEqual(picking.state, "done")

    def _given(self, invoice):
        ours = invoice.invoice_line_ids.filtered(
            lambda line: line.sale_line_ids.retail_promotion_id
        )
        return round(-sum(ours.mapped("price_total")), 2)

    def _totals(self, order):
        return round(
            sum(
                -move.direction_sign * move.amount_total
                for move in order.invoice_ids.filtered(lambda move: move.state != "cancel")
            ),
            2,
        )

    def test_nothing_before_the_delivery(self):
        self._promotion(percent=10)
        order = self._confirmed((self.chair, 4), (self.lamp, 2))
        self.assertEqual(order.invoice_status, "no")
        with self.assertRaises(UserError):
            order._create_invoices()

    def test_each_invoice_takes_its_part(self):
        self._promotion(percent=10)
        order = self._confirmed((self.chair, 4), (self.lamp, 2))
        chair = order.order_line[0]
        self.assertGives(order, 57.5)
        self._deliver(chair, 1)
        first = order._create_invoices()
        self.assertEqual(self._given(first), 11.5)
        self.assertEqual(first.amount_total, 103.5)
        self._deliver(chair, 3)
        self._deliver(order.order_line[1], 2)
        second = order._create_invoices()
        self.assertEqual(self._given(second), 46.0)
        self.assertEqual(order.invoice_status, "invoiced")
        self.assertEqual(self._totals(order), order.amount_total)
        with self.assertRaises(UserError):
            order._create_invoices()

    def test_random_deliveries_sum_to_the_cent(self):
        rng = random.Random(7)
        self._promotion(percent=33.33)
        third = self._goods(9.99, self.tax20_included, invoice_policy="delivery")
        fourth = self._goods(1.01, invoice_policy="delivery")
        for _round in range(4):
            order = self._confirmed((self.chair, 3), (third, 7), (fourth, 5))
            given = 0
            for line in order.order_line.filtered(lambda line: not line.retail_promotion_id):
                left = line.product_uom_qty
                while left:
                    part = rng.randint(1, int(left))
                    self._deliver(line, part)
                    left -= part
                    invoice = order._create_invoices()
                    self.assertEqual(invoice.move_type, "out_invoice")
                    self.assertGreater(invoice.amount_total, 0)
                    given += self._given(invoice)
            ours = self._ours(order)
            self.assertEqual(round(given, 2), round(-sum(ours.mapped("price_total")), 2))
            self.assertEqual(order.invoice_status, "invoiced")
            self.assertEqual(self._totals(order), order.amount_total)
            self.assertEqual(ours.mapped("qty_invoiced"), [1.0] * len(ours))

    def test_more_parts_than_the_marker_has_steps(self):
        self._promotion(percent=10)
        order = self._confirmed((self.chair, 1000))
        chair = order.order_line[0]
        given = 0
        for delivered in (*range(1, 13), 1000):
            chair.qty_delivered = delivered
            given += self._given(order._create_invoices())
        self.assertEqual(round(given, 2), round(-self._ours(order).price_total, 2))

    def test_cancelled_and_reversed_invoices_give_back(self):
        self._promotion(percent=10)
        order = self._confirmed((self.chair, 4))
        self._deliver(order.order_line[0], 1)
        order._create_invoices().button_cancel()
        again = order._create_invoices()
        self.assertEqual(self._given(again), 11.5)
        again.action_post()
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=again.ids)
            .create({"journal_id": again.journal_id.id})
        )
        wizard.refund_moves()
        wizard.new_move_ids.action_post()
        self._deliver(order.order_line[0], 3)
        last = order._create_invoices()
        self.assertEqual(self._given(last), 46.0)
        self.assertEqual(self._totals(order), order.amount_total)

    def test_ordered_less_after_the_confirmation(self):
        """What was promised for goods that are not delivered any more is not given."""
        self._promotion(percent=10)
        order = self._confirmed((self.chair, 2), (self.lamp, 2))
        order.order_line[1].product_uom_qty = 0
        self._deliver(order.order_line[0], 2)
        invoice = order._create_invoices()
        self.assertEqual(self._given(invoice), 23.0)
        self.assertEqual(self._ours(order).invoice_status, "invoiced")

    def test_a_draft_that_takes_back_more_than_it_invoices(self):
        """One line isn't wanted any more; the other one was on the draft, and is taken off it."""
        self._promotion(percent=10)
        services = {"type": "service", "service_type": "manual"}
        later = self._goods(300, invoice_policy="delivery", **services)
        order = self._confirmed((self._goods(40), 3), (later, 1))
        order._create_invoices().action_post()
        order.order_line[1].qty_delivered = 1
        order.order_line[0].product_uom_qty = 0
        draft = order._create_invoices(final=True)
        self.assertEqual((draft.move_type, draft.amount_total), ("out_invoice", 162))
        line = draft.invoice_line_ids.filtered(lambda line: line.product_id == later)
        draft.write({"invoice_line_ids": [Command.update(line.id, {"quantity": 0})]})
        self.assertEqual(draft.amount_total, -108)
        with self.assertRaisesRegex(UserError, "negative total"), self.cr.savepoint():
            draft.action_post()
        draft.action_switch_move_type()
        self.assertEqual((draft.move_type, draft.amount_total), ("out_refund", 108))
        draft.action_post()
        self.assertEqual(self._totals(order), 0)
        self.assertEqual(order._create_invoices().amount_total, 270)
        self.assertEqual(self._totals(order), order.amount_total)

    def test_goods_invoiced_by_order_take_all_at_once(self):
        self._promotion(percent=10)
        desk = self._goods(100, self.tax15)
        order = self._confirmed((desk, 2), (self.chair, 1))
        first = order._create_invoices()
        self.assertEqual(self._given(first), 23.0)
        self._deliver(order.order_line[1], 1)
        self.assertEqual(self._given(order._create_invoices()), 11.5)
        self.assertEqual(self._totals(order), order.amount_total)

    def test_without_tax(self):
        self.company.retail_promo_tax_basis = "excluded"
        self._promotion(percent=33.33)
        order = self._confirmed((self.chair, 3))
        for _part in range(3):
            self._deliver(order.order_line[0], 1)
            order._create_invoices()
        self.assertEqual(
            round(sum(order.invoice_ids.mapped("amount_untaxed")), 2), order.amount_untaxed
        )

    def test_the_basis_may_change_between_order_and_invoice(self):
        self._promotion(percent=10)
        order = self._confirmed((self.chair, 4))
        self.company.retail_promo_tax_basis = "excluded"
        self._deliver(order.order_line[0], 1)
        self.assertEqual(self._given(order._create_invoices()), 11.5)
