from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .common_privacy import PrivacyCase


@tagged("post_install", "-at_install")
class TestRoleGrant(PrivacyCase):
    """A store manager gives and takes roles below the own one, to the own staff."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._with_role("manager", "role_store_manager", cls.store)
        cls.clerk = cls._with_role("clerk", None, cls.store)
        cls.foreign = cls._with_role("foreign", None, cls.store_two)

    @classmethod
    def _with_role(cls, login, role, store):
        user = new_test_user(cls.env, login=f"grant_{login}", groups="base.group_user")
        user.retail_store_ids = store
        if role:
            user.role_line_ids = [(0, 0, {"role_id": cls.env.ref(f"retail_crm.{role}").id})]
        return user

    def _wizard(self, role, user=None, manager=None):
        grants = self.env["retail.role.grant"].with_user(manager or self.manager)
        role = self.env.ref(f"retail_crm.{role}")
        return grants.create({"user_id": (user or self.clerk).id, "role_id": role.id})

    def _refused(self, *args, **values):
        wizard = self._wizard(*args, **values)
        for action in (wizard.action_grant, wizard.action_revoke):
            with self.assertRaises(AccessError):
                action()

    def test_give_and_take(self):
        for role, group in (
            ("role_guide", "group_guide"),
            ("role_cashier", "group_cashier"),
            ("role_service", "group_service"),
        ):
            with self.subTest(role):
                self._wizard(role).action_grant()
                self.assertTrue(self.clerk.has_group(f"retail_crm.{group}"))
                self._wizard(role).action_grant()
                self.assertEqual(len(self.clerk.role_line_ids), 1, "twice changes nothing")
                self._wizard(role).action_revoke()
                self.assertFalse(self.clerk.has_group(f"retail_crm.{group}"))
                self.assertTrue(self.clerk._is_internal())
        kinds = self.env["retail.audit.log"].search([("user_id", "=", self.manager.id)])
        self.assertEqual(sorted(kinds.mapped("kind")), ["grant"] * 3 + ["revoke"] * 3)
        self.assertEqual(set(kinds.mapped("res_id")), {self.clerk.id})

    def test_not_the_own_level_or_above(self):
        for role in ("role_store_manager", "role_admin"):
            self._refused(role)

    def test_no_role_that_works_beyond_the_stores(self):
        for role in ("role_order_clerk", "role_accountant", "role_promotion"):
            self._refused(role)
            clerk = self._with_role(f"of_{role}", role, self.store)
            self._refused("role_guide", clerk)

    def test_no_role_made_by_hand_elsewhere(self):
        role = self.env["res.users.role"].create({"name": "Special"})
        wizard = self._wizard("role_guide")
        wizard.role_id = role
        with self.assertRaises(AccessError):
            wizard.action_grant()

    def test_only_staff_of_the_own_stores_below_oneself(self):
        self._refused("role_guide", self.foreign)
        self._refused("role_guide", self.manager)
        peer = self._with_role("peer", "role_store_manager", self.store)
        self._refused("role_guide", peer)
        admin = self._with_role("admin", "role_admin", self.store)
        self._refused("role_guide", admin)
        both = self._with_role("both", None, self.store + self.store_two)
        self._refused("role_guide", both)

    def test_rights_given_by_hand_are_not_lost(self):
        self.clerk.group_ids += self.env.ref("account.group_account_manager")
        with self.assertRaises(AccessError):
            self._wizard("role_guide").action_grant()

    def test_nobody_else(self):
        for user in (self.guide, self.service):
            with self.assertRaises(AccessError):
                self._wizard("role_guide", manager=user)
        with self.assertRaises(AccessError):
            self.clerk.with_user(self.manager).write({"role_line_ids": []})
        with self.assertRaises(AccessError):
            self.clerk.with_user(self.manager).group_ids += self.env.ref("base.group_system")

    def test_dialog_offers_what_is_allowed(self):
        form = Form(self.env["retail.role.grant"].with_user(self.manager))
        self.assertIn(self.clerk, form.allowed_user_ids)
        self.assertNotIn(self.foreign, form.allowed_user_ids)
        names = {"role_guide", "role_cashier", "role_service"}
        for name in names:
            self.assertIn(self.env.ref(f"retail_crm.{name}"), form.allowed_role_ids)
        self.assertNotIn(self.env.ref("retail_crm.role_store_manager"), form.allowed_role_ids)
        form.user_id = self.clerk
        form.role_id = self.env.ref("retail_crm.role_guide")
        form.save().action_grant()
        self.assertTrue(self.clerk.has_group("retail_crm.group_guide"))
