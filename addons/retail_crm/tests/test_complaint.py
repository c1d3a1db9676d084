from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_service import ServiceCase


class ComplaintCase(ServiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._member("Angry Ann")
        cls.cause = cls.env.ref("retail_crm.cause_quality")
        cls.team = cls.env.ref("retail_crm.team_retail_service")
        cls.Ticket = cls.env["helpdesk.ticket"]

    def _complaint(self, user=None, **values):
        return self.Ticket.with_user(user or self.agent).create(
            {
                "name": "The tea is stale",
                "description": "<p>Stale</p>",
                "retail_kind": "complaint",
                "partner_id": self.customer.id,
                "retail_store_id": self.store.id,
                "company_id": self.company.id,
                **values,
            }
        )

    def _stage(self, code):
        return self.env.ref(f"retail_crm.stage_complaint_{code}")

    def _resolve(self, ticket, **values):
        ticket.write({"cause_id": self.cause.id, "solution": "New tea sent.", **values})
        ticket.action_retail_resolve()

    def _close(self, ticket):
        ticket.customer_answer = "accepted"
        ticket.action_retail_close()


@tagged("post_install", "-at_install")
class TestComplaint(ComplaintCase):
    def test_new_complaint_has_all_it_needs(self):
        ticket = self._complaint()
        self.assertRecordValues(
            ticket,
            [
                {
                    "user_id": self.agent.id,
                    "team_id": self.team.id,
                    "stage_id": self._stage("new").id,
                    "partner_name": "Angry Ann",
                    "partner_email": "angry.ann@example.com",
                    "escalated": False,
                }
            ],
        )
        self.assertTrue(ticket.deadline)

    def test_life_of_a_complaint(self):
        ticket = self._complaint()
        ticket.action_retail_accept()
        ticket.action_retail_investigate()
        with self.assertRaises(ValidationError):
            ticket.action_retail_propose()
        ticket.solution = "We send new tea."
        ticket.action_retail_propose()
        self._resolve(ticket)
        self.assertEqual(ticket.retail_stage_code, "resolved")
        self.assertTrue(ticket.resolved_date)
        self._close(ticket)
        self.assertTrue(ticket.closed)
        self.assertTrue(ticket.closed_date)

    def test_resolve_needs_cause_and_solution(self):
        for values in (
            {},
            {"cause_id": self.cause.id},
            {"solution": "Sent"},
            {"cause_id": self.cause.id, "solution": "  "},
        ):
            ticket = self._complaint(**values)
            with self.assertRaises(ValidationError):
                ticket.action_retail_resolve()
            with self.assertRaises(ValidationError):
                ticket.write({"stage_id": self._stage("resolved").id})
        question = self._complaint(retail_kind="consult", solution="It keeps for a year.")
        question.action_retail_resolve()
        self.assertEqual(question.retail_stage_code, "resolved")

    def test_resolved_can_not_lose_its_solution(self):
        ticket = self._complaint()
        self._resolve(ticket)
        with self.assertRaises(ValidationError):
            ticket.solution = False

    def test_steps_that_are_refused(self):
        ticket = self._complaint(cause_id=self.cause.id, solution="Sent")
        other_stage = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        for stage in (self._stage("closed"), self._stage("invalid"), other_stage):
            with self.assertRaises(UserError):
                ticket.stage_id = stage
        ticket.action_retail_resolve()
        with self.assertRaises(UserError):
            ticket.action_retail_investigate()
        with self.assertRaises(UserError):
            ticket.retail_kind = False

    def test_closed_is_read_only_and_can_be_reopened(self):
        ticket = self._complaint()
        self._resolve(ticket)
        self._close(ticket)
        for values in (
            {"solution": "Other"},
            {"priority": "3"},
            {"name": "Other"},
            {"user_id": self.guide.id},
            {"stage_id": self._stage("new").id},
        ):
            with self.assertRaises(UserError):
                ticket.write(values)
        ticket.message_post(body="The customer called again.")
        with self.assertRaises(UserError):
            ticket._retail_reopen(" ")
        ticket._retail_reopen("Stale again")
        self.assertRecordValues(
            ticket,
            [
                {
                    "retail_stage_code": "investigating",
                    "reopen_count": 1,
                    "resolved_date": False,
                    "closed_date": False,
                }
            ],
        )
        self.assertIn("Stale again", ticket.message_ids[0].body)
        ticket.name = "The tea is stale again"
        with self.assertRaises(UserError):
            ticket._retail_reopen("Is open")

    def test_no_client_can_forge_a_reason(self):
        ticket = self._complaint()
        self._resolve(ticket)
        self._close(ticket)
        for forged in (True, "object", 1):
            with self.assertRaises(UserError):
                ticket.with_context(retail_with_reason=forged).write({"name": "Other"})

    def test_invalid_needs_a_reason(self):
        ticket = self._complaint()
        with self.assertRaises(UserError):
            ticket._retail_invalidate("")
        ticket._retail_invalidate("Sent twice")
        self.assertEqual(ticket.retail_stage_code, "invalid")
        with self.assertRaises(UserError):
            ticket.name = "Other"

    def test_reason_dialog(self):
        ticket = self._complaint()
        action = ticket.action_retail_reassign()
        dialog = Form(
            self.env["retail.complaint.reason"]
            .with_user(self.agent)
            .with_context(**action["context"])
        )
        dialog.user_id = self.guide
        dialog.reason = "Knows the customer"
        dialog.save().action_confirm()
        self.assertEqual(ticket.user_id, self.guide)

    def test_plain_tickets_are_left_alone(self):
        ticket = self.Ticket.create({"name": "Printer", "description": "<p>Jam</p>"})
        self.assertFalse(ticket.deadline)
        self.assertFalse(ticket.stage_id.retail_code)
        ticket.user_id = self.agent
        ticket.user_id = False
        ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        ticket.name = "Printer again"

    def test_plain_ticket_becomes_a_complaint(self):
        ticket = self.Ticket.create(
            {"name": "Tea", "description": "<p>x</p>", "company_id": self.company.id}
        )
        ticket.retail_kind = "complaint"
        self.assertEqual(ticket.retail_stage_code, "new")
        self.assertEqual(ticket.team_id, self.team)
        self.assertTrue(ticket.user_id)
        self.assertTrue(ticket.deadline)

    def test_mail_to_the_team_is_a_request(self):
        self.team.user_ids = self.agent
        ticket = self.Ticket.with_user(self.env.ref("base.user_root")).message_new(
            {"subject": "Where is my tea?", "body": "<p>?</p>", "from": "ann@example.com"},
            {"team_id": self.team.id},
        )
        self.assertEqual(ticket.retail_kind, "consult")
        self.assertEqual(ticket.user_id, self.agent)
        self.assertTrue(ticket.deadline)

    def test_kanban_shows_the_steps_only(self):
        stages = self.Ticket.with_context(retail_service=True)._read_group_stage_ids(
            self.env["helpdesk.ticket.stage"], []
        )
        self.assertEqual(
            stages.mapped("retail_code"),
            [
                "new",
                "accepted",
                "investigating",
                "solution_proposed",
                "resolved",
                "closed",
                "invalid",
            ],
        )
        plain = self.Ticket._read_group_stage_ids(self.env["helpdesk.ticket.stage"], [])
        self.assertFalse(any(plain.mapped("retail_code")))

    def test_open_from_order_and_member(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "retail_store_id": self.store_two.id,
                "order_line": [Command.create({"product_id": self.product.id})],
            }
        )
        context = order.with_user(self.head).action_open_complaint()["context"]
        form = Form(self.Ticket.with_user(self.head).with_context(**context))
        form.description = "<p>Broken</p>"
        ticket = form.save()
        self.assertRecordValues(
            ticket,
            [
                {
                    "retail_kind": "complaint",
                    "partner_id": self.customer.id,
                    "sale_order_id": order.id,
                    "retail_store_id": self.store_two.id,
                    "retail_product_ids": self.product.ids,
                    "partner_email": "angry.ann@example.com",
                }
            ],
        )
        self.assertEqual(order.retail_ticket_count, 1)
        self.assertEqual(self.Ticket.search(order.action_view_retail_tickets()["domain"]), ticket)
        context = self.customer.action_open_complaint()["context"]
        self.assertEqual(context["default_partner_id"], self.customer.id)
        self.assertEqual(context["default_retail_store_id"], self.store.id)


