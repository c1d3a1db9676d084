from psycopg2 import errors

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.sql_db import db_connect
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import SQL, mute_logger

from .common import RetailCase

PHONE = "+86 138 0013 8000"


@tagged("post_install", "-at_install")
class TestMemberDuplicates(RetailCase):
    """The same phone or mail twice: refused or told, allowed where it is meant, listed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.cn")
        cls.member.write({"phone": PHONE, "email": "Wang Fang <wang@Example.com>"})

    def _member(self, name="Li Na", **values):
        return self.env["res.partner"].create({"name": name, "is_member": True, **values})

    def _pairs(self):
        return self.env["retail.member.duplicate"].search(
            ["|", ("member_id.name", "like", "Pair"), ("other_id.name", "like", "Pair")]
        )

    def test_same_phone_in_every_form_is_refused(self):
        for phone in ("+8613800138000", "008613800138000", "13800138000", "138-0013-8000"):
            with self.subTest(phone), self.assertRaises(RedirectWarning) as error:
                self._member(phone=phone)
            message, action, _button, _context = error.exception.args
            self.assertIn("Wang Fang (T-M0001, …8000)", message)
            self.assertNotIn("13800138000", message)
            self.assertEqual(action["res_id"], self.member.id)

    def test_other_phones_and_no_phones_are_free(self):
        self.assertTrue(self._member(phone="13800138001"))
        self.assertTrue(self._member(phone="call me maybe"))
        self.assertTrue(self._member(phone="call me maybe"))
        self.assertTrue(self.env["res.partner"].create({"name": "No member", "phone": PHONE}))

    def test_same_mail_is_refused(self):
        with self.assertRaises(RedirectWarning):
            self._member(email="WANG@example.com")
        self.assertTrue(self._member(email="wang2@example.com"))

    def test_archived_members_count(self):
        self.member.write({"retail_archive_reason": "Moved away", "active": False})
        with self.assertRaises(RedirectWarning) as error:
            self._member(phone=PHONE)
        self.assertIn("archived", error.exception.args[0])
        self.member.active = True

    def test_changes_are_checked_and_other_changes_are_not(self):
        other = self._member(phone="13800138001")
        with self.assertRaises(RedirectWarning):
            other.phone = PHONE
        plain = self.env["res.partner"].create({"name": "Plain", "phone": PHONE})
        with self.assertRaises(RedirectWarning):
            plain.is_member = True
        self.env.cr.execute(
            SQL("UPDATE res_partner SET phone_sanitized = '+8613800138000' WHERE id = %s", other.id)
        )
        other.invalidate_recordset()
        other.name = "An old pair stays editable"

    def test_two_at_once_in_one_batch(self):
        values = {"is_member": True, "phone": "13900139000"}
        with self.assertRaises(RedirectWarning):
            self.env["res.partner"].create([{"name": "A", **values}, {"name": "B", **values}])

    def test_a_shared_phone_is_allowed_by_its_tick(self):
        first = self._member("Shop", phone="02161234567")
        with self.assertRaises(RedirectWarning):
            self._member("Other", phone="+86 21 6123 4567")
        shared = self._member("Other", phone="+86 21 6123 4567", retail_shared_phone=True)
        self.assertTrue(shared.phone_sanitized == first.phone_sanitized)
        with self.assertRaises(RedirectWarning):
            shared.retail_shared_phone = False

    def test_the_company_may_only_warn(self):
        self.company.retail_duplicate_mode = "warn"
        member = self._member(phone=PHONE)
        self.assertIn("Wang Fang", member.message_ids[0].body)

    def test_members_of_two_companies_are_no_duplicates(self):
        self.member.company_id = self.company
        self.assertTrue(self._member(phone=PHONE, company_id=self.company_two.id))
        with self.assertRaises(RedirectWarning):
            self._member(phone=PHONE)

    def test_the_form_tells_before_saving(self):
        view = self.env.ref("retail_crm.retail_member_view_form")
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as log:
            form = Form(self.env["res.partner"].with_context(default_is_member=True), view)
            form.name = "Li Na"
            form.phone = PHONE
        self.assertIn("Wang Fang", log.output[0])

    @mute_logger("odoo.sql_db")
    def test_two_transactions_meet(self):
        """The second of two that enrol one number fails with a conflict, and is tried again."""
        first, second = (db_connect(self.env.cr.dbname).cursor() for _number in range(2))
        try:
            guard = self.env["retail.member.guard"]
            second.execute("SELECT 1")  # from here on it doesn't see what the other one writes
            guard.with_env(self.env(cr=first))._touch(["+8613700137000"])
            first.commit()
            with self.assertRaises(errors.SerializationFailure):
                guard.with_env(self.env(cr=second))._touch(["+8613700137000"])
        finally:
            first.close()
            second.close()

    def test_the_check_costs_two_queries(self):
        members = self.env["res.partner"].create(
            [{"name": str(n), "is_member": True, "phone": f"1370013{n:04}"} for n in range(20)]
        )
        self.env.flush_all()
        with self.assertQueryCount(2):
            members._retail_check_duplicates()

    # === LIST === #

    def test_list_of_likely_duplicates(self):
        self.company.retail_duplicate_mode = "warn"
        born = {"birthdate_date": "1990-02-28"}
        first = self._member("Pair One", phone="13700000001", email="a@pair.example", **born)
        second = self._member("pairone", phone="13700000001", email="a@pair.example", **born)
        third = self._member("Pair Three", email="a@pair.example")
        self._member("Pair One", email="b@pair.example", birthdate_date="1990-03-01")
        self._member("Pair Shop", phone="13700000001", retail_shared_phone=True)
        self.env.flush_all()
        pairs = self.env["retail.member.duplicate"].search([("member_id", "=", first.id)])
        self.assertRecordValues(
            pairs,
            [
                {"other_id": second.id, "by_phone": True, "by_mail": True, "strength": 3},
                {"other_id": third.id, "by_phone": False, "by_mail": True, "strength": 1},
            ],
        )
        pairs[0].action_distinct()
        self.assertEqual(
            self.env["retail.member.duplicate"].search([("member_id", "=", first.id)]).other_id,
            third,
        )

    def test_who_sees_the_list(self):
        guide = new_test_user(self.env, "dup_guide", groups="retail_crm.group_guide")
        manager = new_test_user(self.env, "dup_manager", groups="retail_crm.group_store_manager")
        with self.assertRaises(AccessError):
            self.env["retail.member.duplicate"].with_user(guide).search([])
        self.assertTrue(self._pairs_of(manager) is not None)

    def _pairs_of(self, user):
        return self.env["retail.member.duplicate"].with_user(user).search([])

    def test_nobody_is_different_from_nobody(self):
        with self.assertRaises(UserError):
            self.member.action_retail_merge()
