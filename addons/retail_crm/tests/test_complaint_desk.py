from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .test_complaint import ComplaintCase


@tagged("post_install", "-at_install")
class TestComplaintCategory(ComplaintCase):
    def _category(self, name):
        return self.env.ref(f"retail_crm.category_{name}")

    def test_words_suggest_the_category(self):
        for title, text, name in (
            ("Parcel late", "<p>Ordered a week ago.</p>", "logistics_speed"),
            ("快递太慢", "<p>还没到</p>", "logistics_speed"),
            ("The tea is stale", "<p>Stale</p>", "product_quality"),
            ("店员态度差", "<p>很不礼貌</p>", "after_sales_quality"),
            ("Xyz", "<p>Qwerty</p>", None),
        ):
            ticket = self._complaint(name=title, description=text)
            expected = self._category(name) if name else self.env["helpdesk.ticket.category"]
            self.assertEqual(ticket.category_id, expected, title)
            self.assertEqual(ticket.category_suggested, bool(name))

    def test_what_was_chosen_stays(self):
        ticket = self._complaint(category_id=self._category("product_package").id)
        self.assertEqual(ticket.category_id, self._category("product_package"))
        self.assertFalse(ticket.category_suggested)

    def test_form_suggests_while_typing(self):
        context = {"default_retail_kind": "complaint", "default_company_id": self.company.id}
        form = Form(self.Ticket.with_user(self.agent).with_context(**context))
        form.name = "Parcel late"
        self.assertEqual(form.category_id, self._category("logistics_speed"))
        form.name = "The packaging was open"
        self.assertEqual(form.category_id, self._category("product_package"))
        form.category_id = self._category("product_quality")
        form.description = "<p>late</p>"
        ticket = form.save()
        self.assertEqual(ticket.category_id, self._category("product_quality"))

    def test_third_level_is_refused(self):
        with self.assertRaises(ValidationError):
            self.env["helpdesk.ticket.category"].create(
                {
                    "name": "Too deep",
                    "parent_id": self._category("product_quality").id,
                    "retail_words": "deep",
                }
            )

    def test_department_gets_it(self):
        quality = self.env["helpdesk.ticket.team"].create(
            {"name": "Quality", "company_id": False, "user_ids": self.guide_two.ids}
        )
        self._category("product").retail_team_id = quality
        ticket = self._complaint(self.cashier).sudo()
        self.assertEqual(ticket.team_id, quality, "by the category above")
        self.assertEqual(ticket.user_id, self.guide_two)
        quality.active = False
        self.assertEqual(self._complaint(self.cashier).sudo().team_id, self.team)


@tagged("post_install", "-at_install")
class TestComplaintColleagues(ComplaintCase):
    def test_older_form_is_refused(self):
        ticket = self._complaint()
        seen = ticket.retail_revision
        ticket.with_user(self.manager).write({"solution": "A refund", "retail_seen_revision": seen})
        with self.assertRaisesRegex(UserError, "care_manager"):
            ticket.with_user(self.agent).write(
                {"solution": "New tea", "retail_seen_revision": seen}
            )
        self.assertEqual(ticket.solution, "A refund")
        ticket.with_user(self.agent).write(
            {"solution": "New tea", "retail_seen_revision": ticket.retail_revision}
        )
        self.assertEqual(ticket.solution, "New tea")

    def test_colleague_at_work_is_shown(self):
        with freeze_time("2026-03-02 01:00:00"):
            ticket = self._complaint()
            ticket.with_user(self.manager).solution = "A refund"
            self.assertIn("care_manager", ticket.with_user(self.agent).retail_beside)
            self.assertFalse(ticket.with_user(self.manager).retail_beside)
        with freeze_time("2026-03-02 01:16:00"):
            ticket.invalidate_recordset(["retail_beside"])
            self.assertFalse(ticket.with_user(self.agent).retail_beside)

    def test_notes_are_no_change(self):
        ticket = self._complaint()
        seen = ticket.retail_revision
        ticket.message_post(body="Called")
        ticket.activity_schedule("mail.mail_activity_data_todo", user_id=self.agent.id)
        self.assertEqual(ticket.retail_revision, seen)

    def test_hand_over_to_a_department(self):
        team = self.env["helpdesk.ticket.team"].create({"name": "Quality", "company_id": False})
        ticket = self._complaint()
        dialog = self.env["retail.complaint.reason"].with_user(self.agent)
        values = {"ticket_ids": ticket.ids, "step": "reassign", "reason": "Needs a test"}
        with self.assertRaises(UserError):
            dialog.create(values).action_confirm()
        with self.assertRaises(UserError):
            dialog.create({**values, "team_id": team.id}).action_confirm()
        team.user_ids = self.guide | self.guide_two
        self._complaint(self.guide)
        dialog.create({**values, "team_id": team.id}).action_confirm()
        self.assertEqual(ticket.user_id, self.guide_two, "the least busy")
        self.assertEqual(ticket.team_id, team)
        self.assertEqual(ticket.activity_ids.user_id, self.guide_two)


