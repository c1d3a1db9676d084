from odoo.exceptions import UserError
from odoo.fields import Date
from odoo.tests import Form, freeze_time, tagged

from .test_import_run import ImportCase

VIEW = "retail_crm.retail_member_view_form"


@tagged("post_install", "-at_install")
class TestMemberBirthday(ImportCase):
    """Birthdays by the solar and the lunar calendar: typed, told, found before they come."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.cn")
        cls.profile = cls.env.ref("retail_crm.import_profile_member")

    def _born(self, number, **values):
        return self.env["res.partner"].create(
            {"name": f"Born {number}", "is_member": True, "email": f"b{number}@e.example", **values}
        )

    def test_typed_and_told(self):
        with Form(self.member, view=VIEW) as form:
            form.retail_lunar_birthday = "1985年八月十五"
            self.assertEqual(form.retail_lunar_birthday, "08-15")
            self.assertEqual(form.birthdate_date, Date.to_date("1985-09-29"))
        self.assertEqual(self.member.retail_lunar_words, "Lunar month 8, day 15")
        self.env["res.lang"]._activate_lang("zh_CN")
        chinese = self.member.with_context(lang="zh_CN")
        for typed, month, day in (("L4-1", "四", "初一"), ("12-30", "十二", "三十")):
            self.member.retail_lunar_birthday = typed
            self.assertIn(month, chinese.retail_lunar_words)
            self.assertIn(day, chinese.retail_lunar_words)
        with self.assertRaisesRegex(UserError, "8-31"):
            self.member.retail_lunar_birthday = "8-31"
        self.member.retail_lunar_birthday = False
        self.assertFalse(self.member.retail_lunar_words)

    @freeze_time("2026-09-01 04:00:00")
    def test_the_next_day_rolls_over_by_itself(self):
        solar = self._born(1, birthdate_date="1990-09-01")
        leap = self._born(2, birthdate_date="1992-02-29")
        lunar = self._born(3, retail_lunar_birthday="8-15", birthdate_date="1985-09-29")
        members = solar | leap | lunar
        self.assertFalse(self._born(4).retail_next_birthday)
        days = ["2026-09-01", "2027-02-28", "2026-09-25"]
        self.assertEqual(members.mapped("retail_next_birthday"), [Date.to_date(d) for d in days])
        with freeze_time("2026-09-26 04:00:00"):
            members.invalidate_recordset()
            days = ["2027-09-01", "2027-02-28", "2027-09-15"]
            self.assertEqual(
                members.mapped("retail_next_birthday"), [Date.to_date(d) for d in days]
            )

    @freeze_time("2026-09-01 04:00:00")
    def test_found_before_they_come(self):
        solar = self._born(1, birthdate_date="1990-09-20")
        leap = self._born(2, birthdate_date="1992-02-29")
        lunar = self._born(3, retail_lunar_birthday="8-15", birthdate_date="1985-12-29")
        unknown = self._born(4)
        members = solar | leap | lunar | unknown
        own = [("id", "in", members.ids)]
        search = self.env["res.partner"].search
        for domain, found in (
            ([("retail_next_birthday", "<=", "today +30d")], solar | lunar),
            ([("retail_next_birthday", "<=", "2026-09-24")], solar),
            ([("retail_next_birthday", ">", "2026-09-25")], leap),
            ([("retail_next_birthday", "=", "2026-09-25")], lunar),
            ([("retail_next_birthday", "=", False)], unknown),
            ([("retail_next_birthday", "!=", False)], members - unknown),
            ([("retail_birthday_month", "=", 9)], solar | lunar),
            ([("retail_birthday_month", "=", 12)], unknown.browse()),
            ([("retail_birthday_month", "=", 0)], unknown),
        ):
            with self.subTest(domain):
                self.assertEqual(search(own + domain), found)
        self.assertEqual(members.mapped("retail_birthday_month"), [9, 2, 9, 0])
        ordered = search(own, order="retail_next_birthday")
        self.assertEqual(ordered, solar + lunar + leap + unknown)

    def test_imported(self):
        header = "Key,Name,Phone,Birthday,Lunar Birthday"
        rows = (
            "L1,Import Lunar,13911119001,,1985-8-15",
            "L2,Import Leap,13911119002,1992-02-29,闰四月初一",
            "L3,Import Wrong,13911119003,,8-31",
        )
        run = self._import(self._csv(*rows, header=header))
        self.assertEqual(self._counts(run), (3, 2, 0, 1))
        self.assertIn("8-31", run.row_ids.filtered("message").message)
        made = self.env["res.partner"].search(
            [("retail_external_key", "in", ("L1", "L2"))], order="retail_external_key"
        )
        self.assertEqual(made.mapped("retail_lunar_birthday"), ["08-15", "L04-01"])
        self.assertEqual(
            made.mapped("birthdate_date"), [Date.to_date("1985-09-29"), Date.to_date("1992-02-29")]
        )
        again = self._import(self._csv(*rows[:2], header=header))
        self.assertEqual(self._counts(again), (2, 0, 2, 0))

    def test_merged_and_erased(self):
        other = self._born(1, retail_lunar_birthday="8-15")
        self.member.retail_lunar_birthday = "8-16"
        action = (self.member | other).action_retail_merge()
        wizard = self.env["retail.member.merge"].browse(action["res_id"])
        line = wizard.line_ids.filtered(lambda one: one.field_name == "retail_lunar_birthday")
        self.assertEqual((line.kept_value, line.other_value), ("08-16", "08-15"))
        line.source_id = wizard.candidate_ids.filtered(lambda one: one.partner_id == other)
        wizard.action_merge()
        self.assertEqual(self.member.retail_lunar_birthday, "08-15")
        self.member._retail_erase("letter", confirmed=True)
        self.assertFalse(self.member.retail_lunar_birthday)
