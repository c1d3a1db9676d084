from datetime import date, datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .test_complaint import ComplaintCase


@tagged("post_install", "-at_install")
class TestImprovement(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env.ref("retail_crm.category_logistics")
        cls.child = cls.env.ref("retail_crm.category_logistics_speed")

    def _requests(self, day, count, **values):
        """Return requests received on a day."""
        tickets = self.Ticket.browse()
        with freeze_time(f"{day} 04:00:00"):
            for _number in range(count):
                tickets |= self._complaint(**{"category_id": self.child.id, **values})
        tickets.flush_recordset()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET create_date = %s WHERE id = ANY(%s)",
            [f"{day} 04:00:00", tickets.ids],
        )
        tickets.invalidate_recordset(["create_date"])
        return tickets

    def _improvement(self, **values):
        return (
            self.env["retail.improvement"]
            .with_user(self.agent)
            .create(
                {
                    "name": "Parcels are late",
                    "category_id": self.category.id,
                    "measure": "Another courier",
                    "due_date": date(2026, 3, 10),
                    "company_id": self.company.id,
                    **values,
                }
            )
        )

    def _placed(self, before):
        self._requests("2026-02-20", before)
        improvement = self._improvement()
        with freeze_time("2026-03-02 04:00:00"):
            improvement.action_start()
            improvement.action_place()
        return improvement

    def test_effective_measure_is_closed(self):
        improvement = self._placed(3)
        self.assertEqual(improvement.before_count, 3)
        self.assertEqual(improvement.verify_on, date(2026, 4, 1))
        self._requests("2026-03-03", 2)
        self._requests("2026-04-02", 5)
        with freeze_time("2026-03-31 04:00:00"), self.assertRaises(UserError):
            improvement.action_judge()
        with freeze_time("2026-04-01 04:00:00"):
            self.env["retail.improvement"]._cron_judge()
        self.assertRecordValues(
            improvement, [{"state": "closed", "after_count": 2, "ineffective_count": 0}]
        )
        self.assertAlmostEqual(improvement.change_percent, -33.3, places=1)

    def test_ineffective_one_is_open_again_by_itself(self):
        improvement = self._placed(3)
        self._requests("2026-03-03", 3)
        with freeze_time("2026-04-01 04:00:00"):
            self.env["retail.improvement"]._cron_judge()
        self.assertRecordValues(improvement, [{"state": "open", "ineffective_count": 1}])
        self.assertEqual(improvement.activity_ids.user_id, self.agent)
        self.assertIn("3 requests before", improvement.message_ids[0].body)

    def test_counts_only_what_it_is_about(self):
        self._requests("2026-02-20", 1, category_id=self.env.ref("retail_crm.category_other").id)
        self._requests("2026-02-20", 1)._retail_invalidate("Sent twice")
        self._requests("2026-01-20", 1)
        self._requests("2026-02-20", 1, retail_store_id=self.store_two.id)
        improvement = self._placed(1)
        self.assertEqual(improvement.before_count, 2)
        improvement.store_id = self.store
        self.assertEqual(improvement._count(improvement._before_domain()), 1)
        found = self.Ticket.search(improvement.action_view_requests()["domain"])
        self.assertEqual(len(found), 1)

    def test_refusals(self):
        with self.assertRaises(ValidationError):
            self._improvement(category_id=False)
        improvement = self._improvement(measure=" ")
        with self.assertRaises(UserError):
            improvement.action_start()
        for act in (improvement.action_place, improvement.action_judge):
            with self.assertRaises(UserError):
                act()
        improvement.action_cancel()
        with self.assertRaises(UserError):
            improvement.action_cancel()
        with self.assertRaises(AccessError):
            improvement.with_user(self.guide).read(["name"])

    def test_opened_from_a_request(self):
        ticket = self._complaint(cause_id=self.cause.id)
        context = ticket.action_retail_improve()["context"]
        self.assertEqual(context["default_cause_id"], self.cause.id)
        self.assertEqual(context["default_name"], self.cause.name)

    def test_complaint_about_behaviour_plans_a_training(self):
        training = self.env.ref("retail_crm.mail_activity_type_training")
        attitude = self.env.ref("retail_crm.cause_staff_attitude")
        ticket = self._complaint(retail_about_id=self.guide.id)
        self._resolve(ticket, cause_id=attitude.id)
        todo = ticket.activity_ids.filtered(lambda one: one.activity_type_id == training)
        self.assertEqual(todo.user_id, self.manager)
        self.assertIn("care_guide", todo.summary)
        self._close(ticket)
        self.assertTrue(todo.exists())
        other = self._complaint()
        self._resolve(other)
        self.assertNotIn(training, other.activity_ids.activity_type_id)


@tagged("post_install", "-at_install")
class TestComplaintReport(ComplaintCase):
    def test_figures(self):
        phone = self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone")
        speed = self.env.ref("retail_crm.category_logistics_speed")
        with freeze_time("2026-03-02 01:00:00"):
            first = self._complaint(channel_id=phone.id, category_id=speed.id)
            second = self._complaint(retail_kind="consult", category_id=speed.id)
            spam = self._complaint(category_id=speed.id)
        with freeze_time("2026-03-02 03:00:00"):
            spam._retail_invalidate("Spam")
            self._resolve(first)
            first.sudo().rating_apply(4, token=first.sudo()._rating_get_access_token())
        self.env.flush_all()
        # The clock of the database is not the test's.
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET create_date = %s WHERE id = ANY(%s)",
            [datetime(2026, 3, 2, 1), (first | second | spam).ids],
        )
        report = self.env["retail.complaint.report"].with_user(self.agent)
        rows = report.search([("ticket_id", "in", (first | second | spam).ids)])
        self.assertEqual(rows.ticket_id, second | first)
        self.assertRecordValues(
            rows.filtered(lambda row: row.ticket_id == first),
            [
                {
                    "channel_id": phone.id,
                    "area_id": self.env.ref("retail_crm.category_logistics").id,
                    "handling_hours": 2.0,
                    "satisfaction": 75.0,
                    "late_share": 0.0,
                }
            ],
        )
        shares = report._read_group(
            [("ticket_id", "in", (first | second).ids)],
            ["retail_kind"],
            ["__count", "satisfaction:avg"],
        )
        self.assertEqual(sorted(shares), [("complaint", 1, 75.0), ("consult", 1, 0.0)])

    def test_confidential_ones_are_not_counted_for_others(self):
        ticket = self._complaint()
        other = self._user("care_service_two", "role_service")
        report = self.env["retail.complaint.report"]
        domain = [("ticket_id", "=", ticket.id)]
        self.env.flush_all()
        self.assertEqual(report.with_user(other).search_count(domain), 1)
        ticket.retail_confidential = True
        self.env.flush_all()
        self.assertEqual(report.with_user(other).search_count(domain), 0)
        self.assertEqual(report.with_user(self.agent).search_count(domain), 1)
