from odoo.tests import tagged

from .common import TillCommon


@tagged("post_install", "-at_install")
class TestExchange(TillCommon):
    """Goods come back and others are sold in one order: each part by its own rules."""

    def setUp(self):
        super().setUp()
        self.open_new_session()
        tea = self._goods_line(self.tea, 2)
        ours = self._promotion_line(self.tiers, self.tax15, {tea["uuid"]: 1000})
        self.sale = self._send([tea, ours], 128.0, 16.7, retail_promotion_data=self._stored_data())

    def _exchange(self, sold, given, total, tax, taken=1000, **values):
        """One tea comes back (59.00: the kept one earns nothing) and other goods are sold."""
        tea = self.sale.lines.filtered(lambda line: line.product_id == self.tea)
        ours = self.sale.lines - tea
        back = self._goods_line(self.tea, -1, refunded_orderline_id=tea.id)
        take = self._promotion_line(
            self.tiers,
            self.tax15,
            {back["uuid"]: -taken},
            qty=-1,
            refunded_orderline_id=ours.id,
        )
        lines = [back, take, sold]
        if given:
            taxes = self.env["account.tax"].browse(sold["tax_ids"][0][2])
            lines.append(self._promotion_line(self.tiers, taxes, {sold["uuid"]: given}))
        return self._send(lines, total, tax, **values)

    def test_customer_pays_the_rest(self):
        sold = self._goods_line(self.tea, 3)
        order = self._exchange(sold, 3000, 118.0, 15.39)
        self.assertEqual(order.amount_total, 118.0)
        self.assertFalse(self._differences(order))
        self.assertEqual(self.tiers.granted_amount, 30.0)
        self.assertEqual(self.tiers.used_orders, 1, "The first sale earns nothing any more")
        self.assertEqual(sorted(self._applications(order).mapped("amount")), [-10.0, 30.0])
        move = self._close()
        self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0.0, places=2)
        discounts = move.line_ids.filtered(
            lambda line: line.account_id == self.discount_account and not line.tax_line_id
        )
        self.assertAlmostEqual(sum(discounts.mapped("balance")), 26.09, places=2)
        self.assertFalse(move.line_ids.filtered(lambda line: "ifference" in (line.name or "")))

    def test_customer_gets_money_back(self):
        sold = self._goods_line(self.cup, 1)
        order = self._exchange(sold, 0, -39.0, -7.7, is_refund=True)
        self.assertEqual(order.amount_total, -39.0)
        self.assertFalse(self._differences(order))
        self.assertAlmostEqual(self.tiers.granted_amount, 0.0)
        move = self._close()
        self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0.0, places=2)
        self.assertFalse(move.line_ids.filtered(lambda line: "ifference" in (line.name or "")))

    def test_too_much_given_or_paid_back_is_filed(self):
        sold = self._goods_line(self.tea, 2)
        order = self._exchange(sold, 3000, 49.0 + 0.0, 6.39)
        self.assertRecordValues(
            self._differences(order), [{"till_amount": 20.0, "server_amount": 0.0}]
        )

    def test_what_was_sold_in_an_exchange_comes_back(self):
        sold = self._goods_line(self.tea, 2)
        order = self._exchange(sold, 1000, 69.0, 9.0, retail_promotion_data=self._stored_data())
        self.assertFalse(self._differences(order))
        goods = order.lines.filtered(lambda line: line.product_id == self.tea and line.qty > 0)
        ours = order._retail_promo_lines()
        back = self._goods_line(self.tea, -1, refunded_orderline_id=goods.id)
        take = self._promotion_line(
            self.tiers, self.tax15, {back["uuid"]: -1000}, qty=-1, refunded_orderline_id=ours.id
        )
        refund = self._send([back, take], -59.0, -7.7, is_refund=True)
        self.assertFalse(self._differences(refund))

    def test_stock_moves_both_ways(self):
        order = self._exchange(self._goods_line(self.cup, 1), 0, -39.0, -7.7, is_refund=True)
        moves = order.picking_ids.move_ids
        self.assertEqual(
            {(move.product_id, move.location_dest_id.usage) for move in moves},
            {(self.tea, "internal"), (self.cup, "customer")},
        )

    def test_invoice_of_an_exchange(self):
        """A credit note where the customer gets money, an invoice where the customer pays."""
        order = self._exchange(
            self._goods_line(self.cup, 1),
            0,
            -39.0,
            -7.7,
            is_refund=True,
            partner=self.customer,
            to_invoice=True,
        )
        self.assertRecordValues(
            order.account_move, [{"move_type": "out_refund", "amount_total": 39.0}]
        )

    def _quantities(self, groups):
        return {
            row["product_name"]: (row["quantity"], row["base_amount"])
            for group in groups
            for row in group["products"]
        }

    def _session_report(self):
        report = self.env["report.point_of_sale.report_saledetails"]
        return report.get_sale_details(session_ids=self.pos_session.ids)

    def test_the_session_report_tells_both_parts(self):
        """What comes back is a refund, what is sold a sale, whoever pays the rest."""
        self._exchange(self._goods_line(self.cup, 5), 1000, 31.0, -7.7)
        details = self._session_report()
        self.assertEqual(
            self._quantities(details["products"]), {"Tea": (2, 120.0), "Cup": (5, 100.0)}
        )
        self.assertEqual(self._quantities(details["refund_products"]), {"Tea": (1, 60.0)})
        self.assertEqual(details["products_info"], {"total": 220.0, "qty": 7})
        self.assertEqual(details["refund_info"], {"total": 60.0, "qty": 1})
        self.assertEqual(
            details["retail_promotions"], [{"name": "Spend 100 save 10", "count": 2, "amount": 10}]
        )
        self.assertEqual(details["discount_number"], 2)
        self._check_report_total(details)

    def test_the_session_report_where_money_is_paid_back(self):
        self._exchange(self._goods_line(self.cup, 1), 0, -39.0, -7.7, is_refund=True)
        details = self._session_report()
        self.assertEqual(
            self._quantities(details["products"]), {"Tea": (2, 120.0), "Cup": (1, 20.0)}
        )
        self.assertEqual(self._quantities(details["refund_products"]), {"Tea": (1, 60.0)})
        self.assertEqual(details["discount_number"], 1)
        self._check_report_total(details)

    def _check_report_total(self, details):
        """Base and tax of both blocks are what the customers paid."""
        blocks = (details["taxes_info"], details["refund_taxes_info"])
        paid = sum(block["base_amount"] + block["tax_amount"] for block in blocks)
        self.assertAlmostEqual(paid, sum(self.pos_session.order_ids.mapped("amount_total")))
        taxes = sum(block["tax_amount"] for block in blocks)
        self.assertAlmostEqual(taxes, sum(self.pos_session.order_ids.mapped("amount_tax")))

    def test_sold_goods_are_a_basket_of_their_own(self):
        """What came back belongs to the first sale, what was sold instead to the exchange."""
        order = self._exchange(self._goods_line(self.cup, 5), 1000, 31.0, -7.7)
        if "helpdesk_ticket_count" not in order._fields:
            self.assertFalse(self._facts(order))
            return
        self.assertRecordValues(
            self._facts(order),
            [{"product_id": self.cup.id, "qty": 5.0, "event": "sold", "price_total": 90.0}],
        )
        first = self._facts(self.sale).sorted("qty")
        self.assertEqual(first.mapped("qty"), [-1.0, 2.0])
        self.assertAlmostEqual(sum(first.mapped("price_total")), 69.0)
        # Written anew, in any order, they stay what they are.
        order._fact_write()
        self.sale._fact_write()
        self.assertEqual(len(self._facts(order) | self._facts(self.sale)), 3)
