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

    @classmethod
    def _user_of(cls, role, **values):
        user = new_test_user(
            cls.env, login=f"card_{role}", groups="base.group_user", company_id=cls.company.id
        )
        user.group_ids = [Command.set(cls.env.ref(f"retail_crm.role_{role}").implied_ids.ids)]
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
            self.assertEqual(len(self._seen(self._user_of(role))), 2, role)

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
