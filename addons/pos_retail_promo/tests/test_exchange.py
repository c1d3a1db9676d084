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
            lines.append(self._promotion_line(self.tiers, self.tax15, {sold["uuid"]: given}))
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
