from datetime import datetime

from odoo.tests import tagged

from .common import HEADER, IntakeCase


@tagged("post_install", "-at_install")
class TestIntakeOrders(IntakeCase):
    def test_rows_of_one_number_are_one_order(self):
        run = self._run(
            [
                self._row("A1", Line="1"),
                self._row("A2", Line="1"),
                self._row("A1", Line="2", Product="IN-SOAP", Quantity="1.5", Unit_Price="2"),
            ]
        )
        self.assertEqual(run.state, "done")
        self.assertEqual(self._report(run), [(2, "done"), (3, "done"), (4, "done")])
        first, second = self._orders()
        self.assertEqual(first.intake_number, "A1")
        self.assertEqual(first.order_line.product_id, self.tea | self.soap)
        self.assertEqual(first.order_line.mapped("product_uom_qty"), [2.0, 1.5])
        self.assertEqual(second.intake_number, "A2")
        self.assertEqual(run.order_count, 2)
        self.assertEqual(run.order_ids, first | second)

    def test_order_carries_what_the_source_says(self):
        header = [*HEADER, "Payment"]
        self._run([self._row("A1", Payment="wallet, paid")], header)
        order = self._orders()
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.partner_id, self.member)
        self.assertEqual(order.retail_store_id, self.store)
        self.assertEqual(order.warehouse_id, self.store)
        self.assertEqual(order.sale_channel_id, self.channel)
        self.assertEqual(order.intake_payment_note, "wallet, paid")
        self.assertEqual(order.client_order_ref, "A1")

    def test_date_is_the_store_clock(self):
        self._run([self._row("A1"), self._row("A2", Date="2025-03-01")])
        first, second = self._orders()
        self.assertEqual(first.intake_date, datetime(2025, 3, 1, 2, 30))
        self.assertEqual(first.date_order, datetime(2025, 3, 1, 2, 30))
        self.assertEqual(second.intake_date, datetime(2025, 3, 1, 4), "noon in Shanghai")

    def test_ordered_on_stays_at_confirmation(self):
        self._run([self._row("A1")])
        order = self._orders()
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.intake_date, datetime(2025, 3, 1, 2, 30))

    def test_store_and_channel_of_the_file_win(self):
        other = self.env["stock.warehouse"].create(
            {"name": "Intake Second", "code": "IN2", "is_store": True}
        )
        header = [*HEADER, "Channel"]
        self._run(
            [
                self._row("A1", Store="in2", Channel="Phone"),
                self._row("A2", Store="Intake Second", Channel="Online"),
            ],
            header,
        )
        first, second = self._orders()
        self.assertEqual((first | second).retail_store_id, other)
        self.assertEqual((first | second).warehouse_id, other)
        self.assertEqual(first.sale_channel_id, self.env.ref("retail_crm.channel_phone"))
        self.assertEqual(second.sale_channel_id, self.env.ref("retail_crm.channel_web"))

    def test_product_by_barcode(self):
        self._run([self._row("A1", Product="2990000000017")])
        self.assertEqual(self._orders().order_line.product_id, self.tea)

    def test_said_once_holds_for_the_whole_order(self):
        run = self._run([self._row("A1"), self._row("A1", Date="", Member="", Product="IN-SOAP")])
        self.assertEqual(self._report(run), [(2, "done"), (3, "done")])
        self.assertEqual(self._orders().partner_id, self.member)

    def test_copy_is_no_order_of_the_source(self):
        self._run([self._row("A1")])
        copy = self._orders().copy()
        self.assertFalse(copy.intake_source_id)
        self.assertFalse(copy.intake_number)

    def test_lines_keep_the_order_of_the_file(self):
        codes = ["IN-SOAP", "IN-TEA", "IN-CARD"]
        self._run([self._row("A1", Product=code) for code in codes])
        self.assertEqual(self._orders().order_line.mapped("product_id.default_code"), codes)
