from datetime import date

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import PromoCommon


@tagged("post_install", "-at_install")
class TestReconciliation(PromoCommon):
    """What promotions granted beside the ledger: months, lock dates, companies, corrections."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = cls._goods(100, cls.tax15)
        cls.promotion = cls._promotion(percent=10, date_from=cls.now.replace(year=2020))

    def _rows(self, promotion=None, **more):
        self.env.flush_all()
        domain = [("promotion_id", "=", (promotion or self.promotion).id)]
        return self.env["retail.promotion.reconciliation"].search(
            domain + [(name, "=", value) for name, value in more.items()]
        )

    def _months(self, *measures):
        """Return {month: (measure, ...)} of the promotion."""
        self.env.flush_all()
        groups = self.env["retail.promotion.reconciliation"]._read_group(
            [("promotion_id", "=", self.promotion.id)],
            ["date:month"],
            [f"{name}:sum" for name in measures],
        )
        return {
            month.strftime("%Y-%m"): tuple(round(value, 2) for value in values)
            for month, *values in groups
        }

    def _sold(self, day, qty=1):
        """Confirm an order of a day."""
        order = self._order((self.goods, qty))
        order.action_confirm()
        order.date_order = fields.Datetime.to_datetime(day)
        order._retail_promo_record()
        return order

    def _post(self, order, day):
        invoice = order._create_invoices()
        invoice.invoice_date = day
        invoice.action_post()
        return invoice

    def test_booked_in_the_same_month(self):
        order = self._sold("2026-03-05")
        invoice = self._post(order, "2026-03-20")
        self.assertEqual(
            self._months("discount_orders", "discount_total", "expected", "ledger", "difference"),
            {"2026-03": (10.0, 11.5, 10.0, 10.0, 0.0)},
        )
        ledger = self._rows(kind="ledger")
        self.assertEqual(ledger.move_id, invoice)
        self.assertEqual(ledger.account_id, self.discount_account)
        self.assertEqual(ledger.document, order.name)

    def test_not_booked_yet(self):
        order = self._sold("2026-03-05", qty=2)
        columns = ("discount_orders", "not_booked", "ledger", "difference")
        self.assertEqual(self._months(*columns), {"2026-03": (20.0, -20.0, 0.0, 0.0)})
        invoice = order._create_invoices()
        with Form(invoice) as form, form.invoice_line_ids.edit(0) as line:
            line.quantity = 1
        invoice.invoice_date = "2026-03-06"
        self.assertEqual(invoice.amount_total, 103.5)
        invoice.action_post()
        self.assertEqual(self._months(*columns), {"2026-03": (20.0, -10.0, 10.0, 0.0)})

    def test_booked_in_another_month(self):
        self._post(self._sold("2026-03-05"), "2026-04-01")
        self.assertEqual(
            self._months("discount_orders", "other_month", "expected", "ledger", "difference"),
            {"2026-03": (10.0, -10.0, 0.0, 0.0, 0.0), "2026-04": (0.0, 10.0, 10.0, 10.0, 0.0)},
        )

    def test_a_lock_date_moves_the_entry(self):
        order = self._sold("2026-03-05")
        self.company.sudo().sale_lock_date = date(2026, 3, 31)
        invoice = self._post(order, "2026-03-20")
        self.assertGreater(invoice.date, date(2026, 3, 31))
        months = self._months("discount_orders", "other_month", "ledger", "difference")
        self.assertEqual(months["2026-03"], (10.0, -10.0, 0.0, 0.0))
        self.assertEqual(months[invoice.date.strftime("%Y-%m")], (0.0, 10.0, 10.0, 0.0))

    def test_cancelled_halfway(self):
        order = self._sold("2026-03-05", qty=2)
        invoice = order._create_invoices()
        with Form(invoice) as form, form.invoice_line_ids.edit(0) as line:
            line.quantity = 1
        invoice.invoice_date = "2026-03-06"
        invoice.action_post()
        order._action_cancel()
        columns = ("discount_orders", "not_booked", "ledger", "difference")
        self.assertEqual(self._months(*columns), {"2026-03": (20.0, -10.0, 10.0, 0.0)})

    def test_lowered_and_not_credited_yet(self):
        """Less is kept than was invoiced: the ledger is told to wait for the credit note."""
        order = self._sold("2026-03-05", qty=2)
        self._post(order, "2026-03-06")
        order.order_line[0].product_uom_qty = 1
        columns = ("discount_orders", "not_booked", "not_credited", "ledger", "difference")
        self.assertEqual(self._months(*columns), {"2026-03": (10.0, 0.0, 10.0, 20.0, 0.0)})
        credit = order._create_invoices(final=True)
        credit.invoice_date = "2026-03-10"
        self.assertEqual(self._months(*columns), {"2026-03": (10.0, 10.0, 0.0, 20.0, 0.0)})
        credit.action_post()
        self.assertEqual(self._months(*columns), {"2026-03": (10.0, 0.0, 0.0, 10.0, 0.0)})

    def test_lowering_one_line_gives_another_one_more(self):
        """Life 83 of seed 900000: what goes off one line of the steps comes to another one."""
        self.promotion.action_end()
        self.promotion = self._steps((20, 10))
        order = self._order((self._goods(10, self.tax15), 2), (self._goods(10), 2))
        order.action_confirm()
        self._post(order, fields.Date.today())
        given = self._ours(order).mapped("price_total")
        order.order_line[0].product_uom_qty = 1
        self.assertNotEqual(self._ours(order)[1].price_total, given[1])
        self.assertAlmostEqual(sum(self._rows().mapped("difference")), 0.0, places=6)
        credit = order._create_invoices(final=True)
        credit.action_post()
        rows = self._rows()
        for name in ("difference", "not_booked", "not_credited"):
            self.assertAlmostEqual(sum(rows.mapped(name)), 0.0, places=6, msg=name)

    def test_what_was_not_invoiced_yet_is_lowered(self):
        """The step is lost with goods that are on no invoice: the others gave too much."""
        self.promotion.action_end()
        self.promotion = self._steps((300, 30))
        later = self._goods(100, invoice_policy="delivery", type="service", service_type="manual")
        order = self._order((self._goods(200), 1), (later, 1), date_order="2026-03-05")
        order.action_confirm()
        self._post(order, fields.Date.today())
        order.order_line[1].product_uom_qty = 0
        rows = self._rows()
        for name, amount in (("ledger", 20), ("not_credited", 20), ("difference", 0)):
            self.assertAlmostEqual(sum(rows.mapped(name)), amount, places=6, msg=name)

    def test_nothing_is_kept_and_credited_in_another_month(self):
        order = self._sold("2026-03-05", qty=2)
        self._post(order, "2026-03-06")
        order.order_line[0].product_uom_qty = 0
        columns = ("discount_orders", "not_credited", "other_month", "ledger", "difference")
        self.assertEqual(self._months(*columns), {"2026-03": (0.0, 20.0, 0.0, 20.0, 0.0)})
        credit = order._create_invoices(final=True)
        credit.invoice_date = "2026-04-10"
        credit.action_post()
        self.assertEqual(
            self._months(*columns),
            {"2026-03": (0.0, 0.0, 20.0, 20.0, 0.0), "2026-04": (0.0, 0.0, -20.0, -20.0, 0.0)},
        )

    def test_a_whole_credit_note_may_cost_a_unit_for_each_line_of_goods(self):
        """Life 106 of seed 20261: parts of both lines are cut, and given back uncut."""
        policy = {"invoice_policy": "delivery", "type": "service", "service_type": "manual"}
        order = self._order(*[(self._goods(0.17, **policy), 3) for _line in range(2)])
        order.action_confirm()
        ours = self._ours(order)
        self.assertEqual(list(ours.retail_shares.values()), [5, 5])
        for delivered, total in ((1, 0.32), (3, 0.6)):
            (order.order_line - ours).qty_delivered = delivered
            invoice = order._create_invoices()
            invoice.action_post()
            self.assertAlmostEqual(invoice.amount_total, total, places=6)
        self._credit_note(order.invoice_ids.sorted("id")[0]).action_post()
        # 8 of 10 are given; for two of three of each line 3 + 3 would be.
        rows = self._rows(document=order.name)
        self.assertAlmostEqual(sum(rows.mapped("ledger")), 0.08, places=6)
        self.assertAlmostEqual(sum(rows.mapped("difference")), 0.0, places=6)

    def test_a_manual_entry_is_a_difference(self):
        self._post(self._sold("2026-03-05"), "2026-03-06")
        entry = self.env["account.move"].create(
            {
                "date": "2026-03-10",
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": balance})
                    for account, balance in (
                        (self.discount_account, 3.0),
                        (self.company_data["default_account_revenue"], -3.0),
                    )
                ],
            }
        )
        entry.action_post()
        self.env.flush_all()
        rows = self.env["retail.promotion.reconciliation"].search(
            [("promotion_id", "=", False), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(rows.mapped("difference"), [-3.0])
        self.assertEqual(rows.move_id, entry)
        action = rows.action_differences()
        found = rows.search(action["domain"])
        self.assertEqual(set(found.mapped("document")), {entry.name})
        # The accountant says which promotion it is: the difference stands there.
        entry.button_draft()
        entry.line_ids[0].retail_promotion_id = self.promotion
        entry.action_post()
        self.assertEqual(self._months("ledger", "difference"), {"2026-03": (13.0, -3.0)})

    def test_a_discount_that_was_taken_off_an_invoice_is_a_difference(self):
        order = self._sold("2026-03-05")
        invoice = order._create_invoices()
        invoice.invoice_line_ids.filtered("retail_promotion_id").unlink()
        invoice.invoice_date = "2026-03-06"
        invoice.action_post()
        columns = ("discount_orders", "not_booked", "ledger", "difference")
        self.assertEqual(self._months(*columns), {"2026-03": (10.0, 0.0, 0.0, 10.0)})

    def test_exchange_rates(self):
        foreign = self.setup_other_currency("JPY", rates=[("2020-01-01", 150), ("2026-03-10", 100)])
        pricelist = self.env["product.pricelist"].create({"name": "JPY", "currency_id": foreign.id})
        order = self._order(
            (self.goods, 1, {"price_unit": 30000}),
            pricelist_id=pricelist.id,
            date_order="2026-03-01 10:00:00",
        )
        order.action_confirm()
        order.date_order = "2026-03-01 10:00:00"
        order._retail_promo_record()
        self._post(order, "2026-03-20")
        columns = ("discount_orders", "exchange", "ledger", "difference")
        (values,) = self._months(*columns).values()
        granted, exchange, ledger, difference = values
        self.assertEqual((ledger, difference), (30.0, 0.0))
        self.assertAlmostEqual(granted + exchange, 30.0, places=2)

    def test_two_companies(self):
        other = self.setup_other_company()["company"]
        accountant = new_test_user(
            self.env,
            "ledger_reader",
            groups="retail_crm.group_accountant,account.group_account_user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self._post(self._sold("2026-03-05"), "2026-03-06")
        rows = self._rows()
        self.assertTrue(rows)
        self.assertEqual(rows.company_id, self.company)
        report = self.env["retail.promotion.reconciliation"].with_user(accountant)
        self.assertFalse(report.search([]))
        accountant.company_ids |= self.company
        mine = report.with_company(self.company).with_context(allowed_company_ids=self.company.ids)
        self.assertEqual(
            sum(mine.search([("promotion_id", "=", self.promotion.id)]).mapped("ledger")), 10.0
        )

    def test_for_accountants_only(self):
        clerk = new_test_user(self.env, "clerk", groups="retail_crm.group_order_clerk")
        with self.assertRaises(AccessError):
            self.env["retail.promotion.reconciliation"].with_user(clerk).search([])

    def test_from_the_row_to_both_sides(self):
        order = self._sold("2026-03-05")
        invoice = self._post(order, "2026-03-06")
        granted = self._rows(kind="granted")
        action = granted.action_open_document()
        self.assertEqual((action["res_model"], action["res_id"]), ("sale.order", order.id))
        items = self.env["account.move.line"].search(granted.action_open_items()["domain"])
        self.assertEqual(items.move_id, invoice)
        self.assertEqual(sum(items.mapped("balance")), 10.0)
        action = self.promotion.action_view_journal_items()
        self.assertEqual(self.env["account.move.line"].search(action["domain"]), items)
        action = self.promotion.action_view_reconciliation()
        self.assertEqual(
            self.env["retail.promotion.reconciliation"].search(action["domain"]), self._rows()
        )
