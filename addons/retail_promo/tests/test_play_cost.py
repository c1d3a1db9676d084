from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_play import PlayCommon


@tagged("post_install", "-at_install")
class TestPlayCost(PlayCommon):
    """What a lottery costs: points, used coupons, gifts handed out, less the points paid."""

    def _costs(self, lottery):
        rows = self.env["retail.play.cost"]._read_group(
            [("lottery_id", "=", lottery.id)],
            ["kind"],
            ["draws:sum", "income:sum", "cost:sum", "net:sum", "to_come:sum"],
        )
        return {kind: [round(float(number), 2) for number in numbers] for kind, *numbers in rows}

    def test_points_and_their_price(self):
        self.company.retail_points_value = 0.05
        self.member._retail_points(100, "Test", "Welcome")
        lottery = self._lottery(
            {"kind": "points", "points": 60}, price_kind="points", price_points=40
        )
        self._play(lottery)
        self.assertEqual(self._costs(lottery), {"points": [1, 2, 3, 1, 0]})

    def test_a_coupon_costs_when_it_is_used(self):
        promotion = self._coupon_promotion(percent=20)
        lottery = self._lottery({"kind": "coupon", "promotion_id": promotion.id})
        coupon = self._play(lottery).coupon_id
        self.assertEqual(self._costs(lottery), {"coupon": [1, 0, 0, 0, 0]})
        row = self.env["retail.play.cost"].search([("lottery_id", "=", lottery.id)])
        self.assertEqual(row.coupons_unused, 1)
        order = self._order((self._goods(100), 1), partner_id=self.member.id)
        order._retail_coupon_enter(coupon)
        order.action_confirm()
        self.assertEqual(self._costs(lottery), {"coupon": [1, 0, 20, 20, 0]})

    def test_a_gift_costs_when_it_is_handed_out(self):
        cup = self._goods(8, name="Cup", standard_price=3, is_storable=True)
        self.env["stock.quant"]._update_available_quantity(cup, self.store.lot_stock_id, 1)
        lottery = self._lottery({"kind": "gift", "product_id": cup.id, "quantity": 1})
        draw = self._play(lottery)
        self.assertEqual(self._costs(lottery), {"gift": [1, 0, 0, 0, 3]})
        draw._hand_out(self.store)
        self.assertEqual(self._costs(lottery), {"gift": [1, 0, 3, 3, 0]})

    def test_who_reads_it(self):
        lottery = self._lottery({"kind": "points", "points": 5})
        self._play(lottery)
        rows = self.env["retail.play.cost"]
        domain = [("lottery_id", "=", lottery.id)]
        manager = self._user("group_store_manager")
        self.assertEqual(len(rows.with_user(self._user("group_promotion")).search(domain)), 1)
        self.assertFalse(rows.with_user(manager).search(domain))
        manager.retail_store_ids = self.store
        self.assertEqual(len(rows.with_user(manager).search(domain)), 1)
        with self.assertRaises(AccessError):
            rows.with_user(self._user("group_guide")).search(domain)
