from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_loyalty import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestCardReach(LoyaltyCommon):
    """Loyalty cards of members of other stores are no guide's to list; selling to them works."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = cls._goods(100)
        stores = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        stores |= stores.create({"name": "Other", "code": "OTHR", "company_id": cls.company.id})
        stores.is_store = True
        cls.store, other = stores
        cls.member.retail_store_id = cls.store
        cls.far = cls._member("Far", retail_store_id=other.id)
        for member in cls.member | cls.far:
            member._retail_points(500, "A game", "Won")
        cls.guide = cls._user_of("guide", retail_store_ids=[Command.set(cls.store.ids)])
        cls.gifts = cls.env["loyalty.program"].create(
            {
                "name": "Gift cards",
                "program_type": "gift_card",
                "trigger": "auto",
                "applies_on": "future",
                "company_id": cls.company.id,
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "per_point",
                            "discount": 1,
                            "discount_applicability": "order",
                            "required_points": 1,
                        }
                    )
                ],
            }
        )
        cls.gift_card = cls.env["loyalty.card"].create(
            {"program_id": cls.gifts.id, "code": "0441-gift-card-9", "points": 30}
        )
        cls.gift_card._retail_write_history("Sold", issued=30.0)

    @classmethod
    def _user_of(cls, role, login="card", **values):
        user = new_test_user(
            cls.env, login=f"{login}_{role}", groups="base.group_user", company_id=cls.company.id
        )
        role = cls.env.ref(f"retail_crm.role_{role}")
        user.group_ids = [Command.set(role.implied_ids.ids)]
        user.write(values)
        return user

    def _seen(self, user, model="loyalty.card", path="partner_id"):
        domain = [(path, "in", (self.member | self.far).ids)]
        return self.env[model].with_user(user).search(domain).mapped(path)

    def test_a_guide_lists_the_cards_in_reach(self):
        self.assertEqual(self._seen(self.guide), self.member)
        self.assertEqual(
            self._seen(self.guide, "loyalty.history", "card_id.partner_id"), self.member
        )

    def test_other_roles_see_all(self):
        for role in ("order_clerk", "promotion", "store_manager", "accountant"):
            user = self._user_of(role)
            self.assertEqual(len(self._seen(user)), 2, role)
            self.assertEqual(self.gift_card.with_user(user).code, self.gift_card.code, role)

    def _order_of(self, user, **values):
        line = Command.create({"product_id": self.goods.id})
        values = {"partner_id": self.customer.id, "order_line": [line], **values}
        return self.env["sale.order"].with_user(user).create(values)

    def test_codes_of_nobody_are_no_list(self):
        cards = self.env["loyalty.card"].with_user(self.guide)
        for domain in ([("partner_id", "=", False)], [("code", "=", self.gift_card.code)]):
            self.assertFalse(cards.search(domain))
        card = self.gift_card.with_user(self.guide)
        for refused in (
            lambda: card.read(["code"]),
            lambda: card.write({"code": "MINE"}),
            lambda: card.history_ids.read(["card_id"]),
        ):
            with self.assertRaises(AccessError):
                refused()
        history = self.env["loyalty.history"].with_user(self.guide)
        self.assertFalse(history.search([("card_id", "=", card.id)]))

    def test_who_was_given_a_code_uses_the_gift_card(self):
        order = self._order_of(self.guide)
        self.assertIn("error", order._try_apply_code("0441-gift"))
        wizard = self.env["sale.loyalty.coupon.wizard"].with_user(self.guide)
        wizard = wizard.create({"order_id": order.id, "coupon_code": self.gift_card.code})
        self.assertEqual(wizard.action_apply()["res_model"], "sale.loyalty.reward.wizard")
        ((card, rewards),) = order._get_claimable_rewards().items()
        self.assertFalse(card.env.su or rewards.env.su)
        order._apply_program_reward(rewards, card)
        self.assertAlmostEqual(order.amount_total, 70)
        order._update_programs_and_rewards()
        order.action_confirm()
        self.assertEqual((card.points, card.code), (0, self.gift_card.code))
        self.assertEqual(card.history_ids[:1].order_id, order.id)
        order._action_cancel()
        self.assertEqual(self.gift_card.points, 30)
        other = self._user_of("guide", "other", retail_store_ids=self.store.ids)
        self.assertFalse(card.with_user(other).search([("id", "=", card.id)]))

    def test_a_number_is_no_code(self):
        """Linking a card by its number to an own order would show its code."""
        for name in ("applied_coupon_ids", "retail_coupon_ids"):
            for commands in ([Command.link(self.gift_card.id)], [Command.set(self.gift_card.ids)]):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    self._order_of(self.guide).write({name: commands})
                with self.assertRaises(AccessError), self.cr.savepoint():
                    self._order_of(self.guide, **{name: commands})

    def test_a_guide_sells_a_gift_card(self):
        """Its card is made with the order, and is on it."""
        self.gifts.rule_ids = [
            Command.create(
                {
                    "reward_point_mode": "money",
                    "reward_point_amount": 1,
                    "product_ids": [Command.set(self.goods.ids)],
                }
            )
        ]
        order = self._order_of(self.guide)
        order._update_programs_and_rewards()
        cards = order.coupon_point_ids.coupon_id
        card = cards.filtered(lambda card: card.program_id == self.gifts)
        order.action_confirm()
        self.assertEqual(card.points, 100)
        self.assertEqual(order.gift_card_count, 1)
        points = self.env["sale.order.coupon.points"]
        other = self._user_of("guide", "other", retail_store_ids=self.store.ids)
        self.assertFalse(points.with_user(other).search([("coupon_id", "=", card.id)]))

    def test_a_guide_sells_to_a_member_of_another_store(self):
        """Earning, paying with points and cancelling, as with an own member."""
        orders = self.env["sale.order"].with_user(self.guide)
        order = orders.create(
            {
                "partner_id": self.far.id,
                "order_line": [Command.create({"product_id": self.goods.id})],
            }
        )
        order._update_programs_and_rewards()
        ((card, rewards),) = order._get_claimable_rewards().items()
        order.retail_points_most = 200
        order._apply_program_reward(rewards, card)
        self.assertAlmostEqual(order.amount_total, 80)
        order.action_confirm()
        self.assertEqual(self._points(self.far), 400)
        order._action_cancel()
        self.assertEqual(self._points(self.far), 500)

    def test_a_guide_enters_a_code_of_nobody(self):
        coupon = self._coupon_promotion(percent=20)._issue_coupon(origin="A fair")
        orders = self.env["sale.order"].with_user(self.guide)
        order = orders.create(
            {
                "partner_id": self.far.id,
                "order_line": [Command.create({"product_id": self.goods.id})],
            }
        )
        self.assertEqual(order._try_apply_code(coupon.code), {})
        order.action_confirm()
        self.assertEqual(coupon.retail_state, "used")
