from odoo.tests import tagged

from .common import TillCommon


@tagged("post_install", "-at_install")
class TestFacts(TillCommon):
    """Shares of promotions on goods, for the table of what was really sold."""

    def setUp(self):
        super().setUp()
        self.open_new_session()

    def test_shares_with_tax(self):
        order = self._tea_sale()
        tea = order.lines.filtered(lambda line: line.product_id == self.tea)
        self.assertEqual(order._fact_promotion_shares(), {tea.id: 10.0})
        ours = order.lines - tea
        self.assertFalse(ours._fact_is_goods())
        self.assertTrue(tea._fact_is_goods())

    def test_shares_with_tax_of_excluded_basis(self):
        self.company.retail_promo_tax_basis = "excluded"
        tea = self._goods_line(self.tea, 2)
        ours = self._promotion_line(self.tiers, self.tax15, {tea["uuid"]: 1000})
        order = self._send([tea, ours], 126.5, 16.5)
        self.assertEqual(list(order._fact_promotion_shares().values()), [11.5])

    def test_rows_are_net_of_promotions(self):
        """Rows are written where pos_retail_crm is installed; then they are net."""
        order = self._tea_sale()
        row = {
            "product_id": self.tea.id,
            "qty": 2.0,
            "price_total": 128.0,
            "promotion_amount": 10.0,
            "event": "sold",
        }
        if "helpdesk_ticket_count" in order._fields:
            self.assertRecordValues(self._facts(order), [row])
        else:
            self.assertFalse(self._facts(order))
