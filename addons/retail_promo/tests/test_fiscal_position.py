from odoo.fields import Command
from odoo.tests import tagged

from .common import PromoCommon


@tagged("post_install", "-at_install")
class TestFiscalPosition(PromoCommon):
    """The discount carries the taxes of the goods as the fiscal position maps them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.position = cls.env["account.fiscal.position"].create(
            {"name": "Abroad", "company_id": cls.company.id}
        )
        cls.tax_abroad = cls._tax(
            7,
            fiscal_position_ids=[Command.set(cls.position.ids)],
            original_tax_ids=[Command.set(cls.tax15.ids)],
        )
        cls.goods = cls._goods(33.33, cls.tax15)

    def test_mapped_taxes(self):
        self._promotion(percent=10)
        order = self._order((self.goods, 3), fiscal_position_id=self.position.id)
        self.assertEqual(order.order_line.tax_ids, self.tax_abroad)
        self.assertGives(order, 10.7)
        self.assertEqual(order.amount_total, 96.29)
        order.action_confirm()
        self.assertEqual(order._create_invoices().amount_total, 96.29)

    def test_update_taxes_on_the_order(self):
        self._promotion(percent=10)
        order = self._order((self.goods, 3))
        self.assertGives(order, 11.5)
        order.fiscal_position_id = self.position
        order.action_update_taxes()
        self.assertEqual(order.order_line.tax_ids, self.tax_abroad)
        self.assertEqual(len(self._ours(order)), 1)
        self.assertGives(order, 10.7)
