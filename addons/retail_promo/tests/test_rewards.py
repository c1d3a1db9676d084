from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PromoCommon


@tagged("post_install", "-at_install")
class TestRewards(PromoCommon):
    """Each kind of reward, from the fields of a promotion to the cents of an order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tea = cls._goods(15, name="Tea")
        cls.cup = cls._goods(8, name="Cup")

    def _on(self, product, **values):
        return self._promotion(
            product_scope="some", product_ids=[Command.set(product.ids)], **values
        )

    def test_amount_off(self):
        self._promotion(reward_kind="amount", reward_amount=20, min_amount=30)
        self.assertFalse(self._ours(self._order((self.tea, 1))))
        self.assertGives(self._order((self.tea, 2)), 20)

    def test_amount_off_is_never_more_than_the_goods_cost(self):
        self._promotion(reward_kind="amount", reward_amount=20)
        order = self._order((self.tea, 1))
        self.assertGives(order, 15)
        self.assertEqual(order.amount_total, 0)

    def test_every_hundred_fifteen_off(self):
        promotion = self._promotion(reward_kind="every", per_amount=100, reward_amount=15)
        self.assertGives(self._order((self.tea, 14)), 30)
        promotion.action_pause()
        promotion.max_times = 1
        promotion.action_resume()
        self.assertGives(self._order((self.tea, 14)), 15)

    def test_of_every_three_the_cheapest_is_free(self):
        self._promotion(reward_kind="nth", group_size=3, group_count=1, percent=100)
        self.assertFalse(self._ours(self._order((self.tea, 2))))
        self.assertGives(self._order((self.tea, 2), (self.cup, 1)), 8)

    def test_the_second_at_half_price(self):
        self._promotion(reward_kind="nth", group_size=2, group_count=1, percent=50)
        self.assertGives(self._order((self.tea, 4)), 15)

    def test_three_for_a_price(self):
        self._promotion(reward_kind="bundle", group_size=3, reward_price=30)
        self.assertGives(self._order((self.tea, 2), (self.cup, 2)), 8)

    def test_a_flash_price(self):
        self._on(self.tea, reward_kind="price", reward_price=9.9)
        order = self._order((self.tea, 2), (self.cup, 1))
        self.assertEqual(order.amount_total, 27.8)

    def test_buy_tea_get_a_cup_cheaper(self):
        self._on(
            self.tea,
            reward_kind="cross",
            group_size=2,
            group_count=1,
            percent=50,
            target_scope="some",
            target_product_ids=[Command.set(self.cup.ids)],
        )
        self.assertFalse(self._ours(self._order((self.tea, 1), (self.cup, 1))))
        self.assertGives(self._order((self.tea, 2), (self.cup, 2)), 4)

    def test_buy_tea_get_a_cup_for_a_price(self):
        self._on(
            self.tea,
            reward_kind="cross",
            group_size=1,
            group_count=1,
            cross_gives="price",
            reward_price=1,
            target_scope="some",
            target_product_ids=[Command.set(self.cup.ids)],
        )
        self.assertGives(self._order((self.tea, 1), (self.cup, 1)), 7)

    def test_free_delivery(self):
        self._promotion(reward_kind="delivery", min_amount=30)
        carrier = self._goods(6, self.tax15, name="Delivery", type="service")
        SaleOrderLine = type(self.env["sale.order.line"])

        def is_delivery(line):
            return line.product_id == carrier

        with patch.object(SaleOrderLine, "_is_delivery", is_delivery):
            small = self._order((self.tea, 1), (carrier, 1))
            order = self._order((self.tea, 2), (carrier, 1))
        self.assertFalse(self._ours(small))
        self.assertGives(order, 6.9)
        self.assertEqual(order.amount_total, 30)

    def test_words(self):
        gift = [Command.create({"product_id": self.cup.id})]
        for values, words in (
            ({"percent": 10}, "10% off"),
            ({"reward_kind": "amount", "reward_amount": 5}, "$ 5.00 off"),
            (
                {"reward_kind": "every", "per_amount": 100, "reward_amount": 15},
                "$ 15.00 off for every $ 100.00",
            ),
            (
                {"reward_kind": "nth", "group_size": 3, "percent": 100},
                "Of every 3, the cheapest 1: free",
            ),
            ({"reward_kind": "bundle", "group_size": 3, "reward_price": 99}, "Every 3 for $ 99.00"),
            ({"reward_kind": "price", "reward_price": 9.9}, "$ 9.90 each"),
            (
                {"reward_kind": "cross", "group_size": 2, "percent": 50, "max_times": 4},
                "For every 2 bought, 1 other: 50% off, at most 4 times",
            ),
            ({"reward_kind": "gift", "group_size": 0, "gift_ids": gift}, "1 as a gift: Cup"),
            ({"reward_kind": "delivery"}, "Free delivery"),
        ):
            text = self._draft(**values).reward_text.replace("\u00a0", " ")
            self.assertEqual(text, words)

    def test_what_is_missing_is_told(self):
        for kind, words in (
            ("amount", "which amount"),
            ("every", "for every how much"),
            ("bundle", "the price"),
            ("price", "the price"),
            ("cross", "other products get cheaper"),
            ("gift", "at least one gift"),
        ):
            with self.assertRaisesRegex(UserError, words):
                self._promotion(reward_kind=kind)
        with self.assertRaisesRegex(UserError, "at least two pieces"):
            self._promotion(reward_kind="bundle", reward_price=9, group_size=1)

    def test_more_than_is_spent(self):
        with self.assertRaisesRegex(ValidationError, "more than the customer spends"):
            self._draft(reward_kind="amount", reward_amount=20, min_amount=10)
        with self.assertRaisesRegex(ValidationError, "more than the customer spends"):
            self._draft(reward_kind="every", per_amount=10, reward_amount=20)
        with self.assertRaisesRegex(ValidationError, "more than the customer spends"):
            self._steps((100, 80), (120, 60), tier_mode="each_step")

    def test_a_higher_step_that_gives_less(self):
        with self.assertRaisesRegex(ValidationError, "gives less"):
            self._steps((100, 30), (200, 10))

    def test_all_of_a_group_cheaper(self):
        with self.assertRaisesRegex(ValidationError, "choose a percentage"):
            self._draft(reward_kind="nth", group_size=2, group_count=2)

    def test_two_programs_that_exclude_each_other(self):
        group = self.env["retail.promotion.group"].create(
            {"name": "One of them", "mode": "exclusive", "company_id": self.company.id}
        )
        first = self._promotion(percent=10, group_id=group.id)
        self._promotion(percent=20, group_id=group.id)
        order = self._order((self.tea, 1))
        self.assertEqual(self._ours(order).retail_promotion_id, first)


@tagged("post_install", "-at_install")
class TestConditions(PromoCommon):
    """Who gets it: tags, the first purchase, what was spent before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tea = cls._goods(15)
        cls.member = cls.env["res.partner"].create(
            {
                "name": "Member",
                "is_member": True,
                "email": "member@example.com",
                "retail_class_id": cls.env.ref("retail_crm.class_normal").id,
            }
        )

    def _gives(self, **values):
        order = self._order((self.tea, 1), partner_id=self.member.id, **values)
        return bool(self._ours(order))

    def test_a_tag_of_the_member(self):
        tags = self.env["res.partner.category"].create([{"name": "Club"}, {"name": "Other"}])
        self._promotion(member_tag_ids=[Command.set(tags.ids)])
        self.assertFalse(self._gives())
        self.member.category_id = tags[:1]
        self.assertTrue(self._gives())

    def test_a_segment_of_the_member(self):
        segment, other = self.env["retail.segment"].create([{"name": "Club"}, {"name": "Other"}])
        promotion = self._promotion(segment_ids=[Command.set(segment.ids)])
        self.assertFalse(self._gives())
        insight = (
            self.env["retail.member.insight"]
            .sudo()
            .create(
                {
                    "partner_id": self.member.id,
                    "company_id": promotion.company_id.id,
                    "segment_id": other.id,
                }
            )
        )
        self.assertFalse(self._gives())
        insight.segment_id = segment
        self.assertTrue(self._gives())

    def test_the_first_purchase_only(self):
        self._promotion(first_only=True)
        first = self._order((self.tea, 1), partner_id=self.member.id)
        second = self._order((self.tea, 1), partner_id=self.member.id)
        self.assertTrue(self._ours(first) and self._ours(second))
        first.action_confirm()
        self.assertTrue(self._ours(first))
        second.action_confirm()
        self.assertFalse(self._ours(second))
        self.assertFalse(self._ours(self._order((self.tea, 1))))

    def test_spent_before(self):
        self._promotion(spend_amount=40, spend_days=30)
        self._order((self.tea, 2), partner_id=self.member.id).action_confirm()
        self.assertFalse(self._gives())
        self._order((self.tea, 1), partner_id=self.member.id).action_confirm()
        self.assertTrue(self._gives())
        later = fields.Datetime.now() + timedelta(days=31)
        self.assertFalse(self._gives(date_order=later))

    def test_what_nobody_asks_is_not_read(self):
        self._promotion()
        order = self._order((self.tea, 1), partner_id=self.member.id)
        self.env.flush_all()
        facts = type(self.env["retail.sale.fact"])
        with patch.object(facts, "_read_group", side_effect=AssertionError("read")):
            order._retail_promo_apply()
