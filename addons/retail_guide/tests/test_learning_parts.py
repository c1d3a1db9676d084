import base64

from odoo.tests import tagged
from odoo.tools import SQL

from ..models import recommendation_learning as learning
from .common import GuideCase


@tagged("post_install", "-at_install")
class TestLearningParts(GuideCase):
    """A long learning is kept in parts: whatever is found of them, the outcome is the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        kinds = (["bread", "butter"], ["bread", "jam", "tea"], ["milk", "tea"], ["bread", "milk"])
        for age in range(20, 0, -1):
            cls._sold(kinds[age % 4], days_ago=age, times=2)
        cls.model = cls.env["retail.recommendation.model"]._of_company(cls.company)

    def setUp(self):
        super().setUp()
        self.patch(learning, "PART_LINES", 10)
        self.patch(learning, "COPY_ROWS", 3)

    def _parts(self, company=None):
        return self.env["retail.recommendation.part"].search(
            [("company_id", "=", (company or self.company).id)]
        )

    def _anew(self):
        """Learn anew; return all that is published and kept."""
        self.assertEqual(self.model._learn(full=True), "full")
        columns = SQL(", ").join(map(SQL.identifier, (*learning.PAIR, *learning.MEASURES)))
        rows = self.env.execute_query(
            SQL(
                "SELECT %s FROM retail_recommendation_neighbour"
                " WHERE company_id = %s ORDER BY 1, 2",
                columns,
                self.company.id,
            )
        )
        return rows, self.model.counts_id.raw, self.model.basket_count, self.model.recall

    def _undisturbed(self):
        """Return the outcome of a run that finds no part and makes a single one."""
        self._parts().unlink()
        self.patch(learning, "PART_LINES", 1000)
        outcome = self._anew()
        self.assertEqual((self.model.part_count, self.model.taken_over_count), (1, 0))
        return outcome

    def test_parts_that_were_counted_are_taken_over(self):
        first = self._anew()
        self.assertGreaterEqual(self.model.part_count, 5)
        self.assertEqual(self.model.taken_over_count, 0)
        self.assertEqual(len(self._parts()), self.model.part_count)
        self._parts()[-2:].unlink()  # as if it had been killed before them
        self.assertEqual(self._anew(), first)
        self.assertEqual(self.model.taken_over_count, self.model.part_count - 2)
        self.assertEqual(self._undisturbed(), first)

    def test_a_part_whose_lines_changed_is_counted_anew(self):
        self._anew()
        fact = self.env["retail.sale.fact"].search(
            [("company_id", "=", self.company.id)], order="day", limit=1
        )
        self.env.cr.execute(
            "UPDATE retail_sale_fact SET product_id = %s WHERE id = %s",
            [self.products["tea"].id, fact.id],
        )
        outcome = self._anew()
        self.assertEqual(self.model.taken_over_count, self.model.part_count - 1)
        self.assertEqual(self._undisturbed(), outcome)

    def test_parts_of_another_window_are_thrown_away(self):
        self._anew()
        self.model.window_days = 15
        outcome = self._anew()
        self.assertEqual(len(self._parts()), self.model.part_count)
        self.assertEqual(min(self._parts().mapped("first_day")), self.model.data_from)
        self.assertEqual(self._undisturbed(), outcome)

    def test_a_damaged_part_is_counted_anew(self):
        outcome = self._anew()
        self._parts()[0].counts = base64.b64encode(b"no counts")
        with self.assertLogs("odoo.addons.retail_guide", "WARNING"):
            self.assertEqual(self._anew(), outcome)
        self.assertEqual(self.model.taken_over_count, self.model.part_count - 1)

    def test_what_is_learned_needs_no_parts(self):
        self._anew()
        self.env.cr.postcommit.run()
        self.assertFalse(self._parts())

    def test_companies_keep_their_parts_apart(self):
        self._anew()
        company = self.env["res.company"].create({"name": "Rival"})
        store = self.env["stock.warehouse"].search([("company_id", "=", company.id)])
        for age in range(20, 0, -1):
            self._sold(["tea", "milk", "jam"], days_ago=age, store=store, times=3)
        mine = self._parts()
        self.assertEqual(self._learn(company).taken_over_count, 0)
        self.assertEqual(self._parts(), mine)
        self.assertTrue(self._parts(company))

    def test_a_basket_of_two_days_counts_once(self):
        early, late = (
            self.env["retail.sale.fact"].search(
                [("company_id", "=", self.company.id)], order=order, limit=1
            )
            for order in ("day", "day DESC")
        )
        self.env.cr.execute(
            "UPDATE retail_sale_fact SET basket = %s WHERE id = %s", [early.basket, late.id]
        )
        late.invalidate_recordset()
        outcome = self._anew()
        # The basket whose line moved has another one left.
        self.assertEqual(outcome[2], 40)
        self.assertEqual(self._undisturbed(), outcome)
