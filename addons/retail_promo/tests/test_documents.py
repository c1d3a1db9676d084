from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import PromoCommon


@tagged("post_install", "-at_install")
class TestDocuments(PromoCommon):
    """Draft invoices and credit notes that are edited by hand, other currencies, prints."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chair = cls._goods(100, cls.tax15, name="Chair")
        cls.lamp = cls._goods(9.99, cls.tax15, name="Lamp")
        cls.promotion = cls._promotion(name="Autumn", percent=10)

    def _sold(self, *lines):
        order = self._order(*lines)
        order.action_confirm()
        return order

    def _line(self, move, product):
        return move.invoice_line_ids.filtered(lambda line: line.product_id == product)

    def _set(self, move, product, qty):
        line = self._line(move, product)
        move.write({"invoice_line_ids": [Command.update(line.id, {"quantity": qty})]})

    def _given(self, move):
        lines = move.invoice_line_ids.filtered("retail_promotion_id")
        return round(-sum(lines.mapped("price_total")), 2)

    def _credit(self, invoice):
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        wizard.refund_moves()
        return wizard.new_move_ids

    def test_a_lowered_quantity_lowers_the_discount(self):
        order = self._sold((self.chair, 10), (self.lamp, 3))
        invoice = order._create_invoices()
        self.assertEqual(self._given(invoice), 118.45)
        with Form(invoice) as form:
            with form.invoice_line_ids.edit(0) as line:
                line.quantity = 1
            with form.invoice_line_ids.edit(1) as line:
                line.quantity = 0
        # 11.50 of the chair; nothing of 3.45 for the lamps
        self.assertEqual(self._given(invoice), 11.5)
        self.assertEqual(invoice.amount_total, 103.5)
        self.assertAlmostEqual(sum(invoice.line_ids.mapped("balance")), 0.0)
        invoice.action_post()
        rest = order._create_invoices()
        self.assertEqual(self._given(rest), 106.95)
        self.assertEqual(invoice.amount_total + rest.amount_total, order.amount_total)

    def test_a_line_taken_off_the_invoice(self):
        order = self._sold((self.chair, 1), (self.lamp, 1))
        invoice = order._create_invoices()
        self._line(invoice, self.chair).unlink()
        self.assertEqual(self._given(invoice), 1.15)
        self.assertGreater(invoice.amount_total, 0)

    def test_nobody_gives_more_by_hand(self):
        order = self._sold((self.chair, 2))
        invoice = order._create_invoices()
        self._set(invoice, self.promotion.discount_product_id, 5)
        self.assertEqual(self._given(invoice), 23.0)
        self.assertEqual(invoice.amount_total, order.amount_total)

    def test_a_partial_credit_note_by_hand(self):
        order = self._sold((self.chair, 3))
        invoice = order._create_invoices()
        invoice.action_post()
        credit = self._credit(invoice)
        self.assertEqual(credit.amount_total, invoice.amount_total)
        self._set(credit, self.chair, 1)
        self.assertEqual(self._given(credit), 11.5)
        self.assertEqual(credit.amount_total, 103.5)
        credit.action_post()
        self.assertAlmostEqual(sum(credit.line_ids.mapped("balance")), 0.0)
        ledger = (invoice | credit).line_ids.filtered("retail_promotion_id")
        self.assertEqual(sum(ledger.mapped("balance")), 20.0)

    def test_a_down_payment_and_partial_invoices(self):
        order = self._sold((self.chair, 4))
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(order.ids)],
                "advance_payment_method": "fixed",
                "fixed_amount": 50,
            }
        )
        down = wizard._create_invoices(order)
        down.action_post()
        self.assertEqual(down.amount_total, 50)
        self.assertEqual(self._given(down), 0)
        final = order._create_invoices(final=True)
        self._set(final, self.chair, 2)
        self.assertEqual(self._given(final), 23.0)
        final.action_post()
        last = order._create_invoices(final=True)
        last.action_post()
        self.assertEqual(
            round(sum(order.invoice_ids.mapped("amount_total")), 2), order.amount_total
        )

    def test_parts_book_the_taxes_of_the_order(self):
        """Each part rounds by itself; together they are the order's, without tax and of taxes."""
        order = self._sold((self.lamp, 7))
        (ours,) = self._ours(order)
        moves = self.env["account.move"]
        for _part in range(7):
            invoice = order._create_invoices()
            self._set(invoice, self.lamp, 1)
            invoice.action_post()
            moves |= invoice
        lines = moves.invoice_line_ids.filtered("retail_promotion_id")
        self.assertEqual(len(lines), 7)
        for name in ("price_subtotal", "price_total"):
            self.assertAlmostEqual(sum(lines.mapped(name)), ours[name], places=6)

    def test_another_currency(self):
        foreign = self.setup_other_currency("JPY", rates=[("2020-01-01", 150)])
        pricelist = self.env["product.pricelist"].create({"name": "JPY", "currency_id": foreign.id})
        order = self._order((self.chair, 1))
        self.assertGives(order, 11.5)
        order.pricelist_id = pricelist
        order.action_update_prices()
        self.assertEqual(order.currency_id, foreign)
        self.assertEqual(order.order_line[0].price_unit, 15000)
        self.assertGives(order, 1725)
        self.assertEqual(order.amount_total, 15525)

    def test_printed(self):
        order = self._order((self.chair, 1))
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("sale.report_saleorder", order.ids)[0]
            .decode()
        )
        self.assertIn("Autumn", html)
        self.assertIn("-10.00", html.replace("\ufeff", ""))
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("account.report_invoice", invoice.ids)[0]
            .decode()
        )
        self.assertIn("Autumn", html)
