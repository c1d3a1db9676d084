from contextlib import contextmanager

from odoo.fields import Command
from odoo.tests import tagged

from .common import PromoCommon

LINES = 50


@tagged("post_install", "-at_install")
class TestQueries(PromoCommon):
    """An unchanged order costs nothing; the count doesn't grow with lines or programs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products = [cls._goods(10 + place, cls.tax15) for place in range(LINES)]

    @contextmanager
    def _evaluations(self, count):
        calls = []
        Order = type(self.env["sale.order"])
        original = Order._retail_promo_apply_one

        def counted(record, moment):
            calls.append(record)
            return original(record, moment)

        Order._retail_promo_apply_one = counted
        try:
            yield
        finally:
            Order._retail_promo_apply_one = original
        self.assertEqual(len(calls), count)

    def _large_order(self):
        order = self._order(*[(product, 1) for product in self.products])
        self.env.flush_all()
        return order

    def test_an_unchanged_order_writes_nothing(self):
        self._promotion(percent=10)
        self._steps((100, 10), (10000, 30))
        order = self._large_order()
        order._retail_promo_apply()
        with self.assertQueryCount(0):
            order._retail_promo_apply()
            self.env.flush_all()

    def test_an_unchanged_order_read_anew(self):
        """Nothing in the caches of the records: what is read is read for all lines at once.

        As superuser, so that record rules of whatever else is installed don't count.
        """
        self._promotion(percent=10)
        order = self._large_order().sudo()
        before = order.order_line.mapped("write_date")
        self.env.invalidate_all()
        with self.assertQueryCount(25):
            order._retail_promo_apply()
            self.env.flush_all()
        self.assertEqual(order.order_line.mapped("write_date"), before)

    def test_no_program_costs_no_query(self):
        order = self._large_order()
        with self.assertQueryCount(0):
            order._retail_promo_apply()

    def test_the_count_doesn_t_depend_on_the_number_of_programs(self):
        counts = []
        for more in (1, 40):
            for _program in range(more):
                self._promotion(
                    percent=5,
                    product_scope="some",
                    product_ids=[Command.set([product.id for product in self.products])],
                )
            order = self._large_order()
            self.env.invalidate_all()
            self.env["retail.promotion"]._engine_index(self.company.id)
            start = self.env.cr.sql_log_count
            order._retail_promo_apply()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0])

    def test_one_evaluation_per_save(self):
        self._promotion(percent=10)
        with self._evaluations(1):
            order = self._order((self.products[0], 1), (self.products[1], 1))
        first, second = order.order_line[:2]
        with self._evaluations(1):
            order.write(
                {
                    "order_line": [
                        Command.update(first.id, {"product_uom_qty": 2}),
                        Command.update(second.id, {"product_uom_qty": 2}),
                    ]
                }
            )
        with self._evaluations(1):
            (first | second).write({"product_uom_qty": 3})
        with self._evaluations(1):
            order.web_save(
                {"order_line": [Command.update(first.id, {"product_uom_qty": 7})]}, {"id": {}}
            )
        with self._evaluations(1):
            order._recompute_prices()
        with self._evaluations(1):
            order._recompute_taxes()
        with self._evaluations(1):
            copy = order.copy()
        with self._evaluations(1):
            copy.order_line[0].unlink()
        with self._evaluations(1):
            copy.action_confirm()
        with self._evaluations(0):
            copy.client_order_ref = "X"
            order.write({"note": "Text"})
