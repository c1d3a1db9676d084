from odoo.tests import BaseCase, tagged

from ..intake.grouping import digest, order_values, repeated_lines


@tagged("post_install", "-at_install")
class TestGrouping(BaseCase):
    def test_first_filled_row_decides(self):
        said, conflicts = order_values([{"store": "A"}, {"member": "M"}, {"store": "A"}])
        self.assertEqual(said, {"store": "A", "member": "M"})
        self.assertFalse(conflicts)

    def test_contradicting_row_is_named(self):
        _said, conflicts = order_values([{"store": "A"}, {"store": "B", "member": "M"}])
        self.assertEqual(conflicts, {1: "store"})

    def test_repeated_line_number_is_named(self):
        rows = [{"line": "1"}, {"line": "2"}, {"line": "1"}, {}, {}]
        self.assertEqual(repeated_lines(rows), {2: "1"})

    def test_digest_ignores_order_of_rows_and_empty_cells(self):
        one, two = {"product": "a", "quantity": 1}, {"product": "b", "quantity": 2}
        self.assertEqual(digest([one, two]), digest([two, one | {"store": ""}]))

    def test_digest_sees_every_value(self):
        one, two = {"product": "a", "quantity": 1}, {"product": "b", "quantity": 2}
        self.assertNotEqual(digest([one, two]), digest([one, two | {"quantity": 3}]))
        self.assertNotEqual(digest([one, one]), digest([one]))
