from psycopg2.errors import UniqueViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import IntakeCase


@tagged("post_install", "-at_install")
class TestOrderSource(IntakeCase):
    def test_column_map_is_made_with_the_source(self):
        profile = self.source.profile_id
        self.assertEqual(profile.target, "order")
        self.assertEqual(profile.company_id, self.company)
        self.assertEqual(profile.order_source_ids, self.source)

    @mute_logger("odoo.sql_db")
    def test_code_is_unique_in_a_company(self):
        with self.assertRaises(UniqueViolation):
            self.source.copy({"profile_id": False}).flush_recordset()

    @mute_logger("odoo.sql_db")
    def test_column_map_belongs_to_one_source(self):
        with self.assertRaises(UniqueViolation):
            self.source.copy(
                {"code": "second", "profile_id": self.source.profile_id.id}
            ).flush_recordset()

    def test_own_column_names(self):
        header = ["Bestellung", "Artikel", "Menge", "Preis", "Kunde"]
        fields = ["number", "product", "quantity", "price", "member"]
        self.source.profile_id.mapping_ids = [
            (0, 0, {"header": name, "field_name": field})
            for name, field in zip(header, fields, strict=True)
        ]
        self._run([["B1", "IN-TEA", "1", "11", "IN-M1"]], header)
        self.assertEqual(self._orders().intake_number, "B1")

    def test_counts_and_lists(self):
        run = self._run([self._row("A1"), self._row("A2")])
        self.assertEqual(self.source.order_count, 2)
        self.assertEqual(self.source.run_count, 1)
        orders = self.env["sale.order"].search(self.source.action_view_orders()["domain"])
        self.assertEqual(orders, self._orders())
        runs = self.env["retail.import.run"].search(self.source.action_view_runs()["domain"])
        self.assertEqual(runs, run)
        orders = self.env["sale.order"].search(run.action_view_orders()["domain"])
        self.assertEqual(orders, self._orders())

    def test_new_intake_takes_a_map_of_orders(self):
        self.env["retail.import.profile"].create(
            {"name": "History first", "target": "history", "sequence": 0}
        )
        intake = self.env["retail.import.run"].with_context(retail_import_target="order")
        self.assertEqual(intake.new({}).profile_id.target, "order")
