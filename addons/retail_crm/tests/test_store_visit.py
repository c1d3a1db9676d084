from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common_care import CareCase


@tagged("post_install", "-at_install")
class TestStoreVisit(CareCase):
    """A member is invited to the store at an hour; who comes was contacted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hour = timedelta(hours=1)
        cls.tomorrow = fields.Datetime.now() + timedelta(days=1)

    def _book(self, record, user=None, **values):
        """Book as the dialog does, which the button of a record opens."""
        action = record.with_user(user or self.guide).action_book_visit()
        events = self.env["calendar.event"].with_user(user or self.guide)
        return events.with_context(**action["context"]).create(
            {"start": self.tomorrow, "stop": self.tomorrow + self.hour, **values}
        )

    def _mails_to(self, partner):
        return self.env["mail.message"].search([("partner_ids", "in", partner.ids)])

    def test_member_store_guide_and_reminder_stand_there(self):
        visit = self._book(self.silent)
        self.assertEqual(visit.retail_store_id, self.store)
        self.assertEqual(visit.user_id, self.guide)
        self.assertEqual(visit.partner_ids, self.silent | self.guide.partner_id)
        alarm = visit.alarm_ids
        self.assertEqual((alarm.alarm_type, alarm.duration_minutes), ("email", 24 * 60))
        self.assertEqual(visit.duration, 1)
        self.assertEqual(self.silent.with_user(self.guide).retail_visit_count, 1)

    def test_the_member_is_invited_told_of_changes_and_of_the_end(self):
        visit = self._book(self.silent)
        invited = self._mails_to(self.silent)
        self.assertEqual(len(invited), 1)
        later = self.tomorrow + 2 * self.hour
        visit.write({"start": later, "stop": later + self.hour})
        moved = self._mails_to(self.silent) - invited
        self.assertEqual(len(moved), 1)
        visit.action_visit_cancel()
        self.assertTrue(self._mails_to(self.silent) - invited - moved)
        self.assertEqual((visit.retail_visit_state, visit.active), ("cancelled", False))

    def test_the_member_is_written_to_in_the_own_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        invitation = self.env.ref("calendar.calendar_template_meeting_invitation")
        invitation.with_context(lang="zh_CN").subject = "邀请"
        self.silent.lang = "zh_CN"
        self._book(self.silent)
        self.assertEqual(self._mails_to(self.silent).mapped("subject"), ["邀请"])
        self.silent.lang = "en_US"
        self._book(self.silent)
        self.assertEqual(len(set(self._mails_to(self.silent).mapped("subject"))), 2)

    def test_who_came_was_contacted(self):
        visit = self._book(self.silent, description="<p>Tries the coat.</p>")
        with self.assertRaisesRegex(UserError, "still to come"):
            visit.action_visit_came()
        visit.start = fields.Datetime.now() - 2 * self.hour
        visit.action_visit_came()
        talk = self.env["retail.communication"].search([("partner_id", "=", self.silent.id)])
        self.assertEqual((talk.content, talk.result), ("Tries the coat.", "reached"))
        self.assertEqual(talk.user_id, self.guide)
        with self.assertRaises(UserError):
            visit.action_visit_cancel()

    def test_who_did_not_come_was_not(self):
        visit = self._book(self.silent)
        visit.action_visit_missed()
        self.assertFalse(
            self.env["retail.communication"].search([("partner_id", "=", self.silent.id)])
        )

    def test_from_a_care_task_and_a_request(self):
        self._generate()
        visit = self._book(self._tasks())
        self.assertEqual(visit.retail_care_task_id, self._tasks())
        ticket = self.env["helpdesk.ticket"].create(
            {
                "name": "Coat",
                "description": "Too small",
                "partner_id": self.silent.id,
                "retail_kind": "consult",
            }
        )
        visit = self._book(ticket, self.agent)
        self.assertEqual(visit.retail_ticket_id, ticket)
        self.assertEqual((visit.retail_store_id, visit.user_id), (self.store, self.guide))

    def test_a_visit_needs_a_store(self):
        with self.assertRaises(ValidationError):
            self._book(self.silent, retail_store_id=False)

    def test_a_member_without_mail_gets_none(self):
        self.silent.email = False
        visit = self._book(self.silent)
        self.assertFalse(self._mails_to(self.silent))
        visit.action_visit_cancel()
        self.assertEqual(visit.retail_visit_state, "cancelled")

    def test_other_stores_do_not_see_it(self):
        visit = self._book(self.silent)
        events = self.env["calendar.event"]
        mine = [("id", "=", visit.id)]
        self.assertTrue(events.with_user(self.guide_two).search(mine))
        self.assertTrue(events.with_user(self.agent).search(mine))
        self.assertFalse(events.with_user(self.manager_two).search(mine))
        meeting = events.with_user(self.manager).create(
            {"name": "Staff", "start": self.tomorrow, "stop": self.tomorrow + self.hour}
        )
        self.assertTrue(events.with_user(self.manager_two).search([("id", "=", meeting.id)]))
