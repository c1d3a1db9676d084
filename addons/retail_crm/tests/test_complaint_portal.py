from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged

from .test_complaint import ComplaintCase

# What the shop notes about a request and no customer reads.
INTERNAL_FIELDS = (
    "cause_id",
    "solution",
    "remedy_ids",
    "remedy_cost",
    "escalated",
    "next_deadline",
    "retail_changed_uid",
    "retail_about_id",
)


class PortalCase(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        cls.shopper = new_test_user(
            cls.env,
            "portal_ann",
            groups="base.group_portal",
            partner_id=cls.customer.id,
            name=cls.customer.name,
            email=cls.customer.email,
            **company,
        )
        cls.stranger = new_test_user(
            cls.env, "portal_bob", groups="base.group_portal", name="Bob", **company
        )

    def _sold(self, partner):
        return self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "state": "sale",
                "retail_store_id": self.store.id,
                "order_line": [Command.create({"product_id": self.product.id})],
            }
        )

    def _proposed(self, **values):
        ticket = self._complaint(solution="We send new tea.", **values)
        ticket.action_retail_propose()
        return ticket.sudo()


@tagged("post_install", "-at_install")
class TestComplaintPortalRights(PortalCase):
    def test_own_requests_without_what_we_note(self):
        ticket = self._complaint().with_user(self.shopper)
        self.assertEqual(ticket.read(["name", "retail_kind"])[0]["name"], "The tea is stale")
        for name in INTERNAL_FIELDS:
            with self.assertRaises(AccessError, msg=name):
                ticket.read([name])
            with self.assertRaises(AccessError, msg=name):
                ticket.search([(name, "!=", False)])
        with self.assertRaises(AccessError):
            self.env["retail.complaint.remedy"].with_user(self.shopper).search([])

    def test_others_and_confidential_ones_are_hidden(self):
        ticket = self._complaint()
        with self.assertRaises(AccessError):
            ticket.with_user(self.stranger).read(["name"])
        ticket.retail_confidential = True
        with self.assertRaises(AccessError):
            ticket.with_user(self.shopper).read(["name"])

    def test_no_client_of_the_portal_writes(self):
        ticket = self._complaint().with_user(self.shopper)
        for values in (
            {"customer_answer": "accepted"},
            {"stage_id": self._stage("closed").id},
            {"name": "Another"},
            {"partner_id": self.stranger.partner_id.id},
        ):
            with self.assertRaises(UserError):
                ticket.write(values)
        for method in ("action_retail_go_on", "action_retail_wait", "action_retail_close"):
            with self.assertRaises(UserError, msg=method):
                getattr(ticket, method)()
        with self.assertRaises(AccessError):
            self.Ticket.with_user(self.shopper).create({"name": "x", "description": "x"})
        with self.assertRaises(AccessError):
            ticket.unlink()

    def test_notes_are_hidden_and_letters_are_not(self):
        ticket = self._complaint()
        note = ticket.message_post(body="Difficult customer")
        letter = ticket.message_post(body="Dear Ann", subtype_xmlid="mail.mt_comment")
        messages = self.env["mail.message"].with_user(self.shopper)
        found = messages.search([("model", "=", ticket._name), ("res_id", "=", ticket.id)])
        self.assertIn(letter, found)
        self.assertNotIn(note, found)

    def test_files_of_notes_are_not_shown(self):
        ticket = self._complaint()
        ticket.message_post(body="Note", attachments=[("note.txt", b"cost")])
        ticket.message_post(
            body="Letter", attachments=[("letter.txt", b"x")], subtype_xmlid="mail.mt_comment"
        )
        self.env["ir.attachment"].with_user(self.shopper).sudo().create(
            {"name": "photo.png", "res_model": ticket._name, "res_id": ticket.id, "raw": b"x"}
        )
        names = ticket.sudo()._retail_portal_attachments().mapped("name")
        self.assertEqual(sorted(names), ["letter.txt", "photo.png"])

    def test_a_draft_of_the_solution_is_not_told(self):
        ticket = self._complaint(solution="Perhaps a refund").sudo()
        self.assertFalse(ticket._retail_portal_solution())
        ticket.action_retail_propose()
        self.assertEqual(ticket._retail_portal_solution(), "Perhaps a refund")

    def test_purchases_are_the_own(self):
        mine, _others = self._sold(self.customer), self._sold(self.stranger.partner_id)
        found = self.Ticket.sudo()._retail_portal_purchases(self.customer, self.company)
        self.assertEqual(list(found), [f"sale.order,{mine.id}"])
        values = found[f"sale.order,{mine.id}"]["values"]
        self.assertEqual(values["retail_store_id"], self.store.id)


