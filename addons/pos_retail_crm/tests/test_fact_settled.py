from odoo.fields import Command
from odoo.tests import tagged

from .common import TillCommon


@tagged("post_install", "-at_install")
class TestFactSettled(TillCommon):
    """A sales order that is settled at a till counts once."""

    def _order(self, qty):
        return self.env["sale.order"].create(
            {
                "partner_id": self.member.id,
                "company_id": self.company.id,
                "retail_store_id": self.store.id,
                "order_line": [Command.create({"product_id": self.tea.id, "product_uom_qty": qty})],
            }
        )

    def _settle(self, order, qty):
        return self._sale(
            {
                "product": self.tea,
                "quantity": qty,
                "sale_order_origin_id": order.id,
                "sale_order_line_id": order.order_line.id,
            },
            customer=self.member,
        )

    def _order_facts(self, order):
        return self.env["retail.sale.fact"].search([("basket", "=", f"sale.order,{order.id}")])

    def test_confirmed_order(self):
        order = self._order(2)
        order.action_confirm()
        self.assertEqual(self._order_facts(order).qty, 2.0)
        till_order = self._settle(order, 2)
        self.assertFalse(self._order_facts(order))
        self.assertEqual(self._facts(till_order).qty, 2.0)

    def test_quotation_confirmed_by_the_till(self):
        order = self._order(2)
        till_order = self._settle(order, 2)
        self.assertEqual(order.state, "sale")
        self.assertFalse(self._order_facts(order))
        self.assertEqual(self._facts(till_order).qty, 2.0)

    def test_part_of_an_order(self):
        order = self._order(3)
        order.action_confirm()
        self._settle(order, 1)
        self.assertEqual(self._order_facts(order).qty, 2.0)
