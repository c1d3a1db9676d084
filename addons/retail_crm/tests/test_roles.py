from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common_privacy import PrivacyCase

READ, WRITE, CREATE, DELETE = "read", "write", "create", "unlink"
ALL = {READ, WRITE, CREATE, DELETE}
WORK = {READ, WRITE, CREATE}
NOTHING = set()
ROLES = (
    "guide",
    "cashier",
    "service",
    "promotion",
    "order_clerk",
    "accountant",
    "store_manager",
    "admin",
)
# Model -> what the roles may do, in the order of ROLES.
RIGHTS = {
    "res.partner": (WORK, WORK, WORK, {READ}, {READ}, {READ}, WORK, ALL),
    "retail.customer.class": (*({READ},) * 7, ALL),
    "retail.region": (*({READ},) * 7, ALL),
    "sale.channel": (*({READ},) * 7, ALL),
    "retail.sale.fact": ({READ},) * 8,
    "retail.audit.log": (*(NOTHING,) * 7, {READ}),
    "retail.contact.grant": (*(NOTHING,) * 7, {READ, DELETE}),
    "retail.member.lookup": (*(ALL,) * 3, *(NOTHING,) * 3, ALL, ALL),
    "retail.role.grant": (*(NOTHING,) * 6, ALL, ALL),
    "auditlog.log": (*(NOTHING,) * 7, {READ}),
}


@tagged("post_install", "-at_install")
class TestRoles(PrivacyCase):
    """What each role may do with each model of privacy and members."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {}
        for role in ROLES:
            user = new_test_user(cls.env, login=f"role_{role}", groups="base.group_user")
            user.retail_store_ids = cls.store
            role_record = cls.env.ref(f"retail_crm.role_{role}")
            user.role_line_ids = [(0, 0, {"role_id": role_record.id})]
            cls.users[role] = user

    def test_models(self):
        for model, rights in RIGHTS.items():
            for role, expected in zip(ROLES, rights, strict=True):
                records = self.env[model].with_user(self.users[role])
                allowed = {right for right in ALL if records.has_access(right)}
                with self.subTest(model=model, role=role):
                    if model == "res.partner":
                        # Stock's own roles (sales, accounting) may give more on contacts.
                        self.assertLessEqual(expected, allowed)
                    else:
                        self.assertEqual(allowed, expected)

    def test_contact_data(self):
        whole = {"service", "order_clerk", "accountant", "store_manager", "admin"}
        for role, user in self.users.items():
            row = self.member.with_user(user).read(["phone"])[0]
            with self.subTest(role):
                self.assertEqual("*" not in row["phone"], role in whole)

    def test_whose_members(self):
        everyone = self.member + self.other
        for role, user in self.users.items():
            found = self.env["res.partner"].with_user(user).search([("id", "in", everyone.ids)])
            with self.subTest(role):
                self.assertEqual(found, self.member if role == "guide" else everyone)

    def test_export(self):
        for role, user in self.users.items():
            allowed = user.has_group("base.group_allow_export")
            with self.subTest(role):
                self.assertEqual(allowed, role == "admin")

    def test_changes_of_rights_are_kept_by_auditlog(self):
        vip = self.env.ref("retail_crm.class_vip")
        vip.with_user(self.users["admin"]).level = 77
        log = self.env["auditlog.log"].search(
            [("model_model", "=", "retail.customer.class"), ("res_id", "=", vip.id)], limit=1
        )
        line = log.line_ids.filtered(lambda line: line.field_id.name == "level")
        self.assertEqual(line.new_value, "77")
        self.assertEqual(log.user_id, self.users["admin"])
        with self.assertRaises(AccessError):
            log.with_user(self.users["admin"]).unlink()
