from odoo.fields import Command
from odoo.tests import tagged

from .common import PromoCommon


@tagged("post_install", "-at_install")
class TestOrderLife(PromoCommon):
    """Edit, copy, confirm, lock, cancel: when promotions are evaluated and what is kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = cls._goods(100)
        cls.other = cls._goods(40)
        cls.promotion = cls._promotion(percent=10)

    def _granted(self, order):
        rows = self.env["retail.promotion.application"].search(
            [("document", "=", f"sale.order,{order.id}")], order="line_key"
        )
        return rows

    def test_edited(self):
        order = self._order((self.goods, 1))
        order.write({"order_line": [Command.create({"product_id": self.other.id})]})
        self.assertGives(order, 14)
        order.order_line[0].price_unit = 50
        self.assertGives(order, 9)
        order.order_line.filtered(lambda line: line.product_id == self.other).unlink()
        self.assertGives(order, 5)
        order.order_line[0].product_uom_qty = 0
        self.assertFalse(self._ours(order))

    def test_lines_of_several_orders_in_one_write(self):
        orders = self._order((self.goods, 1)) | self._order((self.goods, 2))
        orders.order_line.filtered(lambda line: not line.retail_promotion_id).write(
            {"product_uom_qty": 3}
        )
        for order in orders:
            self.assertGives(order, 30)

    def test_lines_made_by_themselves(self):
        order = self._order((self.goods, 1))
        self.env["sale.order.line"].create(
            [{"order_id": order.id, "product_id": self.other.id} for _line in range(2)]
        )
        self.assertGives(order, 18)

    def test_a_copy_is_evaluated_anew(self):
        order = self._order((self.goods, 1))
        self.promotion.action_pause()
        self.promotion.percent = 20
        self.promotion.action_resume()
        copy = order.copy()
        self.assertGives(copy, 20)
        self.assertGives(order, 10)
        self.promotion.action_end()
        self.assertFalse(self._ours(order.copy()))

    def test_confirmed_by_today_s_rules(self):
        order = self._order((self.goods, 1))
        self.promotion.action_end()
        order.action_confirm()
        self.assertFalse(self._ours(order))
        self.assertEqual(order.amount_total, 100)

    def test_signed_for_keeps_its_price(self):
        order = self._order((self.goods, 1))
        order.signed_on = self.now
        self.promotion.action_end()
        order.action_confirm()
        self.assertEqual(order.amount_total, 90)

    def test_a_hold_in_the_context_can_t_keep_the_confirmation_from_looking(self):
        order = self._order((self.goods, 1))
        held = order.with_context(retail_promo_hold=True)
        held.order_line[0].product_uom_qty = 2
        self.assertEqual(order.amount_total, 190)
        held.action_confirm()
        self.assertEqual(order.amount_total, 180)

    def test_confirmed_and_locked_orders_are_not_touched(self):
        order = self._order((self.goods, 1))
        order.action_confirm()
        order.order_line[0].product_uom_qty = 2
        self.assertEqual(order.amount_total, 190)
        order.action_lock()
        order.client_order_ref = "X"
        order.date_order = self.now
        self.assertEqual(order.amount_total, 190)

    def test_granted_when_confirmed_line_by_line(self):
        order = self._order((self.goods, 1), (self.other, 2))
        self.assertFalse(self._granted(order))
        order.action_confirm()
        lines = order.order_line.filtered(lambda line: not line.retail_promotion_id)
        self.assertRecordValues(
            self._granted(order).sorted("line_key"),
            [
                {
                    "promotion_id": self.promotion.id,
                    "version": 1,
                    "line_key": str(line.id),
                    "product_id": line.product_id.id,
                    "qty": line.product_uom_qty,
                    "amount": amount,
                    "amount_company": amount,
                    "state": "granted",
                    "partner_id": self.customer.id,
                    "document_name": order.name,
                }
                for line, amount in zip(lines, (10, 8), strict=True)
            ],
        )

    def test_cancelled_and_confirmed_again(self):
        order = self._order((self.goods, 1), (self.other, 1))
        order.action_confirm()
        first = self._granted(order)
        order._action_cancel()
        self.assertEqual(set(first.mapped("state")), {"cancelled"})
        self.assertEqual(self.promotion.granted_order_count, 0)
        order.action_draft()
        order.order_line.filtered(lambda line: line.product_id == self.other).unlink()
        order.action_confirm()
        rows = self._granted(order)
        self.assertEqual(rows.mapped("amount"), [10])
        self.assertEqual(rows.state, "granted")
        self.assertIn(rows, first)

    def test_the_table_of_what_was_sold(self):
        order = self._order((self.goods, 1), (self.other, 1, {"discount": 50}))
        order.action_confirm()
        rows = self.env["retail.sale.fact"].search(
            [("document", "=", order.name)], order="price_total desc"
        )
        self.assertRecordValues(
            rows,
            [
                {"price_total": 90, "promotion_amount": 10, "discount_amount": 0},
                {"price_total": 18, "promotion_amount": 2, "discount_amount": 20},
            ],
        )
        self.assertEqual(sum(rows.mapped("price_total")), order.amount_total)
