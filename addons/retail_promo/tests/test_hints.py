from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .common import PromoCommon


@tagged("post_install", "-at_install")
class TestHints(PromoCommon):
    """What is nearly reached, and why a promotion doesn't apply, in words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = cls._goods(91)
        cls.other = cls._goods(50)

    def _text(self, text):
        return (text or "").replace("\u00a0", " ")

    def test_what_is_missing_to_the_next_step(self):
        self._steps((100, 10), (200, 30), name="Autumn")
        order = self._order((self.goods, 1))
        self.assertEqual(
            self._text(order.retail_promo_hint), "$ 9.00 more for $ 10.00 off (Autumn)"
        )
        order.order_line[0].product_uom_qty = 2
        self.assertEqual(
            self._text(order.retail_promo_hint), "$ 18.00 more for $ 30.00 off (Autumn)"
        )
        order.order_line[0].product_uom_qty = 3
        self.assertFalse(order.retail_promo_hint)

    def test_goods_that_don_t_count_name_no_higher_step(self):
        self._steps(
            (100, 10),
            (200, 30),
            product_scope="some",
            product_ids=[Command.set(self.goods.ids)],
            name="Autumn",
        )
        order = self._order((self.goods, 1), (self.other, 2))
        self.assertIn("$ 10.00 off", self._text(order.retail_promo_hint))

    def test_missing_quantity(self):
        self._promotion(percent=10, min_qty=3, name="Three")
        order = self._order((self.goods, 1))
        self.assertEqual(self._text(order.retail_promo_hint), "2 more for 10% off (Three)")

    def test_no_hint_once_confirmed(self):
        self._steps((100, 10))
        order = self._order((self.goods, 1))
        order.action_confirm()
        self.assertFalse(order.retail_promo_hint)

    def _reasons(self, order):
        action = order.action_retail_promo_why()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        return {line.promotion_id.name: self._text(line.reason) for line in wizard.line_ids}

    def test_every_promotion_with_its_reason(self):
        self._promotion(name="Large", percent=20)
        self._promotion(name="Small", percent=5)
        self._promotion(name="Spend", percent=50, min_amount=100)
        self._promotion(name="Later", date_from=self.now + timedelta(days=1))
        vip = self.env.ref("retail_crm.class_vip")
        self._promotion(name="Vip", class_ids=[Command.set(vip.ids)])
        self._promotion(
            name="Else", product_scope="some", product_ids=[Command.set(self.other.ids)]
        )
        paused = self._promotion(name="Paused")
        paused.action_pause()
        self._draft(name="Draft")
        self.assertEqual(
            self._reasons(self._order((self.goods, 1))),
            {
                "Large": "Gives $ 18.20.",
                "Small": "Another promotion of its group gives more.",
                "Spend": "The amount is too small. $ 9.00 more is needed.",
                "Later": "It hasn't started yet.",
                "Vip": "It is for members only, and the customer isn't one.",
                "Else": "No product of the order is in it, or another promotion took them.",
                "Paused": "It is paused.",
            },
        )

    def test_an_empty_order(self):
        self._promotion(name="Any")
        self.assertIn("No product of the order", self._reasons(self._order())["Any"])
