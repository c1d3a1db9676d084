from odoo.tests import tagged
from odoo.tools import SQL

from .common import HEADER, IntakeCase


@tagged("post_install", "-at_install")
class TestIntakeErrors(IntakeCase):
    def _refused(self, reason, **values):
        """Import a bad order beside a good one; the bad one is refused with the reason."""
        header = [*HEADER, "Channel", "Discount (%)"]
        run = self._run([self._row("BAD", **values), self._row("GOOD")], header)
        self.assertEqual(run.state, "done")
        self.assertEqual(self._report(run), [(2, "error"), (3, "done")])
        self.assertIn(reason, self._message(run, 2))
        self.assertEqual(self._orders().mapped("intake_number"), ["GOOD"])

    def test_unknown_product(self):
        self._refused("NO-SUCH", Product="NO-SUCH")

    def test_product_not_for_sale(self):
        self.card.sale_ok = False
        self._refused("not for sale", Product="IN-CARD")

    def test_archived_product(self):
        self.card.active = False
        self._refused("IN-CARD", Product="IN-CARD")

    def test_product_of_several_records(self):
        second = self._product("Second", "IN-SECOND", self.env["account.tax"])
        second.company_id = self.company
        # Older data has it so, even where another addon refuses to enter a number twice.
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE product_product SET default_code = 'IN-CARD' WHERE id = %s", second.id)
        )
        self.env.invalidate_all()
        self._refused("Several products", Product="IN-CARD")

    def test_unknown_store(self):
        self._refused("Nowhere", Store="Nowhere")

    def test_warehouse_that_is_no_store(self):
        self.env["stock.warehouse"].create({"name": "Depot", "code": "DEP"})
        self._refused("DEP", Store="DEP")

    def test_unknown_channel(self):
        self._refused("Carrier Pigeon", Channel="Carrier Pigeon")

    def test_unknown_member(self):
        self._refused("IN-M9", Member="IN-M9")

    def test_quantity_is_no_number(self):
        self._refused("two", Quantity="two")

    def test_quantity_is_zero(self):
        self._refused("above zero", Quantity="0")

    def test_quantity_is_negative(self):
        self._refused("above zero", Quantity="-1")

    def test_price_is_no_number(self):
        self._refused("cheap", Unit_Price="cheap")

    def test_price_is_negative(self):
        self._refused("negative", Unit_Price="-0.01")

    def test_price_is_empty(self):
        self._refused("empty", Unit_Price="")

    def test_discount_out_of_range(self):
        self._refused("between 0 and 100", **{"Discount (%)": "101"})

    def test_date_is_no_date(self):
        self._refused("yesterday", Date="yesterday")

    def test_all_that_is_wrong_is_told_at_once(self):
        run = self._run([self._row("A1", Store="Nowhere", Member="IN-M9")])
        self.assertIn("Nowhere", self._message(run, 2))
        self.assertIn("IN-M9", self._message(run, 2))

    def test_row_without_number(self):
        run = self._run([self._row(""), self._row("GOOD")])
        self.assertEqual(self._report(run), [(2, "error"), (3, "done")])

    def test_no_half_order(self):
        run = self._run(
            [
                self._row("A1", Line="1"),
                self._row("A1", Line="2", Product="NO-SUCH"),
                self._row("A1", Line="3"),
                self._row("A2", Line="1"),
            ]
        )
        self.assertEqual(self._report(run), [(2, "error"), (3, "error"), (4, "error"), (5, "done")])
        self.assertIn("NO-SUCH", self._message(run, 3))
        self.assertIn("Line 3", self._message(run, 2))
        self.assertIn("Line 3", self._message(run, 4))
        self.assertEqual(self._orders().mapped("intake_number"), ["A2"])

    def test_no_half_order_when_a_cell_is_bad(self):
        run = self._run([self._row("A1"), self._row("A1", Quantity="many")])
        self.assertEqual(self._report(run), [(2, "error"), (3, "error")])
        self.assertFalse(self._orders())

    def test_lines_that_contradict_each_other(self):
        run = self._run([self._row("A1"), self._row("A1", Date="2025-03-02")])
        self.assertEqual(self._report(run), [(2, "error"), (3, "error")])
        self.assertIn("not the same on all lines", self._message(run, 3))

    def test_line_number_twice(self):
        run = self._run([self._row("A1", Line="1"), self._row("A1", Line="1")])
        self.assertIn("twice", self._message(run, 3))
        self.assertFalse(self._orders())

    def test_no_contact_is_left_of_a_refused_order(self):
        header = [*HEADER, "Phone"]
        phone = "+86 139 0013 9009"
        self._run([self._row("A1", Member="", Phone=phone, Product="NO-SUCH")], header)
        found = self.env["res.partner"].search([("phone_sanitized", "=", "+8613900139009")])
        self.assertFalse(found)

    def test_no_store_anywhere(self):
        self.source.store_id = False
        run = self._run([self._row("A1")])
        self.assertIn("names no store", self._message(run, 2))

    def test_profile_without_a_source(self):
        profile = self.source.profile_id.copy({"code": False})
        run = self.env["retail.import.run"].create(
            {"profile_id": profile.id, "file": self._csv([self._row("A1")])}
        )
        run._run_now()
        self.assertIn("No order source", self._message(run, 2))
        self.assertFalse(self._orders())
