from odoo.tests import tagged

from .common import RetailCase


@tagged("post_install", "-at_install")
class TestFactReturn(RetailCase):
    """Returns that credit notes write, net of what another invoice makes good again."""

    def test_credit_note(self):
        order = self._order(self._line(self.apple, 4, discount=10, tax_ids=self.tax_excluded.ids))
        self._deliver(order)
        invoice = self._invoice(order)
        note = self._credit(invoice, {self.apple: 1})
        self.assertRecordValues(
            self._facts(order, "returned"),
            [
                {
                    "source_model": "account.move.line",
                    "source_line": str(note.invoice_line_ids.id),
                    "document": note.name,
                    "day": note.invoice_date,
                    "store_id": self.store.id,
                    "partner_id": self.member.id,
                    "product_id": self.apple.id,
                    "qty": -1.0,
                    "price_subtotal": -9.0,
                    "price_total": -10.17,
                    "discount_amount": -1.13,
                    "cost": -4.0,
                    "amount_company": -9.0,
                }
            ],
        )
        self.assertRecordValues(self._facts(order, "sold"), [{"qty": 4.0, "price_total": 40.68}])

    def test_credit_note_back_to_draft(self):
        order = self._order(self._line(self.apple, 2))
        self._deliver(order)
        note = self._credit(self._invoice(order))
        self.assertEqual(self._facts(order, "returned").qty, -2.0)
        note.button_draft()
        self.assertFalse(self._facts(order, "returned"))

    def test_corrected_invoice_returns_nothing(self):
        order = self._order(self._line(self.apple, 2))
        self._deliver(order)
        self._credit(self._invoice(order))
        self.assertEqual(sum(self._facts(order).mapped("qty")), 0.0)
        self._invoice(order)
        self.assertEqual(sum(self._facts(order).mapped("qty")), 2.0)
        self.assertFalse(self._facts(order, "returned"))

    def test_credit_after_the_order_was_lowered(self):
        self.apple.invoice_policy = "order"
        order = self._order(self._line(self.apple, 5))
        invoice = self._invoice(order)
        order.order_line.product_uom_qty = 3
        self._credit(invoice, {self.apple: 2})
        self.assertEqual(self._facts(order).mapped("qty"), [3.0])

    def test_cancel_takes_returns_with_it(self):
        self.apple.invoice_policy = "order"
        order = self._order(self._line(self.apple, 2))
        self._credit(self._invoice(order))
        self.assertTrue(self._facts(order, "returned"))
        order.action_cancel()
        self.assertFalse(self._facts(order))

    def test_discount_comes_back_with_the_goods(self):
        reduction = self.env["product.product"].create(
            {"name": "Off", "type": "service", "invoice_policy": "order"}
        )
        (self.apple | self.pear).invoice_policy = "order"
        order = self._order(
            self._line(self.apple, 1, price_unit=10),
            self._line(self.pear, 1, price_unit=30),
            self._line(reduction, 1, price_unit=-4),
        )
        self._credit(self._invoice(order))
        self.assertRecordValues(
            self._facts(order, "returned"),
            [
                {"product_id": self.apple.id, "price_total": -9.0, "promotion_amount": -1.0},
                {"product_id": self.pear.id, "price_total": -27.0, "promotion_amount": -3.0},
            ],
        )

    def test_line_with_a_negative_quantity_is_returned(self):
        (self.apple | self.pear).invoice_policy = "order"
        order = self._order(self._line(self.apple, 3), self._line(self.pear, -1))
        self.assertRecordValues(
            self._facts(order),
            [
                {"event": "sold", "qty": 3.0, "price_total": 30.0},
                {"event": "returned", "qty": -1.0, "price_total": -20.0},
            ],
        )
