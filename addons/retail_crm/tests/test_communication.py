from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import SQL

from .common_service import ServiceCase


class CommunicationCase(ServiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.cn")
        cls.phone = cls.env.ref("retail_crm.communication_method_phone")
        cls.mail = cls.env.ref("retail_crm.communication_method_mail")
        cls.sms = cls.env.ref("retail_crm.communication_method_sms")
        cls.member = cls._member("Silent Sam", guide=cls.guide)

    @classmethod
    def _said(cls, user=None, **values):
        user = user or cls.guide
        return (
            cls.env["retail.communication"]
            .with_user(user)
            .create(
                {
                    "partner_id": cls.member.id,
                    "method_id": cls.phone.id,
                    "subject": "New coat",
                    "content": "Asked for size M.",
                    **values,
                }
            )
        )

    @classmethod
    def _age(cls, communications, hours):
        """Let the records have been made so many hours ago."""
        communications.flush_recordset()
        cls.env.execute_query(
            SQL(
                "UPDATE retail_communication SET create_date = create_date - make_interval("
                "hours => %s) WHERE id = ANY(%s) RETURNING id",
                hours,
                communications.ids,
            )
        )
        communications.invalidate_recordset()


@tagged("post_install", "-at_install")
class TestCommunication(CommunicationCase):
    def test_defaults_and_the_form_of_a_guide(self):
        model = self.env["retail.communication"].with_user(self.guide)
        quick = "retail_crm.retail_communication_view_form_quick"
        with Form(model.with_context(default_partner_id=self.member.id), quick) as form:
            self.assertEqual(form.method_id, self.phone)
            form.subject = "Coat"
            form.content = "Has it in red?"
        said = form.record
        self.assertRecordValues(
            said,
            [
                {
                    "user_id": self.guide.id,
                    "store_id": self.store.id,
                    "company_id": self.company.id,
                    "direction": "out",
                    "result": "reached",
                    "reached_share": 1.0,
                    "deal_share": 0.0,
                }
            ],
        )
        self.assertEqual(len(said.content_seal), 64)

    def test_what_must_be_there(self):
        for values in ({"subject": " "}, {"content": "\n"}):
            with self.assertRaises(ValidationError):
                self._said(**values)
        with self.assertRaises(ValidationError):
            self._said(date=fields.Datetime.now() + timedelta(days=1))
        with self.assertRaises(ValidationError):
            self._said(next_date=fields.Date.today() - timedelta(days=3))

    def test_next_date_plans_one_activity_and_follows_it(self):
        day = fields.Date.today() + timedelta(days=7)
        said = self._said(next_date=day, next_action="Call about the coat")
        activity = said.activity_id
        self.assertRecordValues(
            activity,
            [
                {
                    "res_model": "res.partner",
                    "res_id": self.member.id,
                    "user_id": self.guide.id,
                    "date_deadline": day,
                    "summary": "Call about the coat",
                    "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
                }
            ],
        )
        said.next_date = day + timedelta(days=1)
        self.assertEqual(self.member.activity_ids.date_deadline, day + timedelta(days=1))
        said.next_date = False
        self.assertFalse(self.member.activity_ids)
        said.next_date = day
        self.member.activity_ids.with_user(self.guide).action_done()
        said.next_action = "Write instead"
        self.assertEqual(len(self.member.activity_ids), 1)

    def test_a_communication_never_writes_the_member(self):
        before = self.member.write_date
        self.env.flush_all()
        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            self._said(next_date=fields.Date.today() + timedelta(days=7))
            self.env.flush_all()
        self.assertEqual(self.member.write_date, before)

    def test_the_delay_of_entry(self):
        said = self._said(date=fields.Datetime.now() - timedelta(hours=3))
        self.assertAlmostEqual(said.entry_delay, 3.0, delta=0.1)

    def test_a_used_way_is_archived_not_deleted(self):
        self._said().action_archive()
        with self.assertRaisesRegex(UserError, r"\d communications used Phone Call"):
            self.phone.with_user(self.head).unlink()
        self.phone.with_user(self.head).action_archive()
        self.env["retail.communication.method"].create({"name": "Pigeon"}).unlink()

    def test_buttons_preset_the_member(self):
        ticket = self.env["helpdesk.ticket"].create(
            {
                "name": "Torn",
                "description": "Torn seam",
                "partner_id": self.member.id,
                "retail_kind": "complaint",
                "company_id": self.company.id,
            }
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.member.id,
                "company_id": self.company.id,
                "user_id": self.guide.id,
            }
        )
        for record, link in (
            (self.member, "partner_id"),
            (ticket, "ticket_id"),
            (order, "sale_order_id"),
        ):
            record = record.with_user(self.guide) if record != ticket else record
            action = record.action_log_communication()
            self.assertEqual(action["context"]["default_partner_id"], self.member.id)
            self.assertEqual(action["context"][f"default_{link}"], record.id)
            self._said(**{link: record.id})
            self.env.invalidate_all()
            self.assertEqual(record.action_view_communications()["domain"][0][2], record.id)
        self.assertEqual(order.retail_communication_count, 1)
        self.assertEqual(ticket.retail_communication_count, 1)
        self.assertEqual(self.member.retail_communication_count, 3)

    def test_the_report_of_ways(self):
        for result in ("deal", "not_reached", "reached", "refused"):
            self._said(result=result, date=fields.Datetime.now() - timedelta(hours=2))
        [(method, count, reached, deals, delay)] = self.env["retail.communication"]._read_group(
            [("partner_id", "=", self.member.id)],
            ["method_id"],
            ["__count", "reached_share:avg", "deal_share:avg", "entry_delay:avg"],
        )
        self.assertEqual((method, count, reached, deals), (self.phone, 4, 0.75, 0.25))
        self.assertAlmostEqual(delay, 2.0, delta=0.1)

    def test_old_ones_are_archived_and_found_with_the_filter(self):
        self.company.retail_communication_keep_months = 12
        now = fields.Datetime.now()
        old = self._said(date=now - timedelta(days=400), subject="Long ago")
        new = self._said(date=now - timedelta(days=300))
        self._age(old | new, 48)
        with self.enter_registry_test_mode():
            self.env.ref("retail_crm.ir_cron_retail_communication_archive").method_direct_trigger()
        self.assertFalse(old.active)
        self.assertTrue(new.active)
        search = self.env["retail.communication"].with_user(self.guide).search
        self.assertEqual(search([("active", "=", False), ("subject", "=", "Long ago")]), old)
        self.assertFalse(old._altered())

    def test_recording_is_quick(self):
        self._said()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(40):
            self._said()
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestCommunicationLock(CommunicationCase):
    def test_locked_after_some_hours(self):
        said = self._said()
        said.content = "Asked for size L."
        self._age(said, 23)
        said.result = "deal"
        self._age(said, 1)
        self.assertTrue(said.is_locked)
        for user in (self.guide, self.head):
            for values in ({"content": "Nothing"}, {"active": False, "result": "reached"}):
                with self.assertRaisesRegex(UserError, "press Correct"):
                    said.with_user(user).write(values)
        with self.assertRaisesRegex(UserError, "archive it"):
            said.with_user(self.head).unlink()
        said.with_user(self.head).action_archive()
        self.assertEqual(said.content, "Asked for size L.")

    def test_the_company_sets_the_hours(self):
        self.company.retail_communication_lock_hours = 0
        said = self._said()
        self.assertTrue(said.is_locked)
        with self.assertRaises(UserError):
            said.content = "Other"

    def test_locked_ones_can_be_searched(self):
        old, new = self._said(), self._said()
        self._age(old, 25)
        search = self.env["retail.communication"].with_user(self.guide).search
        inside = [("id", "in", (old | new).ids)]
        self.assertEqual(search([("is_locked", "=", True), *inside]), old)
        self.assertEqual(search([("is_locked", "=", False), *inside]), new)

    def test_nothing_is_copied(self):
        with self.assertRaises(UserError):
            self._said().copy()

    def test_the_seal_and_the_activity_are_nobodys_to_write(self):
        said = self._said(content_seal="x", sealed_partner_ref=1)
        self.assertFalse(said._altered())
        said.write({"content_seal": "y", "sealed_partner_ref": 2})
        self.assertFalse(said._altered())

    def test_a_correction_takes_the_place(self):
        said = self._said(date=fields.Datetime.now() - timedelta(hours=1))
        self._age(said, 30)
        said.invalidate_recordset()
        action = said.action_correct()
        model = self.env["retail.communication"].with_user(self.guide)
        with Form(model.with_context(**action["context"])) as form:
            self.assertEqual(form.subject, "New coat")
            form.content = "Asked for size L, not M."
        correction = form.record
        self.assertEqual(correction.corrects_id, said)
        self.assertEqual(correction.date, said.date)
        self.assertEqual(correction.entry_delay, said.entry_delay)
        self.assertTrue(said.is_corrected)
        self.assertEqual(said.content, "Asked for size M.")
        self.assertFalse((said | correction)._altered())
        with self.assertRaises(UserError):
            said.action_correct()

    def test_a_correction_is_about_the_same_member(self):
        other = self._member("Loud Lou", guide=self.guide)
        with self.assertRaises(ValidationError):
            self._said(partner_id=other.id, corrects_id=self._said().id)


