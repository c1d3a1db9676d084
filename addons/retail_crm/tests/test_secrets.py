import os
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..crm_engine.key_ring import KeyRing
from .common_privacy import PrivacyCase

OLD = "b2xkLWtleS1vbGQta2V5LW9sZC1rZXktb2xkLWtleTA="
NEW = "bmV3LWtleS1uZXcta2V5LW5ldy1rZXktbmV3LWtleTA="
PHONE2 = "13611112222"
CIPHER = "retail_phone2_cipher"


@tagged("post_install", "-at_install")
class TestSecrets(PrivacyCase):
    """Second phone, WeChat and ID number: encrypted at rest, found by whole values."""

    def setUp(self):
        super().setUp()
        self._keys(OLD)
        self.env["ir.config_parameter"].set_param("retail_crm.key_check", False)
        self.member.write({"retail_phone2": "+86 136 1111 2222", "retail_wechat": "JaneDoe_88"})
        self.env.flush_all()
        self.env.invalidate_all()

    def _keys(self, text):
        """The server's keys are those of its environment."""
        environment = patch.dict(os.environ, {"DAOGOU_KEY": text})
        environment.start()
        self.addCleanup(environment.stop)
        self.env.invalidate_all()

    def _stored(self):
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            SQL("SELECT * FROM res_partner WHERE id = %s", self.member.id)
        )
        return rows[0]

    def test_the_database_holds_cipher_text(self):
        row = self._stored()
        self.assertNotIn("1111", row[CIPHER])
        self.assertNotIn("JaneDoe", repr(row))
        self.assertEqual(KeyRing(OLD).decrypt(row[CIPHER]), "+86 136 1111 2222")
        self.assertEqual(self.member.retail_phone2, "+86 136 1111 2222")
        self.member.retail_phone2 = False
        self.assertFalse(self._stored()[CIPHER] or self._stored()["retail_phone2_index"])

    def test_masked_like_the_phone(self):
        names = ["retail_phone2", "retail_wechat"]
        row = self.member.with_env(self.as_guide).read(names)[0]
        self.assertEqual(row["retail_phone2"], "+86 136****2222")
        self.assertEqual(row["retail_wechat"], "Ja***")
        self.member.with_env(self.as_guide).write({"retail_wechat": "Ja***"})
        self.assertEqual(self.member.retail_wechat, "JaneDoe_88")
        row = self.member.with_user(self.service).read(names)[0]
        self.assertEqual(row["retail_wechat"], "JaneDoe_88")
        with self.assertRaises(AccessError):
            self.member.with_user(self.service).read([CIPHER])

    def test_found_by_whole_values(self):
        partners = self.env["res.partner"]
        for domain in (
            [("retail_phone2", "=", PHONE2)],
            [("retail_phone2", "ilike", "0086 136 1111 2222")],
            [("retail_wechat", "=", "janedoe_88")],
            [("retail_phone2", "in", ["1", PHONE2])],
        ):
            with self.subTest(domain=domain):
                self.assertEqual(partners.search(domain), self.member)
                self.assertEqual(partners.with_user(self.guide).search(domain), self.member)
        self.assertFalse(partners.search([("retail_wechat", "ilike", "JaneDoe")]))
        self.assertNotIn(self.member, partners.search([("retail_phone2", "=", False)]))
        self.assertIn(self.other, partners.search([("retail_phone2", "=", False)]))
        cards = partners.with_user(self.guide).retail_find_exact(PHONE2)
        self.assertEqual([card["id"] for card in cards], self.member.ids)

    def test_a_missing_or_wrong_key_loses_nothing(self):
        before = self._stored()[CIPHER]
        for keys in ("", "no key", NEW):
            self._keys(keys)
            with self.subTest(keys):
                self.assertIn("***", self.member.retail_phone2)
                with self.assertRaises(UserError):
                    self.member.retail_phone2 = "13600000000"
                self.env.invalidate_all()
                with self.assertRaises(UserError):
                    self.member.write({"retail_phone2": self.member.retail_phone2})
                self.assertEqual(self._stored()[CIPHER], before)
                with self.assertLogs("odoo.addons.retail_crm.models.retail_key_ring", "ERROR"):
                    self.env["retail.key.ring"]._register_hook()
        self._keys(OLD)
        self.assertEqual(self.member.retail_phone2, "+86 136 1111 2222")

    def test_new_key(self):
        self._keys(f"{NEW}\n{OLD}")
        partners = self.env["res.partner"]
        self.assertEqual(self.member.retail_phone2, "+86 136 1111 2222")
        self.assertEqual(partners.search([("retail_phone2", "=", PHONE2)]), self.member)
        with self.enter_registry_test_mode():
            self.env.ref("retail_crm.retail_key_cron_rotate").method_direct_trigger()
        self.env.invalidate_all()
        self._keys(NEW)
        self.assertEqual(self.member.retail_phone2, "+86 136 1111 2222")
        self.assertEqual(self.member.retail_wechat, "JaneDoe_88")
        self.assertEqual(partners.search([("retail_phone2", "=", PHONE2)]), self.member)
        row = self.env["retail.audit.log"].search([("kind", "=", "key")], limit=1)
        self.assertIn("1", row.detail)
        self._keys(OLD)
        with mute_logger("odoo.sql_db"), self.assertRaises(UserError):
            self.member.retail_phone2 = "1"
