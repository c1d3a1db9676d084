from odoo.exceptions import AccessDenied, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

PASSWORD = "Audit-Guide-2026"


@tagged("post_install", "-at_install")
class TestAuditHooks(HttpCase):
    """Logins, failed ones, logouts and exports file themselves, with who and from where."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.guide = new_test_user(
            cls.env, login="audit_web", password=PASSWORD, groups="retail_crm.group_guide"
        )

    def _rows(self, kind):
        self.env.invalidate_all()
        return self.env["retail.audit.log"].search([("kind", "=", kind)])

    def _login(self, password):
        return self.make_jsonrpc_request(
            "/web/session/authenticate",
            {"db": self.env.cr.dbname, "login": "audit_web", "password": password},
        )

    def test_login_and_logout(self):
        before = self._rows("login") + self._rows("logout")
        self._login(PASSWORD)
        self.url_open("/web/session/logout")
        new = (self._rows("login") + self._rows("logout")) - before
        self.assertEqual(sorted(new.mapped("kind")), ["login", "logout"])
        self.assertEqual(new.user_id, self.guide)
        self.assertEqual(set(new.mapped("ip")), {"127.0.0.1"})

    @mute_logger("odoo.http")
    def test_failed_login_is_filed_although_it_rolls_back(self):
        credential = {"type": "password", "login": "audit_web", "password": "wrong"}
        refused = False
        try:  # assertRaises would roll back what stays in real life
            self.env["res.users"]._login(credential, {"interactive": True})
        except AccessDenied:
            refused = True
        self.assertTrue(refused)
        row = self._rows("login_failed")[:1]
        self.assertEqual(row.login, "audit_web")
        self.assertFalse(row.user_id)

    def test_export_needs_its_right_and_is_filed(self):
        partners = self.env["res.partner"].create([{"name": "A"}, {"name": "B"}])
        with self.assertRaises(UserError):
            partners.with_user(self.guide).export_data(["name"])
        before = self._rows("export")
        self.guide.group_ids += self.env.ref("base.group_allow_export")
        partners.with_user(self.guide).export_data(["name", "phone"])
        row = self._rows("export") - before
        self.assertRecordValues(
            row,
            [{"user_id": self.guide.id, "res_model": "res.partner", "detail": "name, phone"}],
        )
        self.assertIn(str(partners.ids[0]), row.new_values)