@tagged("post_install", "-at_install")
class TestCommunicationSeal(CommunicationCase):
    def _tamper(self, said, column, value):
        said.flush_recordset()
        self.env.execute_query(
            SQL(
                "UPDATE retail_communication SET %s = %s WHERE id = %s RETURNING id",
                SQL.identifier(column),
                value,
                said.id,
            )
        )
        said.invalidate_recordset()

    def test_changes_behind_the_back_show(self):
        other = self._member("Loud Lou")
        for column, value in (
            ("content", "Bought everything."),
            ("result", "deal"),
            ("date", "2020-01-01"),
            ("user_id", self.agent.id),
            ("partner_id", other.id),
        ):
            said = self._said()
            said = said.sudo()
            self.assertFalse(said._altered())
            self._tamper(said, column, value)
            self.assertEqual(said._altered(), said, column)

    def test_check_of_many(self):
        good, bad = self._said(), self._said()
        self._tamper(bad, "subject", "Gift")
        action = (good | bad).action_check_seal()
        self.assertEqual(action["domain"], [("id", "in", bad.ids)])
        self.assertEqual(good.action_check_seal()["params"]["type"], "success")

    def test_a_merge_of_members_moves_the_record_and_keeps_the_seal(self):
        double = self._member("Silent Sam Again")
        said = self._said(user=self.agent, partner_id=double.id)
        self._age(said, 48)
        said.sudo().write({"partner_id": self.member.id})
        self.assertTrue(said._altered(), "the other member is still there")
        double.unlink()
        self.assertFalse(said._altered())

    def test_erasing_a_member_empties_what_was_said(self):
        file = self.env["ir.attachment"].create({"name": "note.txt", "raw": b"Size M"})
        said = self._said(user=self.head, attachment_ids=[Command.set(file.ids)])
        self._age(said, 48)
        said.action_archive()
        self.member.with_user(self.head)._retail_erase("Asked for it", confirmed=True)
        self.assertRecordValues(said, [{"subject": "Erased", "content": "Erased"}])
        self.assertFalse(file.exists())
        self.assertFalse(said._altered())

    def test_files_are_sealed_and_kept(self):
        file = (
            self.env["ir.attachment"]
            .with_user(self.guide)
            .create({"name": "note.txt", "raw": b"Size M", "res_model": "retail.communication"})
        )
        said = self._said(attachment_ids=[Command.set(file.ids)])
        self.assertEqual(file.res_id, said.id)
        self.assertFalse(said._altered())
        self.assertEqual(file.with_user(self.agent).raw, b"Size M")
        self._age(said, 25)
        with self.assertRaisesRegex(UserError, "locked"):
            file.unlink()
        with self.assertRaisesRegex(UserError, "locked"):
            file.raw = b"Size L"
        self.env.execute_query(
            SQL("UPDATE ir_attachment SET checksum = 'x' WHERE id = %s RETURNING id", file.id)
        )
        self.env.invalidate_all()
        self.assertEqual(said._altered(), said)


