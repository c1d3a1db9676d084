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
        reasons = self._reasons(self._order((self.goods, 1)))
        self.assertIn("It starts on", reasons.pop("Later"))
        self.assertEqual(
            reasons,
            {
                "Large": "Gives $ 18.20.",
                "Small": "Another promotion of its group gives more.",
                "Spend": "The amount is too small. $ 9.00 more is needed.",
                "Vip": "It is for members only, and the customer isn't one.",
                "Else": "No product of the order is in it, or another promotion took them.",
                "Paused": "It is paused.",
            },
        )

    def test_every_condition_says_what_it_asks_for(self):
        vip = self.env.ref("retail_crm.class_vip")
        tag = self.env["res.partner.category"].create({"name": "Club"})
        web = self.env.ref("retail_crm.channel_web")
        store = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        store.is_store = True
        cup = self._goods(8, name="Cup", is_storable=True)
        self._promotion(name="Class", class_ids=[Command.set(vip.ids)])
        self._promotion(name="Tag", member_tag_ids=[Command.set(tag.ids)])
        self._promotion(name="First", first_only=True)
        self._promotion(name="Spend", spend_amount=500)
        self._promotion(name="Channel", channel_ids=[Command.set(web.ids)])
        self._promotion(name="Store", store_ids=[Command.set(store.ids)])
        self._promotion(name="Nth", reward_kind="nth", group_size=3, percent=100)
        self._promotion(name="Every", reward_kind="every", per_amount=200, reward_amount=15)
        self._promotion(name="Delivery", reward_kind="delivery")
        self._promotion(
            name="Gift",
            reward_kind="gift",
            group_size=0,
            gift_ids=[Command.create({"product_id": cup.id})],
        )
        member = self.env["res.partner"].create(
            {
                "name": "Member",
                "is_member": True,
                "email": "member@example.com",
                "retail_class_id": self.env.ref("retail_crm.class_normal").id,
            }
        )
        self._order((self.goods, 1), partner_id=member.id).action_confirm()
        reasons = self._reasons(
            self._order((self.goods, 1), partner_id=member.id, retail_store_id=False)
        )
        self.assertEqual(
            reasons,
            {
                "Class": "It is for members of: VIP.",
                "Tag": "It is for members with: Club.",
                "First": "It is for the first purchase only.",
                "Spend": "The member has spent $ 81.90 of the $ 500.00 that it asks for.",
                "Channel": f"It holds on other channels: {web.display_name}.",
                "Store": f"It holds in other stores: {store.display_name}.",
                "Nth": "The quantity is too small. 2 more is needed.",
                "Every": "The amount is too small. $ 109.00 more is needed.",
                "Delivery": "Delivery is free; no delivery is charged on the order.",
                "Gift": "Another promotion of its group gives more.",
            },
        )

    def test_a_gift_that_is_out_of_stock(self):
        cup = self._goods(8, name="Cup", is_storable=True)
        self._promotion(
            name="Gift",
            reward_kind="gift",
            group_size=0,
            gift_ids=[Command.create({"product_id": cup.id})],
        )
        reasons = self._reasons(self._order((self.goods, 1)))
        self.assertIn("too few in stock", reasons["Gift"])

    def test_an_empty_order(self):
        self._promotion(name="Any")
        self.assertIn("No product of the order", self._reasons(self._order())["Any"])
