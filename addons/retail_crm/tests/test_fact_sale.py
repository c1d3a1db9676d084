from datetime import date, datetime

from odoo.tests import tagged
from odoo.tests.common import freeze_time

from .common import RetailCase


@tagged("post_install", "-at_install")
class TestFactSale(RetailCase):
    """Rows that sales orders write at confirm, cancel and edits."""

    def test_values_without_tax(self):
        guide = self.env.user
        order = self._order(self._line(self.apple, 3, discount=10), user_id=guide.id)
        fact = self._facts(order)
        self.assertRecordValues(
            fact,
            [
                {
                    "source_model": "sale.order.line",
                    "source_line": str(order.order_line.id),
                    "event": "sold",
                    "document": order.name,
                    "company_id": self.company.id,
                    "store_id": self.store.id,
                    "channel_id": self.env.ref("retail_crm.channel_store").id,
                    "partner_id": self.member.id,
                    "guide_id": guide.id,
                    "product_id": self.apple.id,
                    "qty": 3.0,
                    "price_subtotal": 27.0,
                    "price_tax": 0.0,
                    "price_total": 27.0,
                    "discount_amount": 3.0,
                    "promotion_amount": 0.0,
                    "cost": 0.0,
                    "amount_company": 27.0,
                    "total_company": 27.0,
                }
            ],
        )
        self.env.cr.execute("SELECT cost FROM retail_sale_fact WHERE id = %s", [fact.id])
        self.assertIsNone(self.env.cr.fetchone()[0], "no cost before stock has valued the goods")

    def test_tax_excluded_and_included(self):
        order = self._order(
            self._line(self.apple, 1, price_unit=9.99, tax_ids=self.tax_excluded.ids),
            self._line(self.pear, 1, price_unit=9.99, tax_ids=self.tax_included.ids),
        )
        self.assertRecordValues(
            self._facts(order),
            [
                {"price_subtotal": 9.99, "price_tax": 1.30, "price_total": 11.29},
                {"price_subtotal": 8.84, "price_tax": 1.15, "price_total": 9.99},
            ],
        )

    def test_gift_at_full_discount_keeps_its_price(self):
        order = self._order(self._line(self.apple, 2, discount=100, tax_ids=self.tax_excluded.ids))
        self.assertRecordValues(
            self._facts(order), [{"qty": 2.0, "price_total": 0.0, "discount_amount": 22.6}]
        )

    def test_day_of_the_store(self):
        with freeze_time("2025-03-09 20:30:00"):
            late = self._order(self._line(self.apple))
            early = self._order(self._line(self.apple), retail_store_id=self.store_two.id)
            nowhere = self._order(self._line(self.apple), retail_store_id=False)
        self.assertEqual(self._facts(late).day, date(2025, 3, 10), "tomorrow in Shanghai")
        self.assertEqual(self._facts(early).day, date(2025, 3, 9), "today in New York")
        self.assertEqual(self._facts(nowhere).day, date(2025, 3, 10), "by the company's clock")
        self.assertEqual(self._facts(late).sold_at, datetime(2025, 3, 9, 20, 30))

    def test_unit_of_measure(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._order(self._line(self.apple, 2, product_uom_id=dozen.id, price_unit=100))
        self.assertRecordValues(self._facts(order), [{"qty": 24.0, "price_total": 200.0}])

    def test_foreign_currency(self):
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": currency.id, "company_id": self.company.id}
        )
        order = self._order(
            self._line(self.apple, 1, price_unit=10.01, tax_ids=self.tax_excluded.ids),
            pricelist_id=pricelist.id,
        )
        self.assertRecordValues(
            self._facts(order),
            [
                {
                    "currency_id": currency.id,
                    "price_subtotal": 10.01,
                    "price_total": 11.31,
                    "amount_company": 5.01,
                    "total_company": 5.66,
                }
            ],
        )

    def test_quotation_is_not_sold(self):
        order = self._order(self._line(self.apple), confirm=False)
        self.assertFalse(self._facts(order))

    def test_order_created_confirmed(self):
        order = self._order(self._line(self.apple), confirm=False, state="sale")
        self.assertEqual(len(self._facts(order)), 1)

    def test_cancel_takes_it_back(self):
        order = self._order(self._line(self.apple), self._line(self.pear))
        self.assertEqual(len(self._facts(order)), 2)
        order.action_cancel()
        self.assertFalse(self._facts(order))
        order.action_draft()
        order.action_confirm()
        self.assertEqual(len(self._facts(order)), 2)

    def test_edits(self):
        order = self._order(self._line(self.apple, 3))
        fact = self._facts(order)
        order.order_line.product_uom_qty = 5
        self.assertRecordValues(fact, [{"qty": 5.0, "price_total": 50.0}])
        order.write({"order_line": [self._line(self.pear, 1)]})
        self.assertEqual(self._facts(order).product_id, self.apple | self.pear)
        order.order_line[0].product_uom_qty = 0
        self.assertEqual(self._facts(order).product_id, self.pear)
        order.retail_store_id = self.store_two
        self.assertEqual(self._facts(order).store_id, self.store_two)
        order.order_line[1].retail_guide_id = self.env.ref("base.user_admin")
        self.assertEqual(self._facts(order).guide_id, self.env.ref("base.user_admin"))

    def test_customer_is_the_commercial_partner(self):
        household = self.env["res.partner"].create({"name": "Li", "is_company": True})
        contact = self.env["res.partner"].create({"name": "Li Na", "parent_id": household.id})
        order = self._order(self._line(self.apple), partner_id=contact.id)
        self.assertEqual(self._facts(order).partner_id, household)

    def test_lines_that_are_no_goods(self):
        order = self._order(
            self._line(self.apple),
            self._line(self.service),
            (0, 0, {"display_type": "line_section", "name": "Extras"}),
            (0, 0, {"display_type": "line_note", "name": "Thank you"}),
        )
        self.assertEqual(self._facts(order).product_id, self.apple | self.service)

    def test_gift_card_is_no_goods(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Gift Cards",
                "program_type": "gift_card",
                "trigger": "auto",
                "rule_ids": [(0, 0, {"product_ids": [(6, 0, self.service.ids)]})],
                "reward_ids": [(0, 0, {"reward_type": "discount", "discount": 1})],
            }
        )
        payment = program.reward_ids.discount_line_product_id
        order = self._order(
            self._line(self.apple),
            self._line(self.service, price_unit=50),
            self._line(payment, price_unit=-5),
        )
        self.assertRecordValues(
            self._facts(order),
            [{"product_id": self.apple.id, "price_total": 10.0, "promotion_amount": 0.0}],
        )

    def test_discount_line_is_spread_over_goods(self):
        reduction = self.env["product.product"].create({"name": "Off", "type": "service"})
        order = self._order(
            self._line(self.apple, 1, price_unit=10.0, tax_ids=self.tax_excluded.ids),
            self._line(self.pear, 2, price_unit=10.0, tax_ids=self.tax_excluded.ids),
            self._line(self.service, 1, price_unit=7.0),
            self._line(reduction, 1, price_unit=-10.0, tax_ids=self.tax_excluded.ids),
        )
        facts = self._facts(order)
        self.assertEqual(facts.product_id, self.apple | self.pear | self.service)
        self.assertEqual(facts.mapped("promotion_amount"), [3.77, 7.53, 0.0])
        self.assertEqual(facts.mapped("price_total"), [7.53, 15.07, 7.0])
        self.assertEqual(facts.mapped("price_subtotal"), [6.66, 13.34, 7.0])
        self.assertAlmostEqual(sum(facts.mapped("price_total")), order.amount_total)
        self.assertAlmostEqual(sum(facts.mapped("price_subtotal")), order.amount_untaxed)

    def test_discount_of_the_wizard(self):
        order = self._order(self._line(self.apple, 10), confirm=False)
        wizard = self.env["sale.order.discount"].create(
            {"sale_order_id": order.id, "discount_type": "so_discount", "discount_percentage": 0.15}
        )
        wizard.action_apply_discount()
        order.action_confirm()
        self.assertRecordValues(
            self._facts(order), [{"price_total": 85.0, "promotion_amount": 15.0}]
        )

    def test_combo_counts_by_its_parts(self):
        combo = self.env["product.combo"].create(
            {"name": "Fruit", "combo_item_ids": [(0, 0, {"product_id": self.apple.id})]}
        )
        basket = self.env["product.product"].create(
            {
                "name": "Basket",
                "type": "combo",
                "list_price": 8.0,
                "combo_ids": [(6, 0, combo.ids)],
                "taxes_id": False,
            }
        )
        order = self._order(self._line(basket), confirm=False)
        order.order_line = [
            self._line(
                self.apple,
                linked_line_id=order.order_line.id,
                combo_item_id=combo.combo_item_ids.id,
            )
        ]
        order.action_confirm()
        self.assertRecordValues(
            self._facts(order), [{"product_id": self.apple.id, "price_total": 8.0}]
        )
        self.env.flush_all()
        self.assertNotIn(order.id, order._fact_suspects())

    def test_other_orders_are_not_held_back(self):
        """What happens to another order while one is written is written too."""
        first = self._order(self._line(self.apple))
        second = self._order(self._line(self.apple, 2))
        held = first._fact_hold()
        second.with_env(held.env).order_line.product_uom_qty = 5
        first.with_env(held.env).order_line.product_uom_qty = 7
        self.assertEqual(self._facts(second).qty, 5.0)
        self.assertEqual(self._facts(first).qty, 1.0)

    def test_down_payment_is_no_goods(self):
        order = self._order(self._line(self.apple, 10))
        self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [(6, 0, order.ids)],
                "advance_payment_method": "fixed",
                "fixed_amount": 20,
            }
        ).create_invoices()
        self.assertGreater(len(order.order_line.filtered("is_downpayment")), 0)
        self.assertRecordValues(self._facts(order), [{"price_total": 100.0}])

    def test_settled_at_a_till_counts_once(self):
        order = self._order(self._line(self.apple, 4, discount=50), self._line(self.pear, 1))
        apple, pear = order.order_line
        lines = self.env["sale.order.line"]
        lines._fact_settle({pear.id: 1.0, apple.id: 1.0})
        facts = self._facts(order)
        self.assertRecordValues(
            facts,
            [
                {
                    "product_id": self.apple.id,
                    "qty": 3.0,
                    "price_total": 15.0,
                    "discount_amount": 15.0,
                }
            ],
        )
        lines._fact_settle({apple.id: 4.0})
        self.assertFalse(self._facts(order))
        lines._fact_settle({apple.id: 4.0})
        self.assertFalse(self._facts(order))

    def test_cost_when_stock_values_it(self):
        order = self._order(self._line(self.apple, 3))
        self._deliver(order)
        self.assertRecordValues(self._facts(order), [{"cost": 12.0}])

    def test_cost_of_a_part_holds_for_the_rest(self):
        order = self._order(self._line(self.apple, 4))
        move = order.picking_ids.move_ids
        move.quantity = 1
        move.picked = True
        order.picking_ids._action_done()
        self.assertRecordValues(self._facts(order), [{"cost": 16.0}])
        self.apple.standard_price = 6.0
        self._deliver(order)
        self.assertRecordValues(self._facts(order), [{"cost": 22.0}])

    def test_confirm_writes_with_few_queries(self):
        """The count doesn't grow with the lines: costs, credit notes, one INSERT."""
        counts = {}
        for size in (1, 40):
            order = self._order(
                *[self._line(self.apple, 1 + i) for i in range(size)], confirm=False
            )
            order.action_confirm()
            self.env["retail.sale.fact"]._replace([order._fact_basket()], [])
            self.env.flush_all()
            self.env.invalidate_all()
            order.order_line.fetch(["product_id", "price_total", "retail_guide_id"])
            order.order_line.product_id.fetch(["type", "uom_id"])
            before = self.env.cr.sql_log_count
            order._fact_write()
            counts[size] = self.env.cr.sql_log_count - before
            with self.assertQueryCount(2):  # costs, and one statement that writes
                order._fact_write()
        self.assertEqual(counts[1], counts[40])
        self.assertLessEqual(counts[40], 12)

    def test_unchanged_document_writes_nothing(self):
        order = self._order(self._line(self.apple, 3, discount=7), self._line(self.pear, 1))
        self.assertEqual(order._fact_write(), {"inserted": 0, "updated": 0, "deleted": 0})
