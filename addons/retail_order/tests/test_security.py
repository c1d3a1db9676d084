from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import IntakeCase

OTHER_ROLES = (
    "role_guide",
    "role_cashier",
    "role_service",
    "role_promotion",
    "role_accountant",
)


@tagged("post_install", "-at_install")
class TestSecurity(IntakeCase):
    def test_clerk_takes_orders_in(self):
        run = self._run([self._row("A1")])
        self.assertEqual(run.done_count, 1)
        self.assertEqual(self._orders().create_uid, self.clerk)

    def test_administrator_takes_orders_in(self):
        run = self._run([self._row("A1")], user=self._user("intake_admin", "role_admin"))
        self.assertEqual(run.done_count, 1)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_other_roles_take_nothing_in(self):
        for role in OTHER_ROLES:
            user = self._user(f"intake_{role}", role)
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._run([self._row("A1")], user=user)
        self.assertFalse(self._orders())

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_sources_are_set_up_by_the_administrator_only(self):
        for role in ("role_order_clerk", "role_store_manager", *OTHER_ROLES):
            source = self.source.with_user(self._user(f"source_{role}", role))
            with self.subTest(role=role):
                self.assertEqual(source.name, "Intake Market")
                with self.assertRaises(AccessError):
                    source.name = "Mine"
        admin = self._user("source_admin", "role_admin")
        self.source.with_user(admin).name = "Renamed"

    def test_source_of_another_company_is_not_seen(self):
        other = self.env["res.company"].create({"name": "Intake Other Company"})
        admin = self._user("company_admin", "role_admin")
        admin.company_ids = [Command.link(other.id)]
        source = (
            self.env["retail.order.source"]
            .with_company(other)
            .create(
                {
                    "name": "Foreign",
                    "code": "foreign",
                    "company_id": other.id,
                    "channel_id": self.channel.id,
                }
            )
        )
        self.env.invalidate_all()
        sources = self.env["retail.order.source"].with_user(self.clerk)
        self.assertNotIn(source, sources.search([]))
        both = self.env["retail.order.source"].with_user(admin)
        seen = both.with_context(allowed_company_ids=(self.company | other).ids).search([])
        self.assertIn(source, seen)

    def test_number_of_another_company_stays_free(self):
        """The same external number in two companies is two orders of two sources."""
        other = self.env["res.company"].create({"name": "Intake Second Company"})
        twin = self.source.copy({"company_id": other.id, "profile_id": False, "store_id": False})
        self.assertNotEqual(twin.profile_id, self.source.profile_id)
        self.assertEqual(twin.profile_id.company_id, other)