@tagged("post_install", "-at_install")
class TestComplaintOwner(ComplaintCase):
    def test_opener_owns_it(self):
        for user in (self.agent, self.guide, self.manager):
            self.assertEqual(self._complaint(user).user_id, user)

    def test_cashier_passes_it_to_the_least_busy_member_of_the_team(self):
        self.team.user_ids = self.agent | self.guide
        self._complaint(self.agent)
        ticket = self._complaint(self.cashier)
        self.assertEqual(ticket.sudo().user_id, self.guide)

    def test_without_team_members_the_manager_gets_it(self):
        ticket = self._complaint(self.cashier)
        self.assertEqual(ticket.sudo().user_id, self.manager)
        ticket = self._complaint(self.cashier, retail_store_id=False)
        self.assertEqual(ticket.sudo().user_id.company_ids & self.company, self.company)
        self.assertTrue(ticket.sudo().user_id.has_group("retail_crm.group_retail_admin"))

    def test_without_team_at_all(self):
        self.team.active = False
        ticket = self._complaint(self.cashier).sudo()
        self.assertFalse(ticket.team_id)
        self.assertEqual(ticket.user_id, self.manager)
        self.assertEqual(ticket.retail_stage_code, "new")

    def test_never_without_owner_and_never_handed_over_silently(self):
        ticket = self._complaint()
        for owner in (False, self.guide.id):
            with self.assertRaises(UserError):
                ticket.user_id = owner
        with self.assertRaises(UserError):
            ticket._retail_reassign(self.guide, "")
        with self.assertRaises(UserError):
            ticket._retail_reassign(self.env["res.users"], "Away")
        ticket._retail_reassign(self.guide, "Knows the customer")
        self.assertEqual(ticket.user_id, self.guide)
        self.assertTrue(any("Knows the customer" in message.body for message in ticket.message_ids))

    def test_guide_hands_over_what_he_may_not_see_any_more(self):
        ticket = self._complaint(self.agent, retail_store_id=self.store_two.id)
        ticket._retail_reassign(self.guide, "Please")
        ticket.with_user(self.guide)._retail_reassign(self.manager_two, "Your store")
        self.assertEqual(ticket.user_id, self.manager_two)

    def test_other_team_keeps_the_owner(self):
        ticket = self._complaint()
        department = self.env["helpdesk.ticket.team"].create(
            {"name": "Quality", "user_ids": self.guide.ids, "company_id": False}
        )
        ticket.team_id = department
        self.assertEqual(ticket.user_id, self.agent)
        self.assertEqual(ticket.retail_stage_code, "new")