@tagged("post_install", "-at_install")
class TestComplaintPortalAnswer(PortalCase):
    def test_content_with_the_proposal(self):
        ticket = self._proposed(cause_id=self.cause.id)
        ticket._retail_portal_accept(self.customer, "Thank you")
        self.assertEqual(ticket.retail_stage_code, "resolved")
        self.assertEqual(ticket.customer_answer, "accepted")
        self.assertIn("Thank you", " ".join(ticket.message_ids.mapped("body")))
        self.Ticket._retail_close_due(self.company)
        self.assertEqual(ticket.retail_stage_code, "closed")

    def test_content_before_the_cause_is_known(self):
        ticket = self._proposed()
        ticket._retail_portal_accept(self.customer, "")
        self.assertEqual(ticket.retail_stage_code, "solution_proposed")
        self.assertIn("cause", ticket.activity_ids.summary)
        self.assertFalse(ticket._retail_portal_may_answer(), "once")

    def test_not_content_with_the_proposal(self):
        ticket = self._proposed()
        with self.assertRaisesRegex(UserError, "few words"):
            ticket._retail_portal_reject(self.customer, "")
        ticket._retail_portal_reject(self.customer, "I want my money back")
        self.assertEqual(ticket.retail_stage_code, "investigating")
        self.assertEqual(ticket.customer_answer_note, "I want my money back")
        self.assertEqual(ticket.activity_ids.user_id, self.agent)
        self.assertFalse(ticket.waiting_customer, "the clocks go on")
        ticket.action_retail_propose()
        self.assertTrue(ticket._retail_portal_may_answer(), "a new proposal asks anew")

    def test_content_with_what_was_done(self):
        ticket = self._complaint().sudo()
        self._resolve(ticket)
        ticket._retail_portal_accept(self.customer, "")
        self.assertEqual(ticket.retail_stage_code, "closed")
        with self.assertRaisesRegex(UserError, "no longer possible"):
            ticket._retail_portal_accept(self.customer, "")

    def test_not_content_with_what_was_done(self):
        ticket = self._complaint().sudo()
        self._resolve(ticket)
        ticket._retail_portal_reject(self.customer, "The new one is stale, too")
        self.assertEqual(ticket.retail_stage_code, "investigating")
        self.assertEqual(ticket.reopen_count, 1)

    def test_reopening_has_its_term(self):
        ticket = self._complaint().sudo()
        self._resolve(ticket)
        ticket._retail_portal_accept(self.customer, "")
        self.assertTrue(ticket._retail_portal_may_reopen())
        self.company.retail_complaint_reopen_days = 0
        self.assertFalse(ticket._retail_portal_may_reopen())
        self.company.retail_complaint_reopen_days = 14
        resolved = fields.Datetime.now() - timedelta(days=15)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET resolved_date = %s WHERE id = %s", (resolved, ticket.id)
        )
        ticket.invalidate_recordset(["resolved_date"])
        with self.assertRaisesRegex(UserError, "no longer possible"):
            ticket._retail_portal_reopen(self.customer, "Stale again")

    def test_open_and_invalid_ones_take_no_answer(self):
        ticket = self._complaint()
        self.assertFalse(ticket._retail_portal_may_answer())
        self.assertFalse(ticket._retail_portal_may_reopen())
        ticket._retail_invalidate("Twice")
        self.assertFalse(ticket._retail_portal_may_reopen())

    def test_mails_lead_to_the_page_unless_confidential(self):
        ticket = self._complaint()
        template = self.env.ref("retail_crm.mail_template_complaint_proposed")
        url = f"/my/ticket/{ticket.id}?access_token="
        self.assertIn(url, template._render_field("body_html", ticket.ids)[ticket.id])
        ticket.retail_confidential = True
        self.assertNotIn(url, template._render_field("body_html", ticket.ids)[ticket.id])


