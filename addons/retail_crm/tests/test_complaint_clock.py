from datetime import datetime, timedelta

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .test_complaint import ComplaintCase

HOUR = timedelta(hours=1)
MONDAY_NINE = datetime(2026, 3, 2, 1)  # 09:00 in Taipei


class ClockCase(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "Shop Hours",
                "tz": "Asia/Taipei",
                "company_id": cls.company.id,
                "attendance_ids": [(5, 0, 0)]
                + [
                    (
                        0,
                        0,
                        {
                            "name": f"{day} {period}",
                            "dayofweek": str(day),
                            "day_period": period,
                            "hour_from": start,
                            "hour_to": end,
                        },
                    )
                    for day in range(5)
                    for period, start, end in (
                        ("morning", 9, 12),
                        ("lunch", 12, 13),
                        ("afternoon", 13, 18),
                    )
                ],
            }
        )
        cls.store.retail_calendar_id = cls.calendar
        cls.company.resource_calendar_id = cls.calendar


@tagged("post_install", "-at_install")
class TestComplaintDeadline(ClockCase):
    @freeze_time("2026-03-02 01:00:00")
    def test_working_hours_by_priority(self):
        self.assertEqual(self._complaint().deadline, datetime(2026, 3, 4, 10))
        self.assertEqual(self._complaint(priority="3").deadline, MONDAY_NINE + 5 * HOUR)

    @freeze_time("2026-03-06 09:00:00")
    def test_over_the_weekend_and_a_holiday(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "company_id": self.company.id,
                "date_from": datetime(2026, 3, 8, 16),
                "date_to": datetime(2026, 3, 9, 16),
            }
        )
        ticket = self._complaint(priority="3")
        self.assertEqual(ticket.deadline, datetime(2026, 3, 10, 4))

    @freeze_time("2026-03-02 01:00:00")
    def test_the_rule_that_says_most_wins(self):
        rules = self.env["retail.complaint.deadline"]
        rules.create({"retail_kind": "complaint", "hours": 3})
        self.assertEqual(self._complaint().deadline, MONDAY_NINE + 3 * HOUR)
        self.assertEqual(self._complaint(priority="3").deadline, MONDAY_NINE + 3 * HOUR)
        rules.create({"retail_kind": "complaint", "priority": "3", "hours": 2})
        self.assertEqual(self._complaint(priority="3").deadline, MONDAY_NINE + 2 * HOUR)
        rules.create({"company_id": self.company.id, "hours": 1})
        self.assertEqual(self._complaint(priority="3").deadline, MONDAY_NINE + HOUR)
        other = self._complaint(retail_kind="suggestion")
        self.assertEqual(other.deadline, MONDAY_NINE + HOUR)

    def test_changes_recompute(self):
        with freeze_time("2026-03-02 01:00:00"):
            ticket = self._complaint()
        with freeze_time("2026-03-02 02:00:00"):
            ticket.priority = "3"
            self.assertEqual(ticket.deadline, MONDAY_NINE + 5 * HOUR)
            self.assertEqual(ticket.escalation_at, ticket.deadline)
            self.env["retail.complaint.deadline"].create({"retail_kind": "consult", "hours": 1})
            ticket.write({"retail_kind": "consult", "priority": "1"})
            self.assertEqual(ticket.deadline, MONDAY_NINE + HOUR)

    @freeze_time("2026-03-02 01:00:00")
    def test_calendar_without_working_time(self):
        empty = self.calendar.copy({"name": "Never", "attendance_ids": [(5, 0, 0)]})
        self.store.retail_calendar_id = empty
        ticket = self._complaint(priority="3")
        self.assertEqual(ticket.deadline, MONDAY_NINE + 5 * HOUR, "the company's hours")
        self.assertIn(empty.name, ticket.deadline_warning)
        self.company.resource_calendar_id = empty
        ticket = self._complaint(priority="3")
        self.assertEqual(ticket.deadline, MONDAY_NINE + 4 * HOUR, "plain hours")

    @freeze_time("2026-03-02 01:00:00")
    def test_no_rule_no_deadline(self):
        self.env["retail.complaint.deadline"].search([]).unlink()
        ticket = self._complaint()
        self.assertFalse(ticket.deadline)
        self.assertFalse(ticket.escalation_at)

    def test_overdue(self):
        with freeze_time("2026-03-02 01:00:00"):
            ticket, solved = self._complaint(priority="3"), self._complaint(priority="3")
            self._resolve(solved)
        for moment, late in (("2026-03-02 05:59:00", False), ("2026-03-02 06:01:00", True)):
            with freeze_time(moment):
                tickets = ticket | solved
                tickets.invalidate_recordset(["is_overdue"])
                self.assertEqual(tickets.mapped("is_overdue"), [late, False])
                found = self.Ticket.search([("is_overdue", "=", True), ("id", "in", tickets.ids)])
                self.assertEqual(found, ticket.sudo() if late else self.Ticket)

    @freeze_time("2026-03-02 01:00:00")
    def test_hours_must_be_positive(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as caught:
            self.env["retail.complaint.deadline"].create({"retail_kind": "consult", "hours": 0})
        self.assertIn("hours_positive", str(caught.exception))


@tagged("post_install", "-at_install")
class TestComplaintEscalation(ClockCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-03-02 01:00:00"):
            cls.ticket = (
                cls.Ticket.with_user(cls.agent)
                .create(
                    {
                        "name": "The tea is stale",
                        "description": "<p>Stale</p>",
                        "retail_kind": "complaint",
                        "priority": "3",
                        "partner_id": cls.customer.id,
                        "retail_store_id": cls.store.id,
                        "company_id": cls.company.id,
                    }
                )
                .sudo()
            )
        cls.env.flush_all()

    def _run(self, moment):
        """Escalate what is due at this moment; return how many requests it touched."""
        with freeze_time(moment):
            done = self.Ticket._escalate_batch([])
        self.env.flush_all()
        return done

    def _told(self):
        return self.ticket.activity_ids.user_id

    def test_nothing_before_the_deadline(self):
        self.assertEqual(self._run("2026-03-02 05:59:00"), 0)
        self.assertFalse(self.ticket.escalated)

    def test_manager_first_then_head_office_once_each(self):
        self.assertEqual(self._run("2026-03-02 06:00:00"), 1)
        self.assertRecordValues(
            self.ticket,
            [
                {
                    "escalated": True,
                    "escalation_level": 1,
                    "escalation_at": datetime(2026, 3, 2, 8),
                }
            ],
        )
        self.assertEqual(self._told(), self.manager)
        message = self.ticket.message_ids.filtered(lambda note: "level 1" in note.body)
        self.assertEqual(message.notified_partner_ids, self.manager.partner_id)
        self.assertEqual(self._run("2026-03-02 07:59:00"), 0)
        self.assertEqual(self._run("2026-03-02 08:00:00"), 1)
        self.assertEqual(self.ticket.escalation_level, 2)
        self.assertFalse(self.ticket.escalation_at)
        self.assertIn(self.head, self._told())
        self.assertEqual(self._run("2026-03-30 08:00:00"), 0)
        self.assertEqual(
            len(self.ticket.activity_ids.filtered(lambda todo: todo.user_id == self.manager)), 1
        )

    def test_the_manager_told_may_read_it(self):
        self._run("2026-03-02 06:00:00")
        self.assertEqual(self.ticket.with_user(self.manager).name, "The tea is stale")

    def test_owner_is_not_told_of_the_own_delay(self):
        self.ticket._retail_reassign(self.manager, "Your store")
        self._run("2026-03-02 06:00:00")
        self.assertNotIn(self.manager, self._told())
        self.assertIn(self.head, self._told())

    def test_resolved_in_time_stays_quiet(self):
        self._resolve(self.ticket)
        self.assertEqual(self._run("2026-03-02 06:00:00"), 0)

    def test_resolving_ends_the_alarm(self):
        self._run("2026-03-02 06:00:00")
        self._resolve(self.ticket)
        self.assertFalse(self.ticket.activity_ids)
        self.assertTrue(self.ticket.escalated, "it stays on record")
        self.assertEqual(self._run("2026-03-02 08:00:00"), 0)

    def test_more_time_puts_off_the_next_level_only(self):
        self._run("2026-03-02 06:00:00")
        with freeze_time("2026-03-02 07:00:00"):
            self.ticket.priority = "1"
            self.env.flush_all()
        self.assertEqual(self.ticket.escalation_at, datetime(2026, 3, 4, 10))
        self.assertTrue(self.ticket.escalated)
        self._run("2026-03-04 10:00:00")
        self.assertEqual(self.ticket.escalation_level, 2)

    def test_reopening_starts_a_new_clock(self):
        self._run("2026-03-02 06:00:00")
        self._resolve(self.ticket)
        with freeze_time("2026-03-03 01:00:00"):
            self.ticket._retail_reopen("Stale again")
            self.env.flush_all()
        self.assertRecordValues(
            self.ticket,
            [
                {
                    "escalated": False,
                    "escalation_level": 0,
                    "deadline": MONDAY_NINE + 29 * HOUR,
                    "escalation_at": MONDAY_NINE + 29 * HOUR,
                }
            ],
        )

    def test_one_that_fails_does_not_stop_the_others(self):
        other = self.ticket.copy({"company_id": self.company.id})
        other.retail_clock_start = MONDAY_NINE
        self.env.flush_all()
        failing = self.ticket.id
        original = type(self.ticket)._escalate

        def escalate(ticket):
            if ticket.id == failing:
                raise ValueError("broken")
            return original(ticket)

        self.patch(type(self.ticket), "_escalate", escalate)
        failed = []
        with (
            freeze_time("2026-03-02 06:00:00"),
            mute_logger("odoo.addons.retail_crm.models.helpdesk_ticket_clock"),
        ):
            self.assertEqual(self.Ticket._escalate_batch(failed), 2)
            self.assertEqual(failed, [failing])
            self.assertEqual(self.Ticket._escalate_batch(failed), 0)
        self.assertTrue(other.escalated)

    def test_cron_runs_through(self):
        cron = self.env.ref("retail_crm.ir_cron_retail_complaint_escalate")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(self.ticket.escalation_level, 1)

    def test_users_can_not_escalate_by_hand(self):
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.cashier).write({"escalated": True})


@tagged("post_install", "-at_install")
class TestComplaintTwoWorkers(ComplaintCase):
    """Two workers in two transactions of the same database."""

    def test_a_request_that_one_worker_has_is_skipped_by_the_other(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            tickets = env["helpdesk.ticket"].create(
                [
                    {
                        "name": f"Race {number}",
                        "description": "<p>x</p>",
                        "retail_kind": "complaint",
                        "company_id": env.ref("base.main_company").id,
                    }
                    for number in range(2)
                ]
            )
            tickets.write({"escalation_at": "2020-01-01 00:00:00"})
            ids = tickets.ids
        self.addCleanup(self._remove, ids)
        with self.registry.cursor() as first_cr, self.registry.cursor() as second_cr:
            first, second = (
                api.Environment(cr, SUPERUSER_ID, {})["helpdesk.ticket"]
                for cr in (first_cr, second_cr)
            )
            first_cr.execute("SELECT id FROM helpdesk_ticket WHERE id = %s FOR UPDATE", ids[:1])
            self.assertEqual(set(second._lock_due([]).ids) & set(ids), set(ids[1:]))
            self.assertFalse(set(first._lock_due([]).ids) & set(ids[1:]))
            # The second escalates its own, the first must not see it as due again.
            second.browse(ids[1])._escalate()
            second_cr.commit()
            first_cr.commit()
            self.assertEqual(set(first._lock_due([]).ids) & set(ids), set(ids[:1]))
            first_cr.rollback()

    def test_a_row_changed_meanwhile_waits_for_the_next_run(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            ticket = env["helpdesk.ticket"].create(
                {
                    "name": "Race",
                    "description": "<p>x</p>",
                    "retail_kind": "complaint",
                    "company_id": env.ref("base.main_company").id,
                }
            )
            ticket.write({"escalation_at": "2020-01-01 00:00:00"})
            ids = ticket.ids
        self.addCleanup(self._remove, ids)
        with self.registry.cursor() as first_cr, self.registry.cursor() as second_cr:
            late = api.Environment(first_cr, SUPERUSER_ID, {})["helpdesk.ticket"]
            self.assertTrue(late._escalation_count())  # takes its snapshot
            second_cr.execute("UPDATE helpdesk_ticket SET color = 3 WHERE id = %s", ids)
            second_cr.commit()
            self.assertFalse(late._lock_due([]))
            first_cr.commit()
            self.assertIn(ids[0], late._lock_due([]).ids)
            first_cr.rollback()

    def _remove(self, ids):
        with self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["helpdesk.ticket"].browse(ids).unlink()
