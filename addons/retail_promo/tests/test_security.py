from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import PromoCommon

ROLES = (
    "guide",
    "cashier",
    "service",
    "promotion",
    "order_clerk",
    "store_manager",
    "accountant",
)


@tagged("post_install", "-at_install")
class TestSecurity(PromoCommon):
    """Each role sees and does what is its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.promotion = cls._promotion()
        cls.order = cls._order((cls._goods(100), 1))
        cls.order.action_confirm()
        cls.granted = cls.env["retail.promotion.application"].search(
            [("promotion_id", "=", cls.promotion.id)]
        )
        cls.difference = (
            cls.env["retail.promotion.difference"]
            .sudo()
            ._file(
                cls.order,
                {
                    "name": "0001",
                    "sold_at": cls.now,
                    "company_id": cls.company.id,
                    "currency_id": cls.currency.id,
                    "till_amount": 10,
                    "server_amount": 8,
                },
            )
        )
        cls.users = {role: cls._user_of(role) for role in ROLES}

    @classmethod
    def _user_of(cls, role):
        record = cls.env.ref(f"retail_crm.role_{role}")
        user = new_test_user(
            cls.env,
            login=f"promo_{role}",
            groups="base.group_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        user.sudo().group_ids = [Command.set(record.implied_ids.ids)]
        return user

    def _as(self, record, role):
        return record.with_user(self.users[role])

    def _allowed(self, record, operation):
        return {role for role in ROLES if self._as(record, role).has_access(operation)}

    def test_promotions(self):
        self.assertEqual(self._allowed(self.promotion, "read"), set(ROLES))
        self.assertEqual(self._allowed(self.promotion, "write"), {"promotion", "accountant"})
        self.assertEqual(self._allowed(self.promotion, "create"), {"promotion"})
        self.assertEqual(self._allowed(self.promotion, "unlink"), {"promotion"})

    def test_groups_steps_hours(self):
        for name in ("group", "tier", "window"):
            model = self.env[f"retail.promotion.{name}"]
            for operation in ("write", "create", "unlink"):
                self.assertEqual(self._allowed(model, operation), {"promotion"})

    def test_what_was_granted_is_nobody_s_to_write(self):
        readers = {"promotion", "store_manager", "accountant"}
        self.assertEqual(self._allowed(self.granted, "read"), readers)
        for operation in ("write", "create", "unlink"):
            self.assertFalse(self._allowed(self.granted, operation))

    def test_differences(self):
        readers = {"promotion", "store_manager", "accountant"}
        self.assertEqual(self._allowed(self.difference, "read"), readers)
        self.assertEqual(self._allowed(self.difference, "write"), {"store_manager"})
        for operation in ("create", "unlink"):
            self.assertFalse(self._allowed(self.difference, operation))

    def test_the_promotion_manager_makes_and_publishes(self):
        promotion = self._as(self.env["retail.promotion"], "promotion").create(
            {
                "name": "Mine",
                "percent": 5,
                "date_from": self.now,
                "date_to": self.promotion.date_to,
                "product_scope": "some",
                "product_ids": [Command.set(self.order.order_line[0].product_id.ids)],
            }
        )
        promotion.action_publish()
        self.assertEqual(promotion.state, "running")
        promotion.action_pause()
        promotion.percent = 6
        promotion.action_resume()
        promotion.action_end()

    def test_the_promotion_manager_copies_and_the_account_stays(self):
        copy = self._as(self.promotion, "promotion").copy()
        self.assertEqual(copy.sudo().discount_account_id, self.promotion.discount_account_id)
        self.assertEqual(copy.state, "draft")

    def test_nobody_writes_the_state(self):
        for values in ({"state": "ended"}, {"version": 9}):
            with self.assertRaises(UserError):
                self._as(self.promotion, "promotion").write(values)
        with self.assertRaises(UserError):
            self._as(self.env["retail.promotion"], "promotion").create(
                {"name": "X", "state": "running"}
            )

    def test_the_accountant_chooses_accounts_only(self):
        promotion = self._as(self.promotion, "accountant")
        promotion.discount_account_id = self.discount_account.copy({"code": "400909"})
        with self.assertRaises(AccessError):
            promotion.name = "X"
        with self.assertRaises(UserError):
            promotion.action_pause()

    def test_accounts_are_the_accountant_s(self):
        with self.assertRaises(AccessError):
            self._as(self.promotion, "promotion").discount_account_id = False

    def test_a_guide_sells_with_promotions(self):
        """Nothing of it needs a right on promotions' products, accounts or applications."""
        order = self._as(self.env["sale.order"], "guide").create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create({"product_id": self.order.order_line[0].product_id.id})
                ],
            }
        )
        self.assertGives(order, 10)
        order.action_retail_promo_why()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_another_company_sees_nothing(self):
        other = self.setup_other_company(name="Other company")["company"]
        user = self.users["promotion"]
        user.sudo().write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        for record in (self.promotion, self.granted, self.difference):
            found = record.with_user(user).search([("id", "in", record.ids)])
            self.assertFalse(found)
        self.assertFalse(self.promotion.group_id.with_user(user).has_access("read"))
