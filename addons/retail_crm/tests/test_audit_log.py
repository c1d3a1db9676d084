from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestAuditLog(TransactionCase):
    """Rows are filed by the server alone, and nobody changes or deletes them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.audit = cls.env["retail.audit.log"]
        cls.partners = cls.env["res.partner"].create([{"name": "Wang"}, {"name": "Zhao"}])
        cls.guide = new_test_user(cls.env, login="audit_guide", groups="retail_crm.group_guide")
        cls.admin = new_test_user(
            cls.env, login="audit_admin", groups="retail_crm.group_retail_admin,base.group_system"
        )

    def test_one_row_per_record_with_who_and_what(self):
        rows = self.audit.with_user(self.guide)._log(
            "merge", self.partners, detail={"into": 5}, old="a", new=["b"]
        )
        self.assertRecordValues(
            rows,
            [
                {
                    "kind": "merge",
                    "user_id": self.guide.id,
                    "login": "audit_guide",
                    "res_model": "res.partner",
                    "res_id": partner.id,
                    "res_name": partner.name,
                    "detail": '{"into": 5}',
                    "old_values": "a",
                    "new_values": '["b"]',
                }
                for partner in self.partners
            ],
        )
        self.assertEqual(
            rows[0].with_user(self.admin).action_open_record()["res_id"], rows[0].res_id
        )
        with self.assertRaises(UserError):
            self.audit._log("key").action_open_record()

    def test_many_records_in_one_row(self):
        row = self.audit._log_set("export", self.partners, detail="name")
        self.assertEqual(len(row), 1)
        self.assertIn(str(self.partners.ids[1]), row.new_values)

    def test_nobody_changes_or_deletes(self):
        row = self.audit._log("freeze", self.partners[:1])
        for user in (self.guide, self.admin, self.env.ref("base.user_root")):
            for record in (row.with_user(user), row.with_user(user).sudo()):
                with self.assertRaises(UserError):
                    record.write({"detail": "x"})
                with self.assertRaises(UserError):
                    record.unlink()
        with self.assertRaises(UserError):
            row.detail = "x"

    def test_who_reads(self):
        row = self.audit._log("reveal", self.partners[:1])
        self.assertEqual(row.with_user(self.admin).kind, "reveal")
        for groups in ("guide", "cashier", "service", "store_manager", "accountant"):
            user = new_test_user(
                self.env, login=f"audit_{groups}2", groups=f"retail_crm.group_{groups}"
            )
            with self.subTest(groups), self.assertRaises(AccessError):
                row.with_user(user).read(["kind"])
        with self.assertRaises(AccessError):
            self.audit.with_user(self.admin).create({"kind": "login"})

    def test_retention_drops_what_is_old(self):
        old = self.audit.create({"kind": "login", "date": fields.Datetime.now() - timedelta(40)})
        new = self.audit._log("login")
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("retail_crm.audit_log_days", "0")
        self.audit._cron_purge()
        self.assertTrue(old.exists(), "0 days: kept for ever")
        parameters.set_param("retail_crm.audit_log_days", "30")
        self.audit._cron_purge()
        self.assertEqual((old + new).exists(), new)
