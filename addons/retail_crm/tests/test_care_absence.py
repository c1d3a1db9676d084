from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common_care import CareCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 04:00:00")
class TestCareAbsence(CareCase):
    """Leave hands over; what is overdue is told to the guide, later to the manager."""

    def _away(self, user=None, days=3, start=0, **values):
        return self.env["retail.care.absence"].create(
            {
                "user_id": (user or self.guide).id,
                "date_from": self.TODAY + timedelta(days=start),
                "date_to": self.TODAY + timedelta(days=start + days),
                **values,
            }
        )

    def test_leave_hands_over_what_falls_due(self):
        self._generate()
        task = self._tasks()
        later = task.copy({"occasion": "later", "due_date": self.TODAY + timedelta(days=30)})
        absence = self._away(substitute_id=self.guide_two.id)
        self.assertEqual(task.user_id, self.guide_two)
        self.assertEqual(later.user_id, self.guide)
        self.assertEqual(absence.handed_count, 1)
        self.assertIn("is away until 03/05/2026", task.message_ids[0].preview)

    def test_without_a_substitute_the_least_busy_colleague(self):
        self.env["retail.care.task"].create(
            {"partner_id": self.recent.id, "user_id": self.guide_two.id, "occasion": "busy"}
        )
        self._generate()
        self._away()
        self.assertEqual(self._tasks().user_id, self.manager, "a manager can do a guide's work")

    def test_leave_that_begins_later(self):
        self._generate()
        self._away(start=1)
        self.assertEqual(self._tasks().user_id, self.guide)
        with freeze_time("2026-03-03 04:00:00"):
            self.env["retail.care.absence"]._cron_hand_over()
        self.assertNotEqual(self._tasks().user_id, self.guide)

    def test_no_new_task_for_who_is_away(self):
        self._away()
        self._generate()
        self.assertNotEqual(self._tasks().user_id, self.guide)
        self.assertTrue(self._tasks().user_id)

    def test_bad_absences(self):
        self._away()
        with self.assertRaisesRegex(ValidationError, "away already"):
            self._away(start=2)
        for values in ({"days": -1}, {"substitute_id": self.guide_two.id}):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                self._away(self.guide_two, **values)
                self.env.flush_all()

    def test_whose_absences(self):
        own = self._away().with_user(self.guide)
        own.note = "Dentist"
        other = self._away(self.guide_two)
        with self.assertRaises(AccessError):
            other.with_user(self.guide).note = "Mine"
        other.with_user(self.manager).note = "Known"
        with self.assertRaises(AccessError):
            other.with_user(self.manager_two).note = "Not mine"

    # === OVERDUE === #

    def _told(self, user):
        return self.env["mail.message"].search(
            [("message_type", "=", "user_notification"), ("partner_ids", "in", user.partner_id.ids)]
        )

    def test_overdue_is_told_once_to_the_guide_and_once_to_the_manager(self):
        self._generate(days=-5)  # due three days later: two days ago
        task = self._tasks()
        remind = self.env["retail.care.task"]._cron_remind
        remind()
        remind()
        self.assertEqual(len(self._told(self.guide)), 1)
        self.assertFalse(self._told(self.manager))
        self.assertEqual(task.reminded, 1)
        with freeze_time("2026-03-05 04:00:00"):
            remind()
            remind()
        self.assertEqual(len(self._told(self.guide)), 1)
        told = self._told(self.manager)
        self.assertEqual(len(told), 1)
        self.assertIn("Silent Sam", told.body)
        self.assertFalse(self._told(self.manager_two))

    def test_done_in_time_reminds_nobody(self):
        self._generate(days=-5)
        self._tasks().result = "pleased"
        self._tasks().action_done()
        self.env["retail.care.task"]._cron_remind()
        self.assertFalse(self._told(self.guide))
