from psycopg2.errors import UniqueViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import IntakeCase


@tagged("post_install", "-at_install")
class TestIntakeAgain(IntakeCase):
    def test_second_run_changes_nothing(self):
        rows = [self._row("A1"), self._row("A1", Product="IN-SOAP"), self._row("A2")]
        self._run(rows)
        before = self._orders()
        written = before.mapped("write_date")
        run = self._run(rows[::-1])
        self.assertEqual(self._report(run), [(2, "unchanged"), (3, "unchanged"), (4, "unchanged")])
        self.assertEqual(run.unchanged_count, 3)
        self.assertEqual(self._orders(), before)
        self.assertEqual(before.mapped("write_date"), written)
        self.assertIn(before[0].name, self._message(run, 3))

    def test_mended_file_brings_only_what_was_missing(self):
        self._run([self._row("A1"), self._row("A2", Product="NO-SUCH")])
        first = self._orders()
        run = self._run([self._row("A1"), self._row("A2")])
        self.assertEqual(self._report(run), [(2, "unchanged"), (3, "done")])
        self.assertEqual(self._orders()[0], first)
        self.assertEqual(len(self._orders()), 2)

    def test_same_number_with_other_content_is_reported(self):
        self._run([self._row("A1")])
        run = self._run([self._row("A1", Quantity="3")])
        self.assertEqual(self._report(run), [(2, "error")])
        self.assertIn("other content", self._message(run, 2))
        self.assertEqual(self._orders().order_line.product_uom_qty, 2.0)

    def test_confirmed_or_cancelled_order_is_not_made_again(self):
        self._run([self._row("A1"), self._row("A2")])
        first, second = self._orders()
        first.action_confirm()
        second._action_cancel()
        run = self._run([self._row("A1"), self._row("A2")])
        self.assertEqual(self._report(run), [(2, "unchanged"), (3, "unchanged")])
        self.assertEqual(len(self._orders()), 2)

    def test_same_number_of_another_source_is_another_order(self):
        other = self.env["retail.order.source"].create(
            {
                "name": "Intake Other",
                "code": "intake_other",
                "channel_id": self.channel.id,
                "store_id": self.store.id,
            }
        )
        self._run([self._row("A1")])
        run = self._run([self._row("A1")], source=other)
        self.assertEqual(self._report(run), [(2, "done")])
        self.assertEqual(len(self._orders(other)), 1)

    def test_database_keeps_doubles_out(self):
        self._run([self._row("A1")])
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.env["sale.order"].create(
                {
                    "partner_id": self.member.id,
                    "intake_source_id": self.source.id,
                    "intake_number": "A1",
                }
            ).flush_recordset()

    @mute_logger("odoo.sql_db")
    def test_import_that_comes_second_in_a_race(self):
        """Another import writes the order after this one has looked for it."""
        self._run([self._row("A1")])
        run = self.env["retail.import.run"].create(
            {
                "profile_id": self.source.profile_id.id,
                "file": self._csv([self._row("A1"), self._row("A2")]),
            }
        )
        target = type(self.env["retail.import.target.order"])
        self.patch(target, "_known_orders", lambda *args: {})
        run._run_now()
        self.assertEqual(self._report(run), [(2, "unchanged"), (3, "done")])
        self.assertEqual(len(self._orders()), 2)

    def test_trial_keeps_nothing(self):
        number = self.env["ir.sequence"].search([("code", "=", "sale.order")], limit=1)
        before = number.number_next_actual
        run = self._run([self._row("A1"), self._row("A2", Product="NO-SUCH")], dry_run=True)
        self.assertEqual(self._report(run), [(2, "done"), (3, "error")])
        self.assertFalse(self._orders())
        self.assertEqual(number.number_next_actual, before)
        run.with_user(self.clerk)._run_now()
        self.assertEqual(self._orders().mapped("intake_number"), ["A1"])
