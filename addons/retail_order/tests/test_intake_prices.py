from odoo.tests import tagged

from .common import HEADER, IntakeCase


@tagged("post_install", "-at_install")
class TestIntakePrices(IntakeCase):
    def _line(self, product, price, quantity="1", stated="included", **values):
        self.source.profile_id.amounts_tax = stated
        header = [*HEADER, "Discount (%)"]
        row = self._row("A1", Product=product, Unit_Price=price, Quantity=quantity, **values)
        self._run([row], header)
        return self._orders().order_line

    def test_price_with_tax_of_a_price_with_tax(self):
        line = self._line("IN-TEA", "11")
        self.assertEqual(line.price_unit, 11.0)
        self.assertEqual((line.price_subtotal, line.price_total), (10.0, 11.0))

    def test_price_with_tax_of_a_tax_on_top_costs_what_the_file_says(self):
        line = self._line("IN-SOAP", "2.50", quantity="10")
        self.assertEqual(line.price_total, 25.0)
        self.assertEqual(line.price_subtotal, 22.73)

    def test_price_without_tax_of_a_tax_on_top(self):
        line = self._line("IN-SOAP", "10", stated="excluded")
        self.assertEqual((line.price_unit, line.price_total), (10.0, 11.0))

    def test_price_without_tax_of_a_price_with_tax(self):
        line = self._line("IN-TEA", "10", stated="excluded")
        self.assertEqual((line.price_subtotal, line.price_total), (10.0, 11.0))

    def test_no_tax_at_all(self):
        line = self._line("IN-SOAP", "10", stated="none")
        self.assertFalse(line.tax_ids)
        self.assertEqual(line.price_total, 10.0)

    def test_product_without_tax(self):
        line = self._line("IN-CARD", "7.77")
        self.assertEqual((line.price_unit, line.price_total), (7.77, 7.77))

    def test_discount_percent(self):
        line = self._line("IN-TEA", "11", **{"Discount (%)": "50"})
        self.assertEqual((line.discount, line.price_total), (50.0, 5.5))

    def test_price_of_the_file_stays(self):
        line = self._line("IN-TEA", "11")
        line.product_uom_qty = 5
        self.assertEqual(line.price_unit, 11.0)

    def test_price_of_nothing_stays(self):
        line = self._line("IN-TEA", "0")
        line.product_uom_qty = 5
        self.assertEqual(line.price_unit, 0.0)
