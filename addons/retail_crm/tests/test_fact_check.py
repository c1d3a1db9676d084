from odoo.tests import tagged

from .common import RetailCase

COLUMNS = (
    "source_model source_line event basket document sold_at day company_id store_id channel_id"
    " partner_id guide_id product_id qty price_subtotal price_tax price_total discount_amount"
    " promotion_amount cost currency_id amount_company total_company"
).split()


@tagged("post_install", "-at_install")
class TestFactCheck(RetailCase):
    """The check finds what differs from the sources and repairs it; the rebuild makes it anew."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fact = cls.env["retail.sale.fact"]
        cls.env.cr.execute("DELETE FROM retail_sale_fact WHERE basket LIKE 'sale.order,%'")
        cls.env["sale.order"].search([("state", "=", "sale")])._action_cancel()
        cls.reduction = cls.env["product.product"].create({"name": "Off", "type": "service"})

    def _shop(self):
        """Make orders of every kind that the table knows."""
        (self.apple | self.pear).invoice_policy = "order"
        taxed = {"tax_ids": self.tax_excluded.ids}
        plain = self._order(
            self._line(self.apple, 3, discount=15, price_unit=9.99, **taxed),
            self._line(self.pear, 1, price_unit=9.99, tax_ids=self.tax_included.ids),
        )
        self._deliver(plain)
        self._order(self._line(self.pear, 2), retail_store_id=self.store_two.id)
        self._order(self._line(self.apple), retail_store_id=False, partner_id=self.partner_a.id)
        reduced = self._order(
            self._line(self.apple, 2, **taxed),
            self._line(self.pear, 1, **taxed),
            self._line(self.reduction, 1, price_unit=-3.33, **taxed),
        )
        self._credit(self._invoice(reduced), {self.apple: 1, self.reduction: 1})
        gift = self._order(self._line(self.apple, 1, discount=100), self._line(self.pear, 1))
        settled = self._order(self._line(self.apple, 4))
        settled.order_line._fact_settle({settled.order_line.id: 3.0})
        self._order(self._line(self.pear), confirm=False)
        cancelled = self._order(self._line(self.apple))
        cancelled.action_cancel()
        return plain | reduced | gift | settled

    def _dump(self):
        rows = self.fact.search([("basket", "like", "sale.order,%")])
        self.assertTrue(rows)
        return sorted(
            tuple(str(value) for value in row.values())
            for row in rows.with_context(bin_size=True).read(COLUMNS)
            if row.pop("id")
        )

    def test_nothing_to_repair(self):
        self._shop()
        counts = self.fact._check()
        self.assertEqual([counts[name] for name in ("inserted", "updated", "deleted")], [0, 0, 0])
        self.assertLessEqual(counts["suspects"], 1, "only the half credited order may be named")

    def test_repairs_every_kind_of_damage(self):
        self._shop()
        good = self._dump()
        row = "(SELECT min(id) FROM retail_sale_fact WHERE basket LIKE 'sale.order,%' AND {})"
        plain = row.format("promotion_amount = 0 AND event = 'sold'")
        damages = {
            "deleted": f"DELETE FROM retail_sale_fact WHERE id = {plain}",
            "quantity": f"UPDATE retail_sale_fact SET qty = qty + 1 WHERE id = {plain}",
            "total": f"UPDATE retail_sale_fact SET price_total = 1, price_tax = 0,"
            f" price_subtotal = 1 WHERE id = {plain}",
            "untaxed": "UPDATE retail_sale_fact SET price_subtotal = price_subtotal + 1,"
            f" price_tax = price_tax - 1 WHERE id = {plain}",
            "discount": f"UPDATE retail_sale_fact SET discount_amount = 99 WHERE id = {plain}",
            "cost": "UPDATE retail_sale_fact SET cost = 1 WHERE id = "
            + row.format("cost IS NOT NULL"),
            "no cost": "UPDATE retail_sale_fact SET cost = NULL WHERE id = "
            + row.format("cost IS NOT NULL"),
            "day": f"UPDATE retail_sale_fact SET day = day - 1 WHERE id = {plain}",
            "customer": f"UPDATE retail_sale_fact SET partner_id = NULL WHERE id = {plain}",
            "store": f"UPDATE retail_sale_fact SET store_id = NULL WHERE id = {plain}",
            "company amount": f"UPDATE retail_sale_fact SET total_company = 1 WHERE id = {plain}",
            "promotion": "UPDATE retail_sale_fact SET price_total = price_total + 1,"
            " price_subtotal = price_subtotal + 1, promotion_amount = promotion_amount - 1"
            " WHERE id = " + row.format("promotion_amount > 0"),
            "return deleted": "DELETE FROM retail_sale_fact WHERE id = "
            + row.format("source_model = 'account.move.line'"),
            "return changed": "UPDATE retail_sale_fact SET price_total = -1 WHERE id = "
            + row.format("source_model = 'account.move.line'"),
            "surplus": "UPDATE retail_sale_fact SET source_line = '999999999' WHERE id = " + plain,
            "no such order": "UPDATE retail_sale_fact SET basket = 'sale.order,999999999'"
            f" WHERE id = {plain}",
        }
        for name, damage in damages.items():
            with self.subTest(name):
                self.env.cr.execute(damage)
                self.assertEqual(self.env.cr.rowcount, 1)
                self.env.invalidate_all()
                self.assertNotEqual(self._dump(), good)
                self.fact._check()
                self.assertEqual(self._dump(), good)

    def test_sources_changed_behind_the_orm(self):
        order = self._order(self._line(self.apple, 2))
        self.env.flush_all()
        self.env.cr.execute("UPDATE sale_order SET state = 'cancel' WHERE id = %s", [order.id])
        self.env.invalidate_all()
        self.fact._check()
        self.assertFalse(self._facts(order))

    def test_rebuild_equals_what_events_wrote(self):
        self._shop()
        good = self._dump()
        self.env.cr.execute("UPDATE retail_sale_fact SET qty = 7 WHERE basket LIKE 'sale.order,%'")
        self.fact._rebuild()
        self.assertEqual(self._dump(), good)

    def test_rebuild_of_one_company_leaves_the_other(self):
        order = self._order(self._line(self.apple))
        self.env.cr.execute(
            "UPDATE retail_sale_fact SET qty = 7 WHERE basket = %s", [order._fact_basket()]
        )
        self.env.invalidate_all()
        self.fact._rebuild([("company_id", "=", self.company_two.id)])
        self.assertEqual(self._facts(order).qty, 7)
        self.fact._rebuild([("company_id", "=", self.company.id)])
        self.assertEqual(self._facts(order).qty, 1)

    def test_cron(self):
        order = self._order(self._line(self.apple))
        self.env.cr.execute(
            "DELETE FROM retail_sale_fact WHERE basket = %s", [order._fact_basket()]
        )
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref("retail_crm.cron_retail_sale_fact_check").method_direct_trigger()
        self.assertEqual(len(self._facts(order)), 1)