@tagged("post_install", "-at_install")
class TestComplaintPortalPages(HttpCase, PortalCase):
    def _post(self, url, **values):
        return self.url_open(url, data={"csrf_token": Request.csrf_token(self), **values})

    def test_customer_complains_and_answers(self):
        mine, other = self._sold(self.customer), self._sold(self.stranger.partner_id)
        self.authenticate("portal_ann", "portal_ann")
        home = self.url_open("/my").text
        self.assertIn("My Requests", home)
        self.assertIn("Follow, view or pay your orders", home, "the cards of others stay")
        page = self.url_open(f"/new/ticket?purchase=sale.order,{mine.id}").text
        self.assertIn(mine.name, page)
        self.assertIn("<textarea", page)
        self.assertNotIn(other.name, page)
        self.assertIn("Write what happened", self._post("/submitted/ticket", description=" ").text)
        for order in (mine, other):
            self._post(
                "/submitted/ticket",
                kind="complaint",
                description="The tea is stale\nAll of it",
                purchase=f"sale.order,{order.id}",
            )
        tickets = self.Ticket.search([("partner_id", "=", self.customer.id)], order="id")
        self.assertEqual(tickets.mapped("name"), ["The tea is stale"] * 2)
        self.assertEqual(tickets.sale_order_id, mine, "another's order is not taken")
        ticket = tickets[0]
        self.assertEqual(ticket.retail_stage_code, "new")
        self.assertFalse(ticket.user_id.share, "it has an owner of ours")
        ticket.write({"cause_id": self.cause.id, "solution": "We send new tea."})
        url = f"/my/ticket/{ticket.id}"
        page = self.url_open(url).text
        for secret in (self.cause.name, "We send new tea.", ticket.user_id.email or "@@"):
            self.assertNotIn(secret, page)
        ticket.action_retail_propose()
        self.assertIn("We send new tea.", self.url_open(url).text)
        self.assertIn(ticket.number, self.url_open("/my/tickets").text)
        page = self._post(f"{url}/reject", note="").text
        self.assertIn("few words", page)
        self.assertIn("noted your answer", self._post(f"{url}/accept", note="Fine").text)
        self.assertEqual(ticket.retail_stage_code, "resolved")

    def test_others_see_and_answer_nothing(self):
        ticket = self._proposed()
        url = f"/my/ticket/{ticket.id}"
        self.authenticate("portal_bob", "portal_bob")
        for answer in (
            self.url_open(url),
            self._post(f"{url}/accept"),
            self.url_open(f"/ticket/close?ticket_id={ticket.id}&stage_id=1"),
        ):
            self.assertNotIn("The tea is stale", answer.text)
        ticket.message_subscribe(self.stranger.partner_id.ids)
        self.assertIn("We send new tea.", self.url_open(url).text, "who follows it reads along")
        self._post(f"{url}/accept")
        self.assertFalse(ticket.customer_answer, "and answers nothing")

    def test_address_of_the_mail_opens_it_until_it_is_confidential(self):
        ticket = self._proposed()
        self.authenticate(None, None)
        url = ticket.get_portal_url()
        self.assertIn("We send new tea.", self.url_open(url).text)
        token = ticket.access_token
        self._post(f"/my/ticket/{ticket.id}/accept", access_token=token, note="Fine")
        self.assertEqual(ticket.customer_answer, "accepted")
        ticket.retail_confidential = True
        self.assertNotIn("The tea is stale", self.url_open(url).text)
