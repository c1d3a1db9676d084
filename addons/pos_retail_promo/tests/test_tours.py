from odoo.tests import tagged

from .common_tour import PromoTourCommon


@tagged("post_install", "-at_install")
class TestPromotionTours(PromoTourCommon):
    def test_sale_with_member_and_tiers(self):
        session = self._open()
        self.start_pos_tour("pos_retail_promo_sale", login="cashier")
        order = session.order_ids
        self.assertRecordValues(
            order, [{"state": "paid", "amount_total": 146.0, "amount_tax": 16.7}]
        )
        self.assertEqual(order.partner_id, self.member)
        ours = order.lines.filtered("retail_shares")
        self.assertEqual(
            {line.retail_promotion_id: -line.price_subtotal_incl for line in ours},
            {self.percent: 2.0, self.tiers: 10.0},
        )
        self.assertFalse(self._differences(order))
