from datetime import datetime, timedelta

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError
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
        cls.Rule = cls.env["retail.complaint.deadline"]
        cls.company.resource_calendar_id = cls.calendar

    @classmethod
    def _only_resolve(cls):
        """Switch the other clocks off."""
        cls.Rule.search([]).write({"acknowledge_hours": 0, "respond_hours": 0, "inform_hours": 0})

    def _clock(self, ticket, code="resolve"):
        return ticket.sudo().clock_ids.filtered(lambda clock: clock.clock == code)[:1]


@tagged("post_install", "-at_install")
class TestComplaintDeadline(ClockCase):
    @freeze_time("2026-03-02 01:00:00")
    def test_four_clocks(self):
        ticket = self._complaint()
        self.assertRecordValues(
            ticket.clock_ids.sorted("due_at"),
            [
                {"clock": "acknowledge", "due_at": MONDAY_NINE + 2 * HOUR},
                {"clock": "respond", "due_at": MONDAY_NINE + 9 * HOUR},
                {"clock": "inform", "due_at": MONDAY_NINE + 33 * HOUR},
                {"clock": "resolve", "due_at": datetime(2026, 3, 4, 10)},
            ],
        )
        self.assertEqual(ticket.deadline, datetime(2026, 3, 4, 10))
        self.assertEqual(ticket.next_deadline, MONDAY_NINE + 2 * HOUR)
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
        logistics = self.env.ref("retail_crm.category_logistics")
        speed = self.env.ref("retail_crm.category_logistics_speed")
        tag = self.env["helpdesk.ticket.tag"].create({"name": "VIP", "company_id": False})
        gold = self.env["retail.customer.class"].search([], limit=1)
        self.customer.retail_class_id = gold
        case = {"priority": "3", "category_id": speed.id, "tag_ids": tag.ids}
        for hours, values in enumerate(
            (
                {"retail_kind": "complaint"},
                {"class_id": gold.id},
                {"tag_id": tag.id},
                {"category_id": logistics.id},
                {"category_id": speed.id},
                {"company_id": self.company.id},
            ),
            start=1,
        ):
            self.Rule.create({**values, "hours": hours / 4})
            self.assertEqual(self._complaint(**case).deadline, MONDAY_NINE + hours * HOUR / 4)
        other = self._complaint(retail_kind="suggestion", company_id=self.company.id)
        self.assertEqual(other.deadline, MONDAY_NINE + 1.5 * HOUR)

    def test_changes_recompute(self):
        tag = self.env["helpdesk.ticket.tag"].create({"name": "VIP", "company_id": False})
        self.Rule.create({"tag_id": tag.id, "hours": 2})
        category = self.env.ref("retail_crm.category_other_consult")
        self.Rule.create({"category_id": category.id, "hours": 3})
        self.Rule.create({"retail_kind": "consult", "hours": 1})
        with freeze_time("2026-03-02 01:00:00"):
            ticket = self._complaint()
        with freeze_time("2026-03-02 01:30:00"):
            for values, hours in (
                ({"priority": "3"}, 5),
                ({"tag_ids": tag.ids}, 2),
                ({"tag_ids": [(5, 0, 0)], "category_id": category.id}, 3),
                ({"category_id": False, "retail_kind": "consult"}, 1),
            ):
                ticket.write(values)
                self.assertEqual(ticket.deadline, MONDAY_NINE + hours * HOUR, values)

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
    def test_zero_hours_switch_a_clock_off(self):
        self.Rule.search([]).write({"hours": 0, "respond_hours": 0})
        ticket = self._complaint()
        self.assertEqual(set(ticket.clock_ids.mapped("clock")), {"acknowledge", "inform"})
        self.assertFalse(ticket.deadline)
        self.Rule.search([]).unlink()
        ticket = self._complaint()
        self.assertFalse(ticket.clock_ids)
        self.assertFalse(ticket.next_deadline)
        ticket.priority = "3"
        self._resolve(ticket)

    def test_no_hours_left_for_a_running_clock(self):
        ticket = self._complaint()
        self.Rule.create({"priority": "3", "retail_kind": "complaint", "hours": 0})
        ticket.priority = "3"
        self.assertEqual(set(ticket.clock_ids.mapped("state")), {"stopped"})
        self.assertFalse(ticket.deadline)

    def test_without_team(self):
        self.team.active = False
        self.assertTrue(self._complaint().deadline)

    def test_overdue(self):
        self._only_resolve()
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
    def test_hours_can_not_be_negative(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as caught:
            self.Rule.create({"retail_kind": "consult", "hours": -1})
        self.assertIn("hours_positive", str(caught.exception))


@tagged("post_install", "-at_install")
class TestComplaintClockLife(ClockCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-03-02 01:00:00"):
            cls.ticket = cls._complaint(cls)

    def _state(self, code):
        return self._clock(self.ticket, code).state

    @freeze_time("2026-03-02 02:00:00")
    def test_steps_stop_their_clocks(self):
        self.ticket.action_retail_accept()
        self.assertEqual(self._state("acknowledge"), "met")
        self.assertEqual(self._clock(self.ticket, "acknowledge").minutes, 60)
        self.assertEqual(self._state("respond"), "running")
        self._resolve(self.ticket)
        self.assertEqual({self._state(code) for code in ("respond", "resolve", "inform")}, {"met"})
        self.assertFalse(self.ticket.next_deadline)

    @freeze_time("2026-03-02 04:00:00")
    def test_late_is_late(self):
        self.ticket.action_retail_accept()
        self.assertEqual(self._state("acknowledge"), "missed")

    @freeze_time("2026-03-02 02:00:00")
    def test_a_letter_answers_and_a_note_does_not(self):
        post = self.ticket.with_user(self.agent).message_post
        post(body="Odd", subtype_xmlid="mail.mt_note")
        post(body="To a colleague", subtype_xmlid="mail.mt_comment")
        self.assertEqual(self._state("respond"), "running")
        post(
            body="We look into it",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.customer.ids,
            message_type="comment",
        )
        self.assertEqual(self._state("respond"), "met")
        self.assertEqual(self._state("acknowledge"), "met")
        self.assertEqual(self._clock(self.ticket, "inform").started_at, datetime(2026, 3, 2, 2))

    @freeze_time("2026-03-02 02:00:00")
    def test_a_call_answers(self):
        self.env["retail.communication"].with_user(self.agent).create(
            {
                **self.ticket._communication_values(),
                "method_id": self.env["retail.communication.method"].search([], limit=1).id,
                "content": "Told her we look into it.",
            }
        )
        self.assertEqual(self._state("respond"), "met")

    def test_clocks_stand_while_the_customer_is_asked(self):
        with freeze_time("2026-03-02 02:00:00"):
            self.ticket.action_retail_accept()
            self.ticket.action_retail_wait()
            self.assertTrue(self.ticket.waiting_customer)
            self.assertEqual(self._state("resolve"), "paused")
            self.assertFalse(self.ticket.next_deadline)
            self.ticket.action_retail_wait()
            self.assertEqual(len(self.ticket.pause_ids), 1)
        with freeze_time("2026-03-20 02:00:00"):
            self.env.flush_all()
            self.assertFalse(self.ticket.is_overdue)
            self.assertEqual(self.env["retail.complaint.clock"]._ring_batch([]), 0)
        with freeze_time("2026-03-04 02:00:00"):
            self.ticket.with_user(self.agent).sudo().message_post(
                body="Here is the receipt",
                message_type="email",
                subtype_xmlid="mail.mt_comment",
                author_id=self.customer.id,
            )
            self.assertFalse(self.ticket.waiting_customer)
        self.assertEqual(self.ticket.deadline, datetime(2026, 3, 6, 10), "two days later")

    def test_proposing_waits_and_going_on_ends_it(self):
        with freeze_time("2026-03-02 02:00:00"):
            self.ticket.action_retail_accept()
            self.ticket.solution = "New tea"
            self.ticket.action_retail_propose()
            self.assertTrue(self.ticket.waiting_customer)
        with freeze_time("2026-03-02 05:00:00"):
            self._resolve(self.ticket)
            self.assertFalse(self.ticket.waiting_customer)
            self.assertEqual(self._clock(self.ticket).minutes, 60)
            with self.assertRaises(UserError):
                self.ticket.action_retail_wait()

    def test_invalid_stops_all(self):
        self.ticket._retail_invalidate("Sent twice")
        self.assertEqual(set(self.ticket.clock_ids.mapped("state")), {"stopped"})


@tagged("post_install", "-at_install")
class TestComplaintEscalation(ClockCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._only_resolve()
        cls.Clock = cls.env["retail.complaint.clock"]
        with freeze_time("2026-03-02 01:00:00"):
            cls.ticket = cls._complaint(cls, priority="3").sudo()
        cls.env.flush_all()

    def _run(self, moment):
        """Ring what is due at this moment; return how many clocks were looked at."""
        with freeze_time(moment):
            done = self.Clock._ring_batch([])
        self.env.flush_all()
        return done

    def _told(self):
        return self.ticket.activity_ids.user_id

    def test_owner_is_warned_before(self):
        self.assertEqual(self._run("2026-03-02 03:59:00"), 0)
        self.assertEqual(self._run("2026-03-02 04:00:00"), 1, "three of the four hours")
        self.assertFalse(self.ticket.escalated)
        self.assertEqual(self._told(), self.agent)
        self.assertRecordValues(
            self.ticket.escalation_ids,
            [
                {
                    "rung": "owner",
                    "clock": "resolve",
                    "user_id": self.agent.id,
                    "told_at": datetime(2026, 3, 2, 4),
                    "due_at": datetime(2026, 3, 2, 6),
                }
            ],
        )
        self.assertEqual(self._run("2026-03-02 05:30:00"), 0, "once")

    def test_ladder_store_area_head_office(self):
        area = self._user("care_area", "role_store_manager", self.store_two)
        self.store.retail_region_id = self.env["retail.region"].create(
            {"name": "North", "user_id": area.id}
        )
        for moment, level, user in (
            ("2026-03-02 06:00:00", 1, self.manager),
            ("2026-03-02 08:00:00", 2, area),
            ("2026-03-02 10:00:00", 3, self.head),
        ):
            self.assertEqual(self._run(moment), 1, moment)
            self.assertEqual(self.ticket.escalation_level, level)
            self.assertIn(user, self._told())
        self.assertTrue(self.ticket.escalated)
        self.assertFalse(self._clock(self.ticket).next_at)
        self.assertEqual(self._run("2026-03-30 08:00:00"), 0)
        proof = self.ticket.escalation_ids.filtered(lambda row: row.user_id == self.manager)
        self.assertEqual(len(proof), 1)
        self.assertEqual(proof.message_id.notified_partner_ids, self.manager.partner_id)
        self.assertIn("has passed", proof.reason)

    def test_level_without_people_is_passed_over(self):
        self._run("2026-03-02 06:00:00")
        self.assertEqual(self._run("2026-03-02 08:00:00"), 1)
        self.assertEqual(self.ticket.escalation_level, 3)

    def test_the_manager_told_may_read_it(self):
        self._run("2026-03-02 06:00:00")
        self.assertEqual(self.ticket.with_user(self.manager).name, "The tea is stale")

    def test_confidential_climbs_to_those_who_may_read_it(self):
        self.ticket.with_user(self.agent).retail_confidential = True
        self.env.flush_all()
        self._run("2026-03-02 06:00:00")
        self.assertNotIn(self.manager, self._told())
        self.assertIn(self.head, self._told())

    def test_owner_is_not_told_of_the_own_delay(self):
        self.ticket._retail_reassign(self.manager, "Your store")
        self.ticket.activity_ids.unlink()
        self._run("2026-03-02 06:00:00")
        self.assertNotIn(self.manager, self._told())
        self.assertIn(self.head, self._told())

    def test_resolved_in_time_stays_quiet(self):
        self._resolve(self.ticket)
        self.assertEqual(self._run("2026-03-02 06:00:00"), 0)

    def test_resolving_ends_the_alarm(self):
        self._run("2026-03-02 06:00:00")
        with freeze_time("2026-03-02 07:00:00"):
            self._resolve(self.ticket)
        self.assertFalse(self.ticket.activity_ids)
        self.assertTrue(self.ticket.escalated, "it stays on record")
        self.assertEqual(self._clock(self.ticket).state, "missed")
        self.assertEqual(self._run("2026-03-02 08:00:00"), 0)

    def test_more_time_puts_off_the_next_level_only(self):
        self._run("2026-03-02 06:00:00")
        with freeze_time("2026-03-02 07:00:00"):
            self.ticket.priority = "1"
            self.env.flush_all()
        self.assertEqual(self._clock(self.ticket).next_at, datetime(2026, 3, 4, 10))
        self.assertTrue(self.ticket.escalated)
        self._run("2026-03-04 10:00:00")
        self.assertEqual(self.ticket.escalation_level, 3)

    def test_reopening_starts_new_clocks(self):
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
                    "next_deadline": MONDAY_NINE + 29 * HOUR,
                }
            ],
        )
        self.assertEqual(set(self.ticket.clock_ids.mapped("round")), {0, 1})

    def test_coming_back_twice_climbs_at_once(self):
        for number in (1, 2):
            self._resolve(self.ticket)
            self.ticket._retail_reopen(f"Stale {number}")
        self.assertTrue(self.ticket.escalated)
        self.assertIn(self.manager, self._told())
        self.assertIn("2 times", self.ticket.escalation_ids[0].reason)

    def test_escalated_by_hand(self):
        dialog = self.env["retail.complaint.reason"].with_user(self.agent)
        dialog = dialog.create(
            {"ticket_ids": self.ticket.ids, "step": "escalate", "reason": "Needs a decision"}
        )
        dialog.action_confirm()
        self.assertEqual(self._told(), self.manager)
        self.assertIn("Needs a decision", self.ticket.escalation_ids.reason)
        dialog.action_confirm()
        self.assertEqual(self.ticket.escalation_level, 3)
        with self.assertRaises(UserError):
            dialog.action_confirm()

    def test_one_that_fails_does_not_stop_the_others(self):
        other = self.ticket.copy({"company_id": self.company.id})
        other.retail_clock_start = MONDAY_NINE
        other.clock_ids.write({"started_at": MONDAY_NINE})
        other.clock_ids._plan()
        self.env.flush_all()
        failing = self.ticket.id
        original = type(self.Clock)._ring

        def ring(clock):
            if clock.ticket_id.id == failing:
                raise ValueError("broken")
            return original(clock)

        self.patch(type(self.Clock), "_ring", ring)
        failed = []
        with (
            freeze_time("2026-03-02 06:00:00"),
            mute_logger("odoo.addons.retail_crm.models.retail_complaint_clock"),
        ):
            self.assertEqual(self.Clock._ring_batch(failed), 2)
            self.assertEqual(failed, self._clock(self.ticket).ids)
            self.assertEqual(self.Clock._ring_batch(failed), 0)
        self.assertTrue(other.escalated)

    def test_cron_runs_through(self):
        cron = self.env.ref("retail_crm.ir_cron_retail_complaint_escalate")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(self.ticket.escalation_level, 1)

    def test_proof_is_written_by_the_system_only(self):
        self._run("2026-03-02 06:00:00")
        for record in (self.ticket.escalation_ids, self.ticket.clock_ids):
            record = record[:1]
            self.assertTrue(record.with_user(self.agent).read(["display_name"]))
            for user in (self.agent, self.manager, self.head):
                with self.assertRaises(AccessError):
                    record.with_user(user).write({"due_at": False})
                with self.assertRaises(AccessError):
                    record.with_user(user).unlink()

    def test_who_can_not_read_the_request_reads_no_proof(self):
        self._run("2026-03-02 06:00:00")
        row = self.ticket.escalation_ids[:1]
        for user, seen in ((self.guide, 1), (self.cashier, 0)):
            found = self.env[row._name].with_user(user).search_count([("id", "=", row.id)])
            self.assertEqual(found, seen, user.login)
        with self.assertRaises(AccessError):
            row.with_user(self.cashier).read(["reason"])

    def test_users_can_not_escalate_silently(self):
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
            ids = tickets.ids
            clocks = self._wind(tickets)
        self.addCleanup(self._remove, ids)
        with self.registry.cursor() as first_cr, self.registry.cursor() as second_cr:
            first, second = (
                api.Environment(cr, SUPERUSER_ID, {})["retail.complaint.clock"]
                for cr in (first_cr, second_cr)
            )
            first_cr.execute("SELECT id FROM helpdesk_ticket WHERE id = %s FOR UPDATE", ids[:1])
            self.assertEqual(set(second._lock_due([]).ids) & set(clocks), set(clocks[1:]))
            self.assertFalse(set(first._lock_due([]).ids) & set(clocks[1:]))
            # The second escalates its own, the first must not see it as due again.
            second.browse(clocks[1])._ring()
            second_cr.commit()
            first_cr.commit()
            self.assertEqual(set(first._lock_due([]).ids) & set(clocks), set(clocks[:1]))
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
            ids = ticket.ids
            clocks = self._wind(ticket)
        self.addCleanup(self._remove, ids)
        with self.registry.cursor() as first_cr, self.registry.cursor() as second_cr:
            late = api.Environment(first_cr, SUPERUSER_ID, {})["retail.complaint.clock"]
            self.assertTrue(late._due_count())  # takes its snapshot
            second_cr.execute("UPDATE helpdesk_ticket SET color = 3 WHERE id = %s", ids)
            second_cr.commit()
            self.assertFalse(late._lock_due([]))
            first_cr.commit()
            self.assertIn(clocks[0], late._lock_due([]).ids)
            first_cr.rollback()

    def _wind(self, tickets):
        """Leave each request one clock that is long due; return their ids."""
        clocks = tickets.clock_ids.filtered(lambda clock: clock.clock == "resolve")
        (tickets.clock_ids - clocks).unlink()
        clocks.write({"due_at": "2020-01-01 00:00:00", "next_at": "2020-01-01 00:00:00"})
        return [clock.id for clock in clocks.sorted(lambda one: one.ticket_id.id)]

    def _remove(self, ids):
        with self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["helpdesk.ticket"].browse(ids).unlink()
