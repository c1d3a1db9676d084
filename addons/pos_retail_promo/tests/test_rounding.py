from odoo.fields import Command
from odoo.tests import tagged

from .common import TillCommon


@tagged("post_install", "-at_install")
class TestRounding(TillCommon):
    """Discounts beside cash rounding, in other currencies, and on invoices of the till."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tiers.action_end()
        cls.percent = cls._promotion(name="7 percent", percent=7)

    def _discount(self, move):
        return move.line_ids.filtered(
            lambda line: line.retail_promotion_id == self.percent and not line.tax_line_id
        )

    def assertClosed(self, move):
        self.assertEqual(move.state, "posted")
        self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0.0, places=2)

    def test_cash_rounding_is_no_discount(self):
        """138.00 less 9.66 is 128.34: paid with 128.35, the cent is the rounding's."""
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "Five cents",
                "rounding": 0.05,
                "rounding_method": "HALF-UP",
                "profit_account_id": self.company_data["default_account_revenue"].copy().id,
                "loss_account_id": self.company_data["default_account_expense"].copy().id,
            }
        )
        self.config.write(
            {
                "cash_rounding": True,
                "only_round_cash_method": True,
                "rounding_method": rounding.id,
            }
        )
        self.open_new_session()
        tea = self._goods_line(self.tea, 2)
        ours = self._promotion_line(self.percent, self.tax15, {tea["uuid"]: 966})
        payment = {"amount": 128.35, "payment_method_id": self.cash_pm1.id}
        order = self._send(
            [tea, ours],
            128.34,
            16.74,
            amount_paid=128.35,
            payment_ids=[Command.create(payment)],
        )
        self.assertEqual(order.state, "paid")
        self.assertFalse(self._differences(order))
        move = self._close()
        self.assertClosed(move)
        self.assertAlmostEqual(sum(self._discount(move).mapped("balance")), 8.4)
        self.assertRecordValues(
            move.line_ids.filtered(lambda line: line.account_id == rounding.profit_account_id),
            [{"balance": -0.01}],
        )

    def _foreign_sale(self, price, minor, total, **values):
        """Three cups at a till of another currency, worth half of the company's."""
        self.config = self.other_currency_config
        self.open_new_session()
        cups = self._goods_line(self.cup, 3, price_unit=price)
        ours = self._promotion_line(self.percent, self.env["account.tax"], {cups["uuid"]: minor})
        payment = {"amount": total, "payment_method_id": self.cash_pm2.id}
        order = self._send(
            [cups, ours], total, 0.0, payment_ids=[Command.create(payment)], **values
        )
        self.assertEqual(order.currency_id, self.other_currency)
        self.assertAlmostEqual(order.amount_total, total)
        self.assertFalse(self._differences(order))
        return order

    def test_three_decimals(self):
        """37.035 less 7 % (2.592): in the company's currency 5.18."""
        order = self._foreign_sale(12.345, 2592, 34.443)
        self.assertRecordValues(
            self._applications(order), [{"amount": 2.592, "amount_company": 5.18}]
        )
        move = self._close()
        self.assertClosed(move)
        self.assertRecordValues(self._discount(move), [{"amount_currency": 2.592, "balance": 5.18}])

    def test_no_decimals(self):
        """3705 less 7 % (259.35) is 259: there is no smaller coin."""
        self.other_currency.rounding = 1.0
        order = self._foreign_sale(1235.0, 259, 3446.0)
        self.assertEqual(self._applications(order).amount, 259.0)
        move = self._close()
        self.assertClosed(move)
        self.assertRecordValues(
            self._discount(move), [{"amount_currency": 259.0, "balance": 518.0}]
        )

    def test_refund_after_the_invoice(self):
        """The credit note books on the same accounts and grids as the invoice, turned."""
        self.open_new_session()
        tea = self._goods_line(self.tea, 2)
        ours = self._promotion_line(self.percent, self.tax15, {tea["uuid"]: 966})
        order = self._send([tea, ours], 128.34, 16.74, partner=self.customer, to_invoice=True)
        sold = order.lines.filtered(lambda line: line.product_id == self.tea)
        back = self._goods_line(self.tea, -2, refunded_orderline_id=sold.id)
        take = self._promotion_line(
            self.percent,
            self.tax15,
            {back["uuid"]: -966},
            qty=-1,
            refunded_orderline_id=(order.lines - sold).id,
        )
        refund = self._send(
            [back, take],
            -128.34,
            -16.74,
            partner=self.customer,
            to_invoice=True,
            is_refund=True,
        )
        invoice, credit = order.account_move, refund.account_move
        self.assertRecordValues(
            credit,
            [{"move_type": "out_refund", "amount_total": 128.34, "reversed_entry_id": invoice.id}],
        )
        self.assertFalse(self._differences(refund))
        self.assertEqual(
            sorted((line.account_id.id, line.balance) for line in invoice.line_ids),
            sorted((line.account_id.id, -line.balance) for line in credit.line_ids),
        )
        self.assertClosed(self._close())
        self.env.flush_all()
        groups = self.env["retail.promotion.reconciliation"]._read_group(
            [("promotion_id", "=", self.percent.id)], [], ["ledger:sum", "difference:sum"]
        )
        self.assertEqual([round(value or 0.0, 2) for value in groups[0]], [0.0, 0.0])
