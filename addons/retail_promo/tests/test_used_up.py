from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import PromoCommon


@tagged("post_install", "-at_install")
class TestUsedUp(PromoCommon):
    """A promotion of which all is sold says so by itself, until something comes back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = cls._goods(100)
        cls.manager = new_test_user(
            cls.env, "used_up_manager", groups="retail_crm.group_promotion,base.group_user"
        )
        cls.manager.write({"company_ids": [(4, cls.company.id)], "company_id": cls.company.id})

    def _sold(self, qty=1):
        order = self._order((self.goods, qty))
        order.action_confirm()
        return order

    def _owned(self, **values):
        promotion = (
            self.env["retail.promotion"]
            .with_user(self.manager)
            .create(
                {
                    "name": "Owned",
                    "percent": 10,
                    "date_from": self.now,
                    "date_to": fields.Datetime.add(self.now, days=9),
                    "company_id": self.company.id,
                    **values,
                }
            )
            .sudo()
        )
        promotion.discount_account_id = self.discount_account
        promotion.action_publish()
        return promotion

    def test_the_last_one_is_told_and_a_cancelled_one_comes_back(self):
        promotion = self._owned(limit_orders=2)
        first = self._sold()
        self.assertFalse(promotion.used_up_at)
        self._sold()
        self.assertTrue(promotion.used_up_at)
        self.assertEqual(promotion.state, "running")
        self.assertEqual(promotion.activity_ids.user_id, self.manager)
        self.assertIn("used up", promotion.message_ids[0].body)
        self.assertGives(self._order((self.goods, 1)), 0)
        first._action_cancel()
        self.assertFalse(promotion.used_up_at)
        self.assertFalse(promotion.activity_ids)
        self.assertGives(self._order((self.goods, 1)), 10)

    def test_a_budget_to_the_cent(self):
        promotion = self._promotion(percent=10, limit_budget=25)
        self._sold(2)
        self.assertFalse(promotion.used_up_at)
        last = self._sold(2)
        self.assertGives(last, 5)
        self.assertTrue(promotion.used_up_at)
        last.order_line[0].product_uom_qty = 1
        self.assertGives(last, 5)
        self.assertTrue(promotion.used_up_at)
        last.order_line[0].product_uom_qty = 0
        self.assertFalse(promotion.used_up_at)

    def test_pieces(self):
        promotion = self._promotion(reward_kind="price", reward_price=60, limit_units=3)
        self._sold(2)
        self.assertFalse(promotion.used_up_at)
        self.assertGives(self._sold(2), 40)
        self.assertTrue(promotion.used_up_at)

    def test_a_higher_limit(self):
        promotion = self._promotion(percent=10, limit_orders=1)
        self._sold()
        self.assertTrue(promotion.used_up_at)
        promotion.action_pause()
        promotion.limit_orders = 2
        promotion.action_resume()
        self.assertFalse(promotion.used_up_at)

    def test_what_is_only_reserved_is_not_sold(self):
        promotion = self._promotion(percent=10, limit_orders=1)
        usage = self.env["retail.promotion.usage"]
        header = {
            "document": "pos.order,used-up",
            "company_id": self.company.id,
            "currency_id": self.currency.id,
            "used_at": self.now,
            "day": self.now.date(),
        }
        wish = {"promotion_id": promotion.id, "version": 1, "orders": 1, "units": 0, "amount": 10}
        usage._reserve(header, [wish], 60)
        self.assertEqual(promotion.used_orders, 1)
        self.assertFalse(promotion.used_up_at)
        usage._settle(header, [wish])
        self.assertTrue(promotion.used_up_at)

    def test_shares_of_tills_show_with_the_next_run(self):
        """A sale from a share moves no counter."""
        promotion = self._promotion(percent=10, limit_orders=1)
        self._sold()
        promotion.sudo().used_up_at = False
        self.env["retail.promotion"]._cron_advance()
        self.assertTrue(promotion.used_up_at)

    def test_nobody_writes_it(self):
        promotion = self._promotion(percent=10, limit_orders=1)
        with self.assertRaises(UserError):
            promotion.with_user(self.manager).used_up_at = self.now

    def test_other_limits_are_no_end(self):
        """A member or a store that had enough leaves it to others."""
        promotion = self._promotion(reward_kind="price", reward_price=60, limit_store_units=1)
        store = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        self._order((self.goods, 1), retail_store_id=store.id).action_confirm()
        self.assertFalse(promotion.used_up_at)