@tagged("post_install", "-at_install")
class TestComplaintConfidence(ComplaintCase):
    def _readers(self, ticket):
        users = self.agent | self.guide | self.manager | self.head | self.agent_two
        return users.filtered(
            lambda user: self.Ticket.with_user(user).search_count([("id", "=", ticket.id)])
        )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent_two = cls._user("care_service_two", "role_service")

    def test_who_reads_it(self):
        ticket = self._complaint()
        everybody = self.agent | self.guide | self.manager | self.head | self.agent_two
        self.assertEqual(self._readers(ticket), everybody)
        ticket.retail_confidential = True
        self.assertEqual(self._readers(ticket), self.agent | self.head)
        ticket.retail_confidant_ids = self.manager
        self.assertEqual(self._readers(ticket), self.agent | self.manager | self.head)
        for user in (self.guide, self.agent_two):
            with self.assertRaises(AccessError):
                ticket.with_user(user).read(["name"])
            with self.assertRaises(AccessError):
                ticket.with_user(user).message_ids.read(["body"])

    def test_followers_without_the_right_leave(self):
        ticket = self._complaint()
        ticket.message_subscribe((self.guide | self.head).partner_id.ids)
        ticket.retail_confidential = True
        self.assertNotIn(self.guide.partner_id, ticket.message_partner_ids)
        self.assertIn(self.head.partner_id, ticket.message_partner_ids)

    def test_who_marks_it_may_go_on_reading(self):
        ticket = self._complaint()
        ticket.with_user(self.agent_two).retail_confidential = True
        self.assertTrue(ticket.with_user(self.agent_two).name)
        ticket._retail_reassign(self.manager, "Yours")
        self.assertEqual(self._readers(ticket), self.manager | self.head | self.agent_two)

    def test_communications_of_it_are_hidden(self):
        ticket = self._complaint()
        record = (
            self.env["retail.communication"]
            .with_user(self.agent)
            .create(
                {
                    **ticket._communication_values(),
                    "method_id": self.env["retail.communication.method"].search([], limit=1).id,
                    "content": "It was the manager.",
                }
            )
        )
        other = self.env["retail.communication"].with_user(self.agent_two)
        self.assertTrue(other.search([("id", "=", record.id)]))
        ticket.retail_confidential = True
        self.assertFalse(other.search([("id", "=", record.id)]))


@tagged("post_install", "-at_install")
class TestComplaintClosing(ComplaintCase):
    def test_closing_needs_the_answer(self):
        ticket = self._complaint()
        self._resolve(ticket)
        with self.assertRaisesRegex(UserError, "7 days"):
            ticket.action_retail_close()
        ticket.customer_answer = "rejected"
        with self.assertRaisesRegex(UserError, "reopen"):
            ticket.action_retail_close()
        ticket._retail_reopen("Still stale")
        self.assertFalse(ticket.customer_answer)

    def _resolved(self, answer=False):
        ticket = self._complaint()
        self._resolve(ticket)
        ticket.customer_answer = answer
        return ticket

    def test_closes_by_itself(self):
        with freeze_time("2026-03-02 01:00:00"):
            silent, content, angry = map(self._resolved, (False, "accepted", "rejected"))
        tickets = silent | content | angry
        for moment, codes in (
            ("2026-03-09 00:59:00", ["resolved", "closed", "resolved"]),
            ("2026-03-09 01:01:00", ["closed", "closed", "resolved"]),
        ):
            with freeze_time(moment):
                self.Ticket._retail_close_due(self.company)
            self.assertEqual(tickets.mapped("retail_stage_code"), codes)
        self.assertEqual(tickets.mapped("closed_by_time"), [True, False, False])

    def test_zero_days_never_close(self):
        self.company.retail_complaint_close_days = 0
        with freeze_time("2026-03-02 01:00:00"):
            ticket = self._resolved()
        with freeze_time("2027-03-02 01:00:00"):
            self.Ticket._retail_close_due(self.company)
        self.assertEqual(ticket.retail_stage_code, "resolved")

    def test_order_lines_name_the_products(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "order_line": [Command.create({"product_id": self.product.id})],
            }
        )
        context = order.with_user(self.head).action_open_complaint()["context"]
        form = Form(self.Ticket.with_user(self.agent).with_context(**context))
        form.description = "<p>Broken</p>"
        form.sale_line_ids.add(order.order_line)
        self.assertEqual(form.save().retail_product_ids, self.product)
