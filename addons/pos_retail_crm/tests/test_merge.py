from odoo.tests import tagged

from .common import TillCommon


@tagged("post_install", "-at_install")
class TestMerge(TillCommon):
    """Till orders go along when two members become one, and come back with the member."""

    def test_till_orders_move_and_come_back(self):
        other = self.env["res.partner"].create(
            {"name": "Ada Twin", "email": "twin@example.com", "is_member": True}
        )
        other_id = other.id
        order = self._sale((self.tea, 2), customer=other)
        invoiced = self._sale((self.cup, 1), customer=other, to_invoice=True)
        orders = order + invoiced
        self.assertEqual(orders.partner_id, other)
        snapshot = self.member._retail_merge(other)
        self.assertEqual(orders.partner_id, self.member)
        self.assertEqual(invoiced.account_move.partner_id, self.member)
        self.assertEqual((self._facts(order) + self._facts(invoiced)).partner_id, self.member)
        self.assertEqual(self.member.retail_order_count, 2)
        self.assertEqual(self.member.pos_order_count, 2)
        returned = self._refund(order, self.tea, 1)
        self.assertEqual(returned.lines.refunded_orderline_id.order_id, order)
        own = self._sale((self.cup, 1), customer=self.member)
        snapshot._restore()
        restored = self.env["res.partner"].browse(other_id)
        self.assertEqual(orders.partner_id, restored)
        self.assertEqual(self._facts(invoiced).partner_id, restored)
        self.assertEqual(own.partner_id, self.member)
        self.assertEqual(self.member.retail_order_count, 1)
