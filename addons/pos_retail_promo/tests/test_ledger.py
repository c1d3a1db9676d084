from odoo.fields import Command
from odoo.tests import tagged

from .common import TillCommon


@tagged("post_install", "-at_install")
class TestLedger(TillCommon):
    """The entry of a session, exact to the cent, with prices without and with tax."""

    def setUp(self):
        super().setUp()
        self.open_new_session()

    def _discount_lines(self, move):
        # Taxes without an account of their own are booked on the account of their base.
        return move.line_ids.filtered(
            lambda line: line.account_id == self.discount_account and not line.tax_line_id
        )

    def test_sale_and_refund_balance(self):
        tea, pot, cup = (
            self._goods_line(self.tea, 2),
            self._goods_line(self.pot, 1),
            self._goods_line(self.cup, 1),
        )
        # 138.00 + 36.00 + 20.00 = 194.00; 10.00 lie on them by largest remainder.
        shares = {tea["uuid"]: 711, pot["uuid"]: 186, cup["uuid"]: 103}
        order = self._send(
            [
                tea,
                pot,
                cup,
                self._promotion_line(self.tiers, self.tax15, {tea["uuid"]: 711}),
                self._promotion_line(self.tiers, self.tax20, {pot["uuid"]: 186}),
                self._promotion_line(self.tiers, self.env["account.tax"], {cup["uuid"]: 103}),
            ],
            184.0,
            22.76,
            retail_promotion_data=self._stored_data(),
        )
        self.assertFalse(self._differences(order))
        self.assertAlmostEqual(order.amount_total, 184.0, places=2)
        self.assertEqual(sum(shares.values()), 1000)
        refund = self._refund_tea(order)
        self.assertFalse(self._differences(refund))
        move = self._close()
        self.assertEqual(move.state, "posted")
        self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0.0, places=2)
        self.assertFalse(
            move.line_ids.filtered(lambda line: "ifference" in (line.name or "")),
            "The session closes without a difference",
        )
        untaxed = [round(line.balance, 2) for line in self._discount_lines(move)]
        # 7.11 and 1.86 hold 0.93 and 0.31 of tax; all of it comes back with the teas.
        self.assertEqual(sorted(untaxed), [-6.18, -1.55, -1.03, 1.03, 1.55, 6.18])
        self.assertAlmostEqual(self._cash(move), 184.0 - 128.0, places=2)

    def _refund_tea(self, order):
        """Both teas come back: the kept goods cost 56.00, below every step."""
        tea, *_others = order.lines.filtered(lambda line: line.product_id == self.tea)
        back = self._goods_line(self.tea, -2, refunded_orderline_id=tea.id)
        take_backs = [
            self._promotion_line(
                self.tiers,
                ours.tax_ids,
                {back["uuid"]: -sum(ours.retail_shares.values())},
                qty=-1,
                refunded_orderline_id=ours.id,
            )
            for ours in order.lines.filtered(lambda line: line.retail_shares)
        ]
        return self._send([back, *take_backs], -128.0, -16.76, is_refund=True)

    def _cash(self, move):
        return sum(
            move.line_ids.filtered(
                lambda line: (
                    line.account_id == self.cash_pm1.receivable_account_id and line.debit > 0
                )
            ).mapped("balance")
        ) - sum(
            move.line_ids.filtered(
                lambda line: (
                    line.account_id == self.cash_pm1.receivable_account_id and line.credit > 0
                )
            ).mapped("credit")
        )

    def test_every_cent_is_hit(self):
        """Discounts that no price without tax can reach, sold and taken back in one session."""
        discounts = [1, 7, 33, 99, 101, 333, 667, 1000, 1999, 2868]
        for minor in discounts:
            order = self._tea_sale(given=minor)
            self.assertAlmostEqual(order.amount_total, 138.0 - minor / 100, places=2)
            tea = order.lines.filtered(lambda line: line.product_id == self.tea)
            ours = order.lines - tea
            back = self._goods_line(self.tea, -2, refunded_orderline_id=tea.id)
            take = self._promotion_line(
                self.tiers,
                self.tax15,
                {back["uuid"]: -minor},
                qty=-1,
                refunded_orderline_id=ours.id,
            )
            total = -order.amount_total
            refund = self._send([back, take], total, -order.amount_tax, is_refund=True)
            self.assertAlmostEqual(refund.amount_total, total, places=2)
            self.assertAlmostEqual(refund.amount_tax, -order.amount_tax, places=2)
        move = self._close()
        self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0.0, places=2)
        self.assertAlmostEqual(sum(self._discount_lines(move).mapped("balance")), 0.0, places=2)

    def test_excluded_basis(self):
        """Where promotions count without tax, the untaxed amount falls by the discount."""
        self.company.retail_promo_tax_basis = "excluded"
        tea = self._goods_line(self.tea, 2)
        ours = self._promotion_line(self.tiers, self.tax15, {tea["uuid"]: 1000})
        order = self._send([tea, ours], 126.5, 16.5)
        self.assertFalse(self._differences(order))
        self.assertAlmostEqual(order.amount_total, 126.5, places=2)
        move = self._close()
        self.assertRecordValues(self._discount_lines(move), [{"balance": 10.0}])

    # === GRIDS, ANALYTICS, REPORT === #

    def _with_grids(self):
        """Give the repartition lines of the tax a grid each, for sales and for refunds."""
        for line in self.tax15.repartition_line_ids:
            line.tag_ids = self.env["account.account.tag"].create(
                {
                    "name": f"{line.document_type} {line.repartition_type}",
                    "applicability": "taxes",
                    "country_id": self.company.account_fiscal_country_id.id,
                }
            )

    def _booked(self, move):
        """Return [(account, grids, taxes, promotion, balance)] of the discount and the taxes."""
        lines = move.line_ids.filtered(
            lambda line: line.retail_promotion_id or line.tax_repartition_line_id
        )
        return sorted(
            (
                line.account_id.code or "",
                tuple(sorted(line.tax_tag_ids.mapped("name"))),
                tuple(line.tax_ids.ids),
                line.retail_promotion_id.id,
                round(line.balance, 2),
            )
            for line in lines
        )

    def test_grids_and_accounts_are_those_of_the_invoice(self):
        """The same sale, once in the entry of the session and once invoiced."""
        self._with_grids()
        order = self._tea_sale(given=721)
        invoiced = self._tea_sale(given=721, partner=self.customer, to_invoice=True)
        invoice = invoiced.account_move
        self.assertEqual(invoice.amount_total, order.amount_total)
        move = self._close()
        self.assertEqual(self._booked(move), self._booked(invoice))
        (discount,) = self._discount_lines(move)
        self.assertEqual(discount.tax_tag_ids.mapped("name"), ["invoice base"])

    def test_grids_of_a_refund_are_those_of_refunds(self):
        self._with_grids()
        order = self._tea_sale(given=721)
        tea = order.lines.filtered(lambda line: line.product_id == self.tea)
        back = self._goods_line(self.tea, -2, refunded_orderline_id=tea.id)
        take = self._promotion_line(
            self.tiers,
            self.tax15,
            {back["uuid"]: -721},
            qty=-1,
            refunded_orderline_id=(order.lines - tea).id,
        )
        self._send([back, take], -order.amount_total, -order.amount_tax, is_refund=True)
        move = self._close()
        grids = {
            round(line.balance, 2): line.tax_tag_ids.mapped("name")
            for line in self._discount_lines(move)
        }
        self.assertEqual(grids, {6.27: ["invoice base"], -6.27: ["refund base"]})

    def test_analytics_of_the_promotion(self):
        plan = self.env["account.analytic.plan"].create({"name": "Promotions"})
        account = self.env["account.analytic.account"].create(
            {"name": "Autumn", "plan_id": plan.id, "company_id": self.company.id}
        )
        self.tiers.analytic_distribution = {str(account.id): 100}
        self._tea_sale(given=1150)
        self._tea_sale(given=1150, partner=self.customer, to_invoice=True)
        move = self._close()
        (discount,) = self._discount_lines(move)
        self.assertEqual(discount.retail_promotion_id, self.tiers)
        self.assertEqual(discount.name, "Spend 100 save 10")
        entries = self.env["account.analytic.line"].search([(plan._column_name(), "=", account.id)])
        # A tax without an account of its own goes with its base, on invoices.
        entries = entries.filtered(lambda entry: not entry.move_line_id.tax_line_id)
        self.assertEqual(entries.mapped("amount"), [-10.0, -10.0])

    def _reconciled(self, *measures):
        self.env.flush_all()
        groups = self.env["retail.promotion.reconciliation"]._read_group(
            [("promotion_id", "=", self.tiers.id)], [], [f"{name}:sum" for name in measures]
        )
        return tuple(round(value or 0.0, 2) for value in groups[0])

    def test_the_report_equals_the_ledger(self):
        order = self._tea_sale(given=721)
        columns = ("discount_till", "discount_total", "not_booked", "ledger", "difference")
        self.assertEqual(self._reconciled(*columns), (6.27, 7.21, -6.27, 0.0, 0.0))
        tea = order.lines.filtered(lambda line: line.product_id == self.tea)
        back = self._goods_line(self.tea, -2, refunded_orderline_id=tea.id)
        take = self._promotion_line(
            self.tiers,
            self.tax15,
            {back["uuid"]: -721},
            qty=-1,
            refunded_orderline_id=(order.lines - tea).id,
        )
        self._send([back, take], -order.amount_total, -order.amount_tax, is_refund=True)
        self._tea_sale(given=1000)
        self._tea_sale(given=333, partner=self.customer, to_invoice=True)
        self._close()
        expected = (8.7 + 2.9, 13.33, 0.0, 8.7 + 2.9, 0.0)
        self.assertEqual(self._reconciled(*columns), tuple(round(x, 2) for x in expected))
        documents = self.env["retail.promotion.reconciliation"].search(
            [("promotion_id", "=", self.tiers.id)]
        )
        self.assertEqual(set(documents.mapped("document")), {self.pos_session.name})

    def test_invoiced_after_the_session_closed(self):
        order = self._tea_sale(given=721, partner=self.customer)
        self._close()
        order.action_pos_order_invoice()
        columns = ("discount_till", "not_booked", "ledger", "difference")
        self.assertEqual(self._reconciled(*columns), (6.27, 0.0, 6.27, 0.0))

    def test_a_sales_order_that_the_till_settles(self):
        """Granted by the order, booked by the session; nothing is left to be invoiced."""
        self.env.user.group_ids += self.env.ref("sales_team.group_sale_manager")
        sale = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create({"product_id": self.tea.id, "product_uom_qty": 2}),
                ],
            }
        )
        sale.action_confirm()
        ours = sale.order_line.filtered("retail_promotion_id")
        goods = sale.order_line - ours
        self.assertEqual(sale.amount_total, 128.0)
        origin = {"sale_order_origin_id": sale.id}
        lines = [
            self._goods_line(self.tea, 2, sale_order_line_id=goods.id, **origin),
            self._goods_line(
                ours.product_id,
                1,
                price_unit=ours.price_unit,
                tax_ids=[Command.set(ours.tax_ids.ids)],
                extra_tax_data=ours.extra_tax_data,
                sale_order_line_id=ours.id,
                **origin,
            ),
        ]
        self._send(lines, 128.0, sale.amount_tax, partner=self.customer)
        self.assertEqual(ours.qty_to_invoice, 0)
        move = self._close()
        (discount,) = self._discount_lines(move)
        self.assertEqual((discount.balance, discount.retail_promotion_id), (8.7, self.tiers))
        self.env.flush_all()
        groups = self.env["retail.promotion.reconciliation"]._read_group(
            [("promotion_id", "=", self.tiers.id)],
            ["document"],
            ["discount_orders:sum", "not_booked:sum", "ledger:sum", "difference:sum"],
        )
        self.assertEqual(
            {name: tuple(round(value, 2) for value in values) for name, *values in groups},
            {sale.name: (8.7, 0.0, 0.0, 0.0), self.pos_session.name: (0.0, 0.0, 8.7, 0.0)},
        )
        figures = self.tiers._effect_figures()
        self.assertEqual(
            (figures["orders"], figures["qty"], round(figures["discount"], 2)), (1, 2, 8.7)
        )
