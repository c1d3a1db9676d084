from odoo.fields import Command
from odoo.tests import tagged

from .common import PromoCommon


@tagged("post_install", "-at_install")
class TestLoyalty(PromoCommon):
    """Stock loyalty on the same order: our lines are no goods, but lower its amounts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = cls._goods(100, cls.tax15)
        cls.cheap = cls._goods(10, cls.tax15)

    def _program(self, rule, reward, **values):
        return self.env["loyalty.program"].create(
            {
                "name": "Stock",
                "program_type": "promo_code",
                "trigger": "auto",
                "applies_on": "current",
                "company_id": self.company.id,
                "rule_ids": [Command.create({"mode": "auto", **rule})],
                "reward_ids": [Command.create(reward)],
                **values,
            }
        )

    def _claim(self, order):
        order._update_programs_and_rewards()
        for coupon, rewards in order._get_claimable_rewards().items():
            order._apply_program_reward(rewards[:1], coupon)
        return order.order_line.filtered("reward_id")

    def _percent_reward(self, applicability, **values):
        return {
            "reward_type": "discount",
            "discount": 10,
            "discount_mode": "percent",
            "discount_applicability": applicability,
            **values,
        }

    def test_ten_percent_of_what_is_left(self):
        self._program({}, self._percent_reward("order"))
        self._promotion(percent=10)
        order = self._order((self.goods, 1))
        reward = self._claim(order)
        self.assertEqual(order.amount_total, 93.15)
        self.assertEqual(reward.price_total, -10.35)
        self.assertGives(order, 11.5)

    def test_the_cheapest_is_a_real_line_at_its_net_price(self):
        self._program({}, self._percent_reward("cheapest", discount=100))
        self._promotion(percent=50)
        order = self._order((self.goods, 1), (self.cheap, 1))
        reward = self._claim(order)
        self.assertEqual(reward.price_total, -5.75)
        self.assertEqual(order._cheapest_line(reward.reward_id), order.order_line[1])

    def test_specific_products_at_their_net_price(self):
        reward = self._percent_reward(
            "specific", discount_product_ids=[Command.set(self.goods.ids)]
        )
        self._program({}, reward)
        self._promotion(percent=10)
        order = self._order((self.goods, 1), (self.cheap, 1))
        self.assertEqual(self._claim(order).price_total, -10.35)

    def test_specific_on_everything_leaves_our_lines_out(self):
        self._program({}, self._percent_reward("specific"))
        self._promotion(percent=10)
        order = self._order((self.goods, 1))
        reward = self._claim(order)
        self.assertEqual(reward.price_total, -10.35)
        self.assertNotIn(
            self._ours(order), order._get_specific_discountable_lines(reward.reward_id)
        )

    def test_minimum_quantity_counts_goods_only(self):
        program = self._program({"minimum_qty": 2}, self._percent_reward("order"))
        self._promotion(percent=10)
        order = self._order((self.goods, 1))
        self.assertIn("error", order._program_check_compute_points(program)[program])
        order.order_line[0].product_uom_qty = 2
        self.assertNotIn("error", order._program_check_compute_points(program)[program])

    def test_points_per_unit_count_goods_only(self):
        rule = {"reward_point_mode": "unit", "reward_point_amount": 1}
        program = self._program(rule, self._percent_reward("order"))
        self._promotion(percent=10)
        order = self._order((self.goods, 2), (self.cheap, 3))
        self.assertEqual(order._program_check_compute_points(program)[program]["points"], [5])

    def test_points_per_money_count_what_is_paid(self):
        everything = {"reward_point_mode": "money", "reward_point_amount": 1}
        some = {**everything, "product_ids": [Command.set(self.goods.ids)]}
        self._promotion(percent=10)
        order = self._order((self.goods, 1), (self.cheap, 1))
        for rule, points in ((everything, 113.85), (some, 103.5)):
            program = self._program(rule, self._percent_reward("order"))
            result = order._program_check_compute_points(program)[program]
            self.assertEqual(result["points"], [points])

    def test_e_wallet_pays_the_net_amount(self):
        wallet = self.env["loyalty.program"].create(
            {
                "name": "Wallet",
                "program_type": "ewallet",
                "applies_on": "future",
                "trigger": "auto",
                "company_id": self.company.id,
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "per_point",
                            "discount": 1,
                            "discount_applicability": "order",
                        }
                    )
                ],
            }
        )
        self.env["loyalty.card"].create(
            {"program_id": wallet.id, "partner_id": self.customer.id, "points": 1000}
        )
        self._promotion(percent=10)
        order = self._order((self.goods, 1))
        self._claim(order)
        self.assertEqual(order.amount_total, 0)
        self.assertGives(order, 11.5)

    def test_a_gift_card_is_sold_at_its_full_value(self):
        card = self._goods(50, type="service")
        self.env["loyalty.program"].create(
            {
                "name": "Gift cards",
                "program_type": "gift_card",
                "applies_on": "future",
                "trigger": "auto",
                "company_id": self.company.id,
                "rule_ids": [
                    Command.create(
                        {
                            "product_ids": [Command.set(card.ids)],
                            "reward_point_amount": 1,
                            "reward_point_mode": "money",
                            "reward_point_split": True,
                        }
                    )
                ],
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount": 1,
                            "discount_mode": "per_point",
                            "discount_applicability": "order",
                        }
                    )
                ],
            }
        )
        self._promotion(percent=10)
        order = self._order((card, 1), (self.cheap, 1))
        self.assertGives(order, 1.15)

    def test_rewards_are_no_goods_for_us(self):
        self._program({}, self._percent_reward("order"))
        self._promotion(percent=10)
        order = self._order((self.goods, 1))
        self._claim(order)
        self.assertGives(order, 11.5)
        order.order_line[0].product_uom_qty = 2
        self.assertGives(order, 23)
        self._claim(order)
        self.assertEqual(order.amount_total, 186.3)
        order.action_confirm()
        self.assertEqual(order.amount_total, 186.3)

    def test_recomputing_rewards_doesn_t_evaluate_us(self):
        self._program({}, self._percent_reward("order"))
        self._promotion(percent=10)
        order = self._order((self.goods, 1))
        calls = []
        original = type(order)._retail_promo_apply_one

        def counted(record, moment):
            calls.append(record)
            return original(record, moment)

        self.patch(type(order), "_retail_promo_apply_one", counted)
        self._claim(order)
        order._update_programs_and_rewards()
        self.assertFalse(calls)

    def test_a_coupon_is_taken_off_what_is_left(self):
        """A code of stock loyalty after our promotion, and its minimum amount counted net."""
        program = self._program(
            {"mode": "with_code", "code": "AUTUMN", "minimum_amount": 104},
            self._percent_reward("order"),
            trigger="with_code",
        )
        self._promotion(percent=10)
        order = self._order((self.goods, 1))
        # 115.00 less 11.50 is 103.50: not enough.
        self.assertIn("error", order._try_apply_code("AUTUMN"))
        program.rule_ids.minimum_amount = 103
        ((coupon, rewards),) = order._try_apply_code("AUTUMN").items()
        order._apply_program_reward(rewards, coupon)
        self.assertEqual(order.amount_total, 93.15)
        self.assertGives(order, 11.5)
        order.action_confirm()
        invoice = order._create_invoices()
        self.assertEqual(invoice.amount_total, 93.15)