@tagged("post_install", "-at_install")
class TestComplaintAccess(ComplaintCase):
    def _seen(self, user, tickets):
        return self.Ticket.with_user(user).search([("id", "in", tickets.ids)]).sudo()

    def test_who_sees_and_changes_what(self):
        mine = self._complaint(self.guide).sudo()
        shop = self._complaint(self.agent).sudo()
        far = self._complaint(self.agent, retail_store_id=self.store_two.id).sudo()
        at_till = self._complaint(self.cashier).sudo()
        plain = self.Ticket.create({"name": "Printer", "description": "<p>Jam</p>"})
        tickets = mine | shop | far | at_till | plain
        requests = mine | shop | far | at_till
        accountant = self._user("care_accountant", "role_accountant")
        clerk = self._user("care_clerk", "role_order_clerk")
        promoter = self._user("care_promoter", "role_promotion")
        self.assertEqual(self._seen(self.guide, tickets), (mine | shop | at_till).sorted())
        self.assertEqual(self._seen(self.cashier, tickets), at_till)
        self.assertEqual(self._seen(accountant, tickets), requests.sorted())
        self.assertFalse(self._seen(clerk, tickets) | self._seen(promoter, tickets))
        for user in (self.agent, self.manager, self.head):
            self.assertEqual(self._seen(user, tickets) & requests, requests.sorted())
        mine.with_user(self.guide).name = "Stale tea"
        far.with_user(self.agent).name = "Stale tea"
        for ticket, user in (
            (shop, self.guide),
            (at_till, self.cashier),
            (shop, accountant),
            (shop, clerk),
        ):
            with self.assertRaises(AccessError):
                ticket.with_user(user).name = "Other"

    def test_only_the_administrator_deletes(self):
        ticket = self._complaint()
        for user in (self.guide, self.agent, self.manager):
            with self.assertRaises(AccessError):
                ticket.with_user(user).unlink()
        ticket.with_user(self.head).unlink()

    def test_other_company_sees_nothing(self):
        ticket = self._complaint()
        rule = self.env["retail.complaint.deadline"].create(
            {"company_id": self.company.id, "hours": 2}
        )
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.head.write({"company_ids": [Command.link(other.id)]})
        env = self.env(user=self.head, context={"allowed_company_ids": other.ids})
        self.assertFalse(env["helpdesk.ticket"].search([("id", "=", ticket.id)]))
        self.assertFalse(env["retail.complaint.deadline"].search([("id", "=", rule.id)]))

    def test_settings_belong_to_the_administrator(self):
        for model in ("retail.complaint.cause", "retail.complaint.deadline"):
            record = self.env[model].search([], limit=1)
            self.assertTrue(record.with_user(self.cashier).read(["display_name"]))
            for user in (self.guide, self.agent, self.manager):
                with self.assertRaises(AccessError):
                    record.with_user(user).write({"write_uid": user.id})


