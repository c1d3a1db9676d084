from odoo.fields import Command
from odoo.tests import tagged

from .common import PromoCommon


@tagged("post_install", "-at_install")
class TestLedger(PromoCommon):
    """The journal entry balances, and the discount stands on the promotion's own account."""

    def _posted(self, order):
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.amount_total, order.amount_total)
        self.assertAlmostEqual(sum(invoice.line_ids.mapped("balance")), 0.0, places=6)
        return invoice

    def _on_account(self, invoice, account):
        lines = invoice.line_ids.filtered(lambda line: line.account_id == account)
        return round(sum(lines.mapped("balance")), 6)

    def test_tax_excluded(self):
        self._promotion(percent=10)
        order = self._order((self._goods(33.33, self.tax15), 3))
        invoice = self._posted(order)
        # 99.99 + 15.00 tax = 114.99; 11.50 off with tax = 10.00 + 1.50 tax
        self.assertEqual(order.amount_total, 103.49)
        self.assertEqual(self._on_account(invoice, self.discount_account), 10.0)
        self.assertEqual(
            self._on_account(invoice, self.company_data["default_account_revenue"]), -99.99
        )
        tax = invoice.line_ids.filtered("tax_line_id")
        self.assertEqual(round(sum(tax.mapped("balance")), 2), -13.5)

    def test_tax_included(self):
        self._promotion(percent=10)
        order = self._order((self._goods(12.0, self.tax20_included), 7))
        invoice = self._posted(order)
        # 84.00 with 14.00 tax in it; 8.40 off with 1.40 tax in it
        self.assertEqual(order.amount_total, 75.6)
        self.assertEqual(self._on_account(invoice, self.discount_account), 7.0)
        tax = invoice.line_ids.filtered("tax_line_id")
        self.assertEqual(round(sum(tax.mapped("balance")), 2), -12.6)

    def test_each_promotion_on_its_account_and_each_tax_in_its_grid(self):
        second = self.discount_account.copy({"code": "400902"})
        group = self.env["retail.promotion.group"].create(
            {"name": "Together", "mode": "compound", "company_id": self.company.id}
        )
        common = {"group_id": group.id, "stackable": True}
        self._promotion(percent=10, **common)
        self._promotion(percent=20, discount_account_id=second.id, **common)
        order = self._order((self._goods(100, self.tax15), 1), (self._goods(50, self.tax6), 1))
        invoice = self._posted(order)
        self.assertEqual(len(self._ours(order)), 4)
        # first: 11.50 + 5.30 with tax = 10 + 5 without; second: 20 % of what is left
        self.assertEqual(self._on_account(invoice, self.discount_account), 15.0)
        self.assertEqual(self._on_account(invoice, second), 27.0)
        by_tax = {
            tax: round(sum(lines.mapped("balance")), 2)
            for tax, lines in invoice.line_ids.filtered("tax_line_id")
            .grouped("tax_line_id")
            .items()
        }
        self.assertEqual(by_tax, {self.tax15: -10.8, self.tax6: -2.16})

    def test_foreign_currency(self):
        foreign = self.setup_other_currency("JPY", rates=[("2020-01-01", 151.7)])
        pricelist = self.env["product.pricelist"].create({"name": "JPY", "currency_id": foreign.id})
        self._promotion(percent=10)
        goods = self._goods(1, self.tax15)
        order = self._order((goods, 3, {"price_unit": 777}), pricelist_id=pricelist.id)
        self.assertGives(order, 268)
        invoice = self._posted(order)
        discount = invoice.line_ids.filtered(lambda line: line.account_id == self.discount_account)
        self.assertEqual(discount.amount_currency, 233)
        self.assertAlmostEqual(discount.balance, round(233 / 151.7, 2))

    def test_three_decimals(self):
        foreign = self.setup_other_currency("KWD", rates=[("2020-01-01", 0.307)])
        pricelist = self.env["product.pricelist"].create({"name": "KWD", "currency_id": foreign.id})
        self._promotion(percent=10)
        goods = self._goods(1, self.tax15)
        order = self._order((goods, 3, {"price_unit": 44.77}), pricelist_id=pricelist.id)
        self.assertGives(order, 15.446)
        self.assertEqual(self._posted(order).amount_total, 139.011)

    def test_analytics_of_the_promotion(self):
        plan = self.env["account.analytic.plan"].create({"name": "Promotions"})
        account = self.env["account.analytic.account"].create(
            {"name": "Autumn", "plan_id": plan.id, "company_id": self.company.id}
        )
        distribution = {str(account.id): 100}
        self._promotion(percent=10, analytic_distribution=distribution)
        order = self._order((self._goods(100), 1))
        invoice = self._posted(order)
        self.assertEqual(self._ours(order).analytic_distribution, distribution)
        entries = invoice.line_ids.analytic_line_ids
        self.assertEqual(entries.mapped("amount"), [-10.0])
        self.assertEqual(entries[plan._column_name()], account)

    def test_the_accountant_changes_the_account_of_a_running_promotion(self):
        promotion = self._promotion(percent=10)
        other = self.discount_account.copy({"code": "400903"})
        promotion.discount_account_id = other
        invoice = self._posted(self._order((self._goods(100), 1)))
        self.assertEqual(self._on_account(invoice, other), 10.0)

    def test_the_report_equals_the_ledger(self):
        promotion = self._promotion(percent=12.5)
        goods = [self._goods(33.33, self.tax20_included), self._goods(7.77, self.tax20_included)]
        for qty in range(1, 8):
            self._posted(self._order(*[(product, qty) for product in goods]))
        rows = self.env["retail.promotion.application"].search(
            [("promotion_id", "=", promotion.id)]
        )
        lines = self.env["account.move.line"].search(
            [("product_id", "=", promotion.discount_product_id.id)]
        )
        self.assertEqual(
            round(sum(rows.mapped("amount")), 2), round(-sum(lines.mapped("price_total")), 2)
        )
        self.assertEqual(promotion.granted_order_count, 7)
        self.assertAlmostEqual(promotion.granted_amount, sum(rows.mapped("amount")))
        self.assertEqual(lines.account_id, self.discount_account)

    def test_credit_note_is_exact(self):
        self._promotion(percent=12.5)
        order = self._order((self._goods(33.33, self.tax15), 3), (self._goods(9.99, self.tax6), 7))
        invoice = self._posted(order)
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        wizard.refund_moves()
        credit = wizard.new_move_ids
        credit.action_post()
        self.assertEqual(credit.amount_total, order.amount_total)
        self.assertEqual(
            self._on_account(credit, self.discount_account),
            -self._on_account(invoice, self.discount_account),
        )
        self.assertEqual(
            sorted(invoice.line_ids.mapped("balance")),
            sorted(-balance for balance in credit.line_ids.mapped("balance")),
        )

    def test_down_payment_and_final_invoice_sum_to_the_order(self):
        self._promotion(percent=12.5)
        order = self._order((self._goods(133.33, self.tax15), 3))
        order.action_confirm()
        down = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(order.ids)],
                "advance_payment_method": "percentage",
                "amount": 33,
            }
        )
        down._create_invoices(order).action_post()
        order._create_invoices(final=True).action_post()
        self.assertEqual(
            round(sum(order.invoice_ids.mapped("amount_total")), 2), order.amount_total
        )
