from odoo.tests import tagged

from .common import TillCommon


@tagged("post_install", "-at_install")
class TestRefund(TillCommon):
    """What a refund takes back, judged by the server and made in the back office."""

    def setUp(self):
        super().setUp()
        self.open_new_session()

    def _back(self, order, qty, taken, total, tax):
        tea = order.lines.filtered(lambda line: line.product_id == self.tea)
        ours = order.lines.filtered(lambda line: line.retail_shares)
        back = self._goods_line(self.tea, -qty, refunded_orderline_id=tea.id)
        lines = [back]
        if taken:
            lines.append(
                self._promotion_line(
                    self.tiers,
                    self.tax15,
                    {back["uuid"]: -taken},
                    qty=-1,
                    refunded_orderline_id=ours.id,
                )
            )
        return self._send(lines, total, tax, is_refund=True)

    def test_kept_basket_is_evaluated(self):
        """Three teas for 207.00 - 30.00; two are kept and still save 10.00."""
        tea = self._goods_line(self.tea, 3)
        ours = self._promotion_line(self.tiers, self.tax15, {tea["uuid"]: 3000})
        order = self._send([tea, ours], 177.0, 23.09, retail_promotion_data=self._stored_data())
        self.assertFalse(self._differences(order))
        first = self._back(order, 1, 2000, -49.0, -6.39)
        self.assertFalse(self._differences(first))
        second = self._back(order, 1, 1000, -59.0, -7.7)
        self.assertFalse(self._differences(second))
        third = self._back(order, 1, 0, -69.0, -9.0)
        self.assertFalse(self._differences(third))
        self.assertAlmostEqual(sum((first | second | third).mapped("amount_total")), -177.0)
        self.assertAlmostEqual(sum(self._applications(order).mapped("amount")), 30.0)
        self.assertAlmostEqual(
            sum(self._applications(first).mapped("amount"))
            + sum(self._applications(second).mapped("amount")),
            -30.0,
        )
        # The refunds take back what was given, but they are no orders that got it.
        self.assertRecordValues(self.tiers, [{"granted_order_count": 1, "granted_amount": 0.0}])

    def test_taking_back_too_little_is_filed(self):
        order = self._tea_sale(retail_promotion_data=self._stored_data())
        refund = self._back(order, 1, 0, -69.0, -9.0)
        self.assertRecordValues(
            self._differences(refund), [{"till_amount": 0.0, "server_amount": -10.0}]
        )

    def test_shortfall_is_not_collected(self):
        """The kept tea costs more than was paid for both: nothing back, nothing asked."""
        steps = self._promotion(
            name="Two for less",
            reward_kind="tiers",
            tier_ids=[(0, 0, {"at": 130, "amount": 100})],
        )
        tea = self._goods_line(self.tea, 2)
        ours = self._promotion_line(steps, self.tax15, {tea["uuid"]: 10000})
        data = {**self._stored_data(), "programs": [steps._engine_program()]}
        order = self._send([tea, ours], 38.0, 4.96, retail_promotion_data=data)
        self.assertFalse(self._differences(order))
        line = order.lines.filtered(lambda line: line.product_id == self.tea)
        back = self._goods_line(self.tea, -1, refunded_orderline_id=line.id)
        take = self._promotion_line(steps, self.tax15, {back["uuid"]: -6900}, qty=-1)
        refund = self._send([back, take], 0.0, 0.0, is_refund=True, payment_ids=[])
        self.assertEqual(refund.state, "paid")
        self.assertFalse(self._differences(refund))

    def test_sale_without_rules_gives_back_in_proportion(self):
        order = self._tea_sale()
        refund = self._back(order, 1, 500, -64.0, -8.35)
        self.assertFalse(self._differences(refund))

    def test_back_office_returns_all_that_is_left(self):
        order = self._tea_sale(retail_promotion_data=self._stored_data())
        first = self._back(order, 1, 1000, -59.0, -7.7)
        self.assertFalse(self._differences(first))
        refund = order._refund()
        self.assertAlmostEqual(refund.amount_total, -69.0, places=2)
        self.assertFalse(refund.lines.filtered(lambda line: line.retail_shares).price_unit)

    def test_back_office_returns_the_whole_order(self):
        order = self._tea_sale(given=721, retail_promotion_data=self._stored_data())
        refund = order._refund()
        self.assertAlmostEqual(refund.amount_total, -order.amount_total, places=2)
        self.assertAlmostEqual(refund.amount_tax, -order.amount_tax, places=2)
        tea = refund.lines.filtered(lambda line: line.product_id == self.tea)
        ours = refund.lines - tea
        self.assertEqual(ours.retail_shares, {tea.uuid: -721})