@tagged("post_install", "-at_install")
class TestCommunicationProposals(CommunicationCase):
    def _draft(self, **values):
        return (
            self.env["retail.communication"]
            .with_user(self.guide)
            .new({"partner_id": self.member.id, "subject": "x", "content": "x", **values})
        )

    def _proposed(self, draft):
        return {one["field"]: one["value"] for one in draft.proposals or ()}

    def test_date_and_order_of_the_specification(self):
        order = (
            self.env["sale.order"]
            .with_user(self.guide)
            .create(
                {
                    "name": "S00012-T",
                    "partner_id": self.member.id,
                    "company_id": self.company.id,
                }
            )
        )
        draft = self._draft(
            content="call back 12 May about order S00012-T", date="2026-03-02 04:00:00"
        )
        proposed = self._proposed(draft)
        self.assertEqual(proposed["next_date"], "2026-05-12")
        self.assertEqual(proposed["sale_order_id"]["id"], order.id)
        draft.update({"next_date": date(2026, 5, 12), "sale_order_id": order.id})
        self.assertFalse(draft.proposals)

    def test_product_amount_phone_and_mood(self):
        self.product.default_code = "TEA-0077"
        draft = self._draft(content="对 tea-0077 很满意，预算300元，电话13812345678")
        self.assertEqual(
            self._proposed(draft),
            {
                "product_ids": self.product.id,
                "amount": 300.0,
                "next_action": "Call +8613812345678",
                "mood": "pleased",
            },
        )
        draft.update({"product_ids": [Command.link(self.product.id)], "amount": 300})
        self.assertEqual(self._proposed(draft).keys(), {"next_action", "mood"})

    def test_who_may_not_read_orders_gets_none_proposed(self):
        self.env["sale.order"].create(
            {"name": "S00013-T", "partner_id": self.member.id, "company_id": self.company.id}
        )
        bare = new_test_user(
            self.env,
            "guide_without_sales",
            "retail_crm.group_guide",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        bare.retail_store_ids = self.store
        draft = self._draft(content="order S00013-T").with_user(bare)
        self.assertNotIn("sale_order_id", self._proposed(draft))

    def test_advice(self):
        self.member.retail_method_id = False
        urgent = self._draft(is_urgent=True)
        urgent._onchange_matter()
        self.assertEqual(urgent.method_id, self.phone)
        self.assertEqual(urgent.advice, "Phone Call: it is urgent.")
        self.assertEqual(self._draft(is_complex=True).advice, "Email: it is complex.")
        self.member.retail_method_id = self.mail
        self.assertEqual(self._draft(is_urgent=True).advice, "Email: Silent Sam asked for it.")
        self.member.do_not_contact = True
        self.assertIn("doesn't want", self._draft(is_urgent=True).advice)
        self.assertFalse(self._draft(direction="in").advice)

    def test_a_failing_way_is_blocked_and_not_advised(self):
        statuses = ["sent"] * 3 + ["exception"] * 2
        self.env["mail.notification"].create(
            [
                {
                    "mail_message_id": self.member.message_post(body="Hello").id,
                    "res_partner_id": self.member.id,
                    "notification_type": "sms",
                    "notification_status": status,
                    "sms_number": "+8613812345678",
                }
                for status in statuses
            ]
        )
        self.company.retail_communication_failed_percent = 50
        self.assertRecordValues(self.sms, [{"failed_percent": 40.0, "is_blocked": False}])
        self.company.retail_communication_failed_percent = 30
        self.env.invalidate_all()
        self.assertTrue(self.sms.is_blocked)
        self.assertIn("SMS credit", self.sms.block_reason)
        self.assertFalse(self.mail.is_blocked or self.mail.block_reason)
        self.env["ir.mail_server"].search([]).active = False
        self.assertIn("No outgoing mail server", self.mail._block_advice("email"))
        self.member.retail_method_id = self.sms
        self.assertEqual(
            self._draft(is_urgent=True).advice,
            "Phone Call: it is urgent. SMS is blocked by failures.",
        )


@tagged("post_install", "-at_install")
class TestLastContact(CommunicationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quiet = cls._member("Quiet Quinn", guide=cls.guide)
        cls.now = fields.Datetime.now()

    def _ago(self, days, **values):
        return self._said(date=self.now - timedelta(days=days), **values)

    def test_latest_one_that_reached_the_member(self):
        self.assertFalse(self.member.retail_last_contact)
        self._ago(9)
        latest = self._ago(5)
        self._ago(1, result="not_reached")
        self.env.invalidate_all()
        self.assertEqual(self.member.retail_last_contact, latest.date)

    def test_search_and_order(self):
        self._ago(40)
        both = self.member | self.quiet
        search = self.env["res.partner"].with_user(self.guide).search
        inside = [("id", "in", both.ids)]
        for domain, found in (
            ([("retail_last_contact", "<", "today -30d")], self.member),
            ([("retail_last_contact", "<", self.now - timedelta(days=50))], both.browse()),
            ([("retail_last_contact", ">=", "today -50d")], self.member),
            ([("retail_last_contact", "=", False)], self.quiet),
            ([("retail_last_contact", "!=", False)], self.member),
        ):
            self.assertEqual(search(domain + inside), found, domain)
        self._ago(1, partner_id=self.quiet.id)
        for order, first in (("asc", self.member), ("desc", self.quiet)):
            self.assertEqual(search(inside, order=f"retail_last_contact {order}")[0], first)
        self.assertTrue(self.env["res.partner"].fields_get(["retail_last_contact"])
                        ["retail_last_contact"]["sortable"])  # fmt: skip

    def test_rhythm(self):
        self._ago(10)
        self.member.retail_contact_days = 30
        self.quiet.retail_contact_days = 30
        both = self.member | self.quiet
        search = self.env["res.partner"].with_user(self.guide).search
        inside = [("id", "in", both.ids)]
        self.assertEqual(both.mapped("retail_contact_due"), [False, True])
        self.assertEqual(search([("retail_contact_due", "=", True), *inside]), self.quiet)
        self.member.retail_contact_days = 10
        self.quiet.do_not_contact = True
        self.assertEqual(both.mapped("retail_contact_due"), [True, False])
        self.assertEqual(search([("retail_contact_due", "=", True), *inside]), self.member)
        self.assertEqual(search([("retail_contact_due", "=", False), *inside]), self.quiet)

    def test_the_list_reads_all_in_one_query(self):
        self._ago(3)
        partners = self.member | self.quiet
        partners.fetch(["name"])
        self.env.flush_all()
        self.assertTrue(self.env.companies)  # known in any request
        with self.assertQueryCount(1):
            partners.mapped("retail_last_contact")