@tagged("post_install", "-at_install")
class TestComplaintMail(ComplaintCase):
    def _mails(self, ticket):
        """Return the mails to the customer; the notice to the owner is none."""
        self.env.cr.precommit.run()
        mails = self.env["mail.mail"].search(
            [("model", "=", "helpdesk.ticket"), ("res_id", "=", ticket.id)]
        )
        return mails.filtered(lambda mail: mail.recipient_ids != ticket.user_id.partner_id)

    def test_customer_hears_of_receipt_and_solution(self):
        ticket = self._complaint(self.cashier).sudo()
        mail = self._mails(ticket)
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertIn(ticket.number, mail.subject)
        self.assertIn("takes care of it", mail.body_html)
        self._resolve(ticket)
        mail = self._mails(ticket) - mail
        self.assertEqual(len(mail), 1)
        self.assertIn("New tea sent.", mail.body_html)

    def test_customer_without_address(self):
        self.customer.write({"email": False, "phone": "+86 138 0000 4711"})
        ticket = self._complaint()
        self._resolve(ticket)
        self._close(ticket)
        self.assertFalse(self._mails(ticket))

    def test_stranger_by_mail_address_only(self):
        ticket = self._complaint(partner_id=False, partner_email="stranger@example.com")
        mail = self._mails(ticket)
        self.assertEqual(mail.recipient_ids.email, "stranger@example.com")
        self.assertEqual(mail.state, "outgoing", "nobody waits for the mail server")

    def test_each_step_tells_the_customer(self):
        ticket = self._complaint()
        known = self._mails(ticket)
        for step, words in (
            (ticket.action_retail_accept, "has read your request"),
            (ticket.action_retail_propose, "New tea sent."),
        ):
            ticket.write({"cause_id": self.cause.id, "solution": "New tea sent."})
            step()
            new = self._mails(ticket) - known
            self.assertEqual(len(new), 1)
            self.assertIn(words, new.body_html)
            known |= new

    def test_score_of_the_solution_is_the_answer(self):
        ticket = self._complaint()
        self._resolve(ticket)
        mail = self._mails(ticket).filtered(lambda one: "New tea sent." in one.body_html)
        token = self.env["rating.rating"].sudo().search([("res_id", "=", ticket.id)]).access_token
        self.assertIn(f"/rate/{token}/5", mail.body_html)
        ticket.sudo().rating_apply(5, token=token, feedback="Quick")
        self.assertEqual(ticket.rating_last_value, 5)
        self.assertEqual(ticket.customer_answer, "accepted")
        ticket.action_retail_close()
        self.assertEqual(ticket.retail_stage_code, "closed")

    def test_low_score_goes_to_the_owner(self):
        ticket = self._complaint()
        self._resolve(ticket)
        token = ticket.sudo()._rating_get_access_token()
        ticket.sudo().rating_apply(1, token=token, feedback="Too late")
        self.assertEqual(ticket.customer_answer, "rejected")
        self.assertEqual(ticket.activity_ids.user_id, self.agent)
        with self.assertRaises(UserError):
            ticket.action_retail_close()
