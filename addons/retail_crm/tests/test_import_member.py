import io

import openpyxl
import xlwt

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .test_import_run import ImportCase

HEADER = "Key,Card,Name,Phone,Email,Class,Home Store,Gender,Birthday,Tags,Note"


@tagged("post_install", "-at_install")
class TestImportMember(ImportCase):
    """Members from files: made, found again, brought up to date, refused with a reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.cn")
        cls.profile = cls.env.ref("retail_crm.import_profile_member")
        cls.member.write({"phone": "13800138000", "email": "wang@example.com"})

    def _row(self, number=1, **values):
        row = {
            "Key": f"K{number}",
            "Card": f"C-{number:04}",
            "Name": f"Import {number}",
            "Phone": f"1391111{number:04}",
            "Email": f"import{number}@example.com",
            "Class": "VIP",
            "Home Store": "TS1",
            "Gender": "女",
            "Birthday": "1992-02-29",
            "Tags": "Import Tea;Import Coffee",
            "Note": "likes <b>tea</b>",
            **values,
        }
        return ",".join(row[name] for name in HEADER.split(","))

    def _file(self, *rows):
        return self._csv(*rows, header=HEADER)

    def _made(self, number=1):
        return self.env["res.partner"].search([("retail_external_key", "=", f"K{number}")])

    def _message(self, **values):
        run = self._import(self._file(self._row(**values)))
        self.assertEqual(self._counts(run), (1, 0, 0, 1))
        return run.row_ids.message

    # === NEW === #

    def test_new_members_are_as_if_typed(self):
        run = self._import(self._file(self._row(1), self._row(2, Name='O\'Neil "🙂" 王芳')))
        self.assertEqual(self._counts(run), (2, 2, 0, 0))
        member = self._made()
        self.assertRecordValues(
            member,
            [
                {
                    "name": "Import 1",
                    "complete_name": "Import 1",
                    "is_member": True,
                    "member_code": "C-0001",
                    "phone": "+86 139 1111 0001",
                    "phone_sanitized": "+8613911110001",
                    "email_normalized": "import1@example.com",
                    "retail_class_id": self.env.ref("retail_crm.class_vip").id,
                    "retail_store_id": self.store.id,
                    "gender": "female",
                    "comment": "<p>likes &lt;b&gt;tea&lt;/b&gt;</p>",
                    "active": True,
                    "create_uid": self.env.uid,
                    "commercial_partner_id": member.id,
                }
            ],
        )
        self.assertEqual(str(member.birthdate_date), "1992-02-29")
        self.assertEqual(set(member.category_id.mapped("name")), {"Import Tea", "Import Coffee"})
        self.assertEqual(run.row_ids[0].res_id, member.id)
        self.assertEqual(self._made(2).name, 'O\'Neil "🙂" 王芳')
        self.assertEqual(self.env["res.partner"].search([("name", "=", "-")]).ids, [])

    def test_a_row_equals_what_the_orm_makes(self):
        """Every column of an imported member is the one of a member that is typed in."""
        self._import(self._file(self._row(Tags="", Note="")))
        made = self._made()
        typed = self.env["res.partner"].create(
            {
                "name": "Import 1",
                "is_member": True,
                "retail_class_id": made.retail_class_id.id,
                "retail_store_id": self.store.id,
                "gender": "female",
                "birthdate_date": "1992-02-29",
                "phone": "13911110002",
                "email": "typed@example.com",
            }
        )
        references = self.env["retail.member.references"]
        row, wanted = references._row(made), references._row(typed)
        own = {
            "id",
            "calendar_last_notif_ack",
            "commercial_partner_id",
            "email",
            "email_normalized",
            "member_code",
            "phone",
            "phone_sanitized",
            "retail_external_key",
        }
        for name in wanted.keys() - own:
            self.assertEqual(row[name], wanted[name], name)

    def test_only_a_name_and_a_phone(self):
        run = self._import("姓名,手机号\n李娜,13911119999\n".encode())
        self.assertEqual(self._counts(run), (1, 1, 0, 0))
        member = self.env["res.partner"].search([("phone_sanitized", "=", "+8613911119999")])
        self.assertEqual(member.retail_class_id, self.env["retail.customer.class"].search([])[0])

    def test_a_workbook_with_phones_as_numbers(self):
        book = xlwt.Workbook()
        sheet = book.add_sheet("members")
        for line, row in enumerate((["会员卡号", "姓名", "手机"], ["C-7", "李娜", 13911110007])):
            for column, value in enumerate(row):
                sheet.write(line, column, value)
        stream = io.BytesIO()
        book.save(stream)
        run = self._import(stream.getvalue(), name="members.xls")
        self.assertEqual(self._counts(run), (1, 1, 0, 0))
        member = self.env["res.partner"].search([("member_code", "=", "C-7")])
        self.assertEqual(member.phone_sanitized, "+8613911110007")

    # === AGAIN === #

    def test_the_same_file_again_writes_nothing(self):
        content = self._file(*(self._row(number) for number in range(1, 21)))
        run = self._import(content)
        before = self._made().write_date
        run._run_now()
        self.assertEqual(self._counts(run), (20, 0, 20, 0))
        self.assertEqual(self._made().write_date, before)

    def test_unchanged_rows_cost_no_queries_each(self):
        target = self.env["retail.import.target.member"]
        run = self._import(self._file(*(self._row(number) for number in range(1, 41))))
        counts = []
        for number in (5, 40):
            self.env.flush_all()
            self.env.invalidate_all()
            rows = run.row_ids[:number]
            before = self.env.cr.sql_log_count
            results = target._import_batch(run, rows)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual({result[0] for result in results.values()}, {"unchanged"})
        self.assertEqual(counts[0], counts[1])

    def test_changes_are_written_and_empty_cells_leave_what_is_there(self):
        self._import(self._file(self._row()))
        run = self._import(self._file(self._row(Name="Renamed", Email="", Tags="Import Milk")))
        self.assertEqual(self._counts(run), (1, 1, 0, 0))
        member = self._made()
        self.assertRecordValues(
            member, [{"name": "Renamed", "email_normalized": "import1@example.com"}]
        )
        self.assertEqual(len(member.category_id), 3)

    def test_found_by_card_phone_or_email(self):
        for header, row in (
            ("Card,Name", "T-M0001,One"),
            ("Phone,Name", "0086 138-0013-8000,Two"),
            ("Email,Name", "WANG@example.com,Three"),
        ):
            run = self._import(self._csv(row, header=header))
            self.assertEqual(self._counts(run), (1, 1, 0, 0))
            self.assertEqual(self.member.name, row.split(",")[1])

    def test_a_trial_run_keeps_nothing(self):
        run = self._import(self._file(self._row()), dry_run=True)
        self.assertEqual(self._counts(run), (1, 1, 0, 0))
        self.assertFalse(self._made())

    def test_a_source_of_the_file_is_offered_on_the_form(self):
        search = self.env["utm.source"].create({"name": "Import Search Engine"})
        rows = ("Import Fair,A,13911118001", "import search engine,B,13911118002")
        run = self._import(self._csv(*rows, header="Source,Name,Phone"))
        self.assertEqual(self._counts(run), (2, 2, 0, 0))
        fair = self.env["utm.source"].search([("name", "=", "Import Fair")])
        self.assertEqual((fair | search).mapped("retail_member_source"), [True, True])

    # === REFUSED === #

    def test_bad_rows(self):
        for values, part in (
            ({"Key": "", "Card": "", "Phone": "", "Email": ""}, "needs a key"),
            ({"Name": ""}, "Name is empty"),
            ({"Phone": "", "Email": ""}, "needs a phone or an email"),
            ({"Phone": "call me"}, "no phone number"),
            ({"Phone": "138ABCD8000"}, "no phone number"),
            ({"Phone": "13800138000 ext 5"}, "no phone number"),
            ({"Email": "nobody"}, "no address"),
            ({"Class": "Emperor"}, "No class is called Emperor"),
            ({"Home Store": "XX9"}, "No store is called XX9"),
            ({"Gender": "?"}, "Gender"),
            ({"Birthday": "1991-02-29"}, "no date"),
            ({"Birthday": "2999-01-01"}, "to come"),
        ):
            with self.subTest(part):
                self.assertIn(part, self._message(**values))

    def test_workbooks_that_must_be_mended_first(self):
        merged, formula = openpyxl.Workbook(), openpyxl.Workbook()
        for row in (["Card", "Name", "Phone"], ["C-1", "A", "13911112001"], ["C-2", None, ""]):
            merged.active.append(row)
        merged.active.merge_cells("B2:B3")
        formula.active.append(["Card", "Name", "Phone"])
        formula.active.append(["C-1", "A", "=13911112000+1"])
        page = b"<html><table><tr><td>Card</td></tr></table></html>"
        contents = [(self._workbook(merged), "merged cells"), (self._workbook(formula), "formula")]
        for content, words in (*contents, (page, "web page")):
            with self.subTest(words):
                run = self._import(content, name="members.xls")
                self.assertEqual(run.state, "failed")
                self.assertIn(words, run.message)

    def _workbook(self, book):
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def test_the_phone_of_another_member(self):
        self.assertIn("Wang Fang (T-M0001, …8000)", self._message(Phone="13800138000"))
        self.company.retail_duplicate_mode = "warn"
        run = self._import(self._file(self._row(Phone="13800138000")))
        self.assertEqual(self._counts(run), (1, 1, 0, 0))
        self.assertIn("Wang Fang", run.row_ids.message)

    def test_two_rows_with_one_phone(self):
        run = self._import(self._file(self._row(1), self._row(2, Phone="+86 139 1111 0001")))
        self.assertEqual(self._counts(run), (2, 1, 0, 1))
        self.assertIn("line 2", run.row_ids.filtered(lambda row: row.state == "error").message)
        header = "Card,Name,Phone,Shares This Phone"
        rows = ("C-1,A,02161234567,yes", "C-2,B,021 6123 4567,yes")
        self.assertEqual(self._counts(self._import(self._csv(*rows, header=header))), (2, 2, 0, 0))

    def test_a_repeated_key(self):
        run = self._import(self._file(self._row(1), self._row(1, Phone="13911110009")))
        self.assertEqual(self._counts(run), (2, 1, 0, 1))

    def test_a_changed_phone_of_another_member(self):
        self._import(self._file(self._row()))
        run = self._import(self._file(self._row(Phone="13800138000")))
        self.assertEqual(self._counts(run), (1, 0, 0, 1))
        self.assertEqual(self._made().phone_sanitized, "+8613911110001")

    def test_members_of_another_company_are_not_touched(self):
        self.member.company_id = self.company_two
        run = self._import(self._csv("13800138000,New", header="Phone,Name"))
        self.assertEqual(self._counts(run), (1, 1, 0, 0))
        self.assertEqual(self.member.name, "Wang Fang")

    def test_who_may_import_members(self):
        clerk = new_test_user(
            self.env,
            "member_clerk",
            groups="retail_crm.group_order_clerk",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        run = self._new_run(self._file(self._row()))
        with self.assertRaises(AccessError):
            run.with_user(clerk)._run_now()
        self.assertNotIn(
            self.profile, self.profile.with_user(clerk).search([("can_run", "=", True)])
        )
