from markupsafe import Markup
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ChatCase


@tagged("post_install", "-at_install")
class TestChatRequest(ChatCase):
    def test_request_holds_what_was_said(self):
        chat = self._chat("Parcel late", "Ordered last week")
        chat.with_user(self.agent).message_post(body="I look for it.", message_type="comment")
        first = chat.message_ids.sorted("id")[0]
        first.date = "2026-03-02 04:05:06"
        ticket = self._open(chat, kind="complaint")
        self.assertRecordValues(
            ticket,
            [
                {
                    "name": "Parcel late",
                    "retail_kind": "complaint",
                    "user_id": self.agent.id,
                    "partner_name": "Visitor #7",
                    "partner_id": False,
                    "category_id": self.env.ref("retail_crm.category_logistics_speed").id,
                    "channel_id": self.env.ref("retail_crm.channel_complaint_chat").id,
                    "livechat_session_id": chat.id,
                }
            ],
        )
        lines = ticket.livechat_transcript.splitlines()
        self.assertEqual(len(lines), 3)
        self.assertIn("12:05", lines[0])  # the operator's time zone
        self.assertIn("Visitor #7: Parcel late", lines[0])
        self.assertIn(f"{self.agent.name}: I look for it.", lines[2])
        self.assertIn("Ordered last week", ticket.description)
        self.assertNotIn("I look for it", ticket.description)

    def test_command_and_button_lead_to_one_request(self):
        chat = self._chat("Do you have tea?")
        chat.with_user(self.agent).execute_command_complaint(body="/complaint Tea is sold out")
        ticket = chat.with_user(self.agent).retail_request_id
        self.assertEqual(ticket.name, "Tea is sold out")
        self.assertEqual(ticket.retail_kind, "complaint")
        chat.with_user(self.agent).execute_command_request(body="/request again")
        self.assertEqual(self._open(chat, self.manager), ticket)
        self.assertEqual(chat.with_user(self.agent).action_retail_request()["res_id"], ticket.id)
        self.assertEqual(ticket.with_user(self.agent).action_livechat_open()["res_id"], chat.id)

    def test_after_sales(self):
        chat = self._chat("It broke")
        chat.with_user(self.agent).execute_command_aftersales(body="/aftersales")
        ticket = chat.with_user(self.agent).retail_request_id
        self.assertEqual((ticket.name, ticket.retail_kind), ("It broke", "after_sales"))

    @mute_logger("odoo.sql_db")
    def test_the_database_keeps_a_second_one_out(self):
        ticket = self._open(self._chat("One"))
        other = self._open(self._chat("Two"))
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            other.livechat_session_id = ticket.livechat_session_id
            other.flush_recordset()

    def test_what_is_said_later_arrives(self):
        chat = self._chat("First")
        ticket = self._open(chat)
        self._says(chat, "Second")
        self.assertNotIn("Second", ticket.livechat_transcript)
        ticket.with_user(self.agent).action_livechat_fetch()
        self.assertIn("Second", ticket.livechat_transcript)
        self._says(chat, "Third")
        revision = ticket.retail_revision
        self.assertTrue(ticket.livechat_running)
        chat.with_user(self.env.ref("base.public_user")).sudo()._close_livechat_session()
        self.assertFalse(ticket.livechat_running)
        self._says(chat, "Fourth")
        self.assertEqual(
            [line.split(": ")[1] for line in ticket.livechat_transcript.splitlines()],
            ["First", "Second", "Third", "Fourth"],
        )
        self.assertEqual(ticket.retail_revision, revision, "no open form is disturbed")

    def test_a_closed_request_gets_the_rest(self):
        chat = self._chat("Hello")
        ticket = self._open(chat)
        ticket._retail_invalidate("Spam")
        self._says(chat, "Bye")
        chat._close_livechat_session()
        self.assertIn("Bye", ticket.livechat_transcript)
        self.assertEqual(ticket.retail_stage_code, "invalid")

    def test_a_member_who_is_logged_in(self):
        chat = self._chat("When do you open?", partner=self.customer)
        ticket = self._open(chat)
        self.assertEqual(ticket.partner_id, self.customer)
        self.assertEqual(ticket.retail_store_id, self.store)
        log = self.env["retail.communication"].search([("ticket_id", "=", ticket.id)])
        self.assertFalse(log, "the chat still goes on")
        chat._close_livechat_session()
        log = self.env["retail.communication"].search([("ticket_id", "=", ticket.id)])
        self.assertRecordValues(
            log, [{"partner_id": self.customer.id, "direction": "in", "user_id": self.agent.id}]
        )
        self.assertIn(ticket.number, log.content)
        chat.livechat_end_dt = False
        chat._close_livechat_session()
        self.assertEqual(
            self.env["retail.communication"].search([("ticket_id", "=", ticket.id)]), log
        )

    def test_a_chat_that_has_ended(self):
        chat = self._chat("Too late", partner=self.customer)
        chat._close_livechat_session()
        said = len(chat.message_ids)
        ticket = self._open(chat)
        self.assertEqual(len(chat.message_ids), said, "nobody is there to be told")
        self.assertTrue(self.env["retail.communication"].search([("ticket_id", "=", ticket.id)]))

    def test_the_visitor_is_told_in_his_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        chat = self._chat("你好")
        # The system made this chat, so that it counts as an operator here.
        operators = chat.livechat_agent_history_ids
        operators.filtered(lambda one: one.partner_id == self.env.user.partner_id).unlink()
        chat.livechat_failure = "no_answer"
        chat.livechat_lang_id = self.env["res.lang"]._lang_get("zh_CN")
        before = chat.livechat_failure
        ticket = self._open(chat)
        told = chat.message_ids[0]
        self.assertEqual(told.message_type, "notification")
        self.assertIn(ticket.number, told.body)
        self.assertIn("我们会跟进", told.body)
        self.assertNotIn(told.body, ticket.livechat_transcript)
        self.assertEqual(chat.livechat_failure, before, "a notice is no answer")

    # === WHO THE VISITOR MAY BE === #

    def test_a_typed_phone_proposes_the_member(self):
        chat = self._chat("My number is 138 0000 4712", "or write to me: guest@example.com")
        ticket = self._open(chat)
        self.assertFalse(ticket.partner_id)
        self.assertEqual(ticket.livechat_proposed_id, self.customer)
        self.assertEqual(ticket.partner_email, "guest@example.com")
        chat._close_livechat_session()
        ticket.with_user(self.agent).action_livechat_is_member()
        self.assertEqual(ticket.partner_id, self.customer)
        self.assertFalse(ticket.livechat_proposed_id)
        self.assertEqual(
            self.env["retail.communication"].search_count([("ticket_id", "=", ticket.id)]), 1
        )

    def test_several_members_propose_none(self):
        self._member("Other Ou", phone="+86 138 0000 4713")
        ticket = self._open(self._chat("13800004712 and 13800004713"))
        self.assertFalse(ticket.livechat_proposed_id)

    def test_beyond_the_limit_the_request_is_opened_all_the_same(self):
        self.env["ir.config_parameter"].set_param("retail_crm.lookup_limit", 1)
        chat = self._chat("13800004799, or 13800004712?")
        with self.enter_registry_test_mode():  # the refusal is filed in a cursor of its own
            ticket = self._open(chat)
        self.assertFalse(ticket.livechat_proposed_id)

    def test_no_contact_at_all(self):
        ticket = self._open(self._chat("Hello"))
        self.assertFalse(ticket.partner_email)
        self.assertFalse(ticket.livechat_proposed_id)

    # === BAD INPUT === #

    def test_empty_chat(self):
        chat = self._chat()
        with self.assertRaisesRegex(UserError, "Nothing was said"):
            self._open(chat)
        ticket = self._open(chat, subject="He only waved")
        self.assertEqual(ticket.name, "He only waved")
        self.assertFalse(ticket.livechat_transcript)

    def test_only_a_picture_was_sent(self):
        chat = self._chat()
        file = self.env["ir.attachment"].create(
            {
                "name": "torn.txt",
                "raw": b"x",
                "res_model": "discuss.channel",
                "res_id": chat.id,
            }
        )
        chat.message_post(body="", message_type="comment", attachment_ids=file.ids)
        ticket = self._open(chat)
        self.assertIn("[torn.txt]", ticket.livechat_transcript)
        copied = self.env["ir.attachment"].search(
            [("res_model", "=", "helpdesk.ticket"), ("res_id", "=", ticket.id)]
        )
        self.assertEqual(copied.mapped("name"), ["torn.txt"])
        ticket._livechat_fetch()
        self.assertEqual(len(copied.search([("res_id", "=", ticket.id)]) & copied), 1)

    def test_scripts_are_words(self):
        chat = self._chat("<script>alert(1)</script>", Markup("<p>a <b>bold</b> word</p>"))
        ticket = self._open(chat)
        self.assertIn("<script>alert(1)</script>", ticket.livechat_transcript)
        self.assertIn("a *bold* word", ticket.livechat_transcript)
        self.assertIn("&lt;script&gt;", ticket.description)
        self.assertNotIn("<script", ticket.description)

    def test_what_was_taken_back_is_not_there(self):
        chat = self._chat("Stays", "My secret")
        chat._message_update_content(chat.message_ids[0], body="")
        ticket = self._open(chat)
        self.assertNotIn("secret", ticket.livechat_transcript)

    def test_a_long_chat(self):
        chat = self._chat()
        now = fields.Datetime.now()
        self.env["mail.message"].create(
            [
                {
                    "model": "discuss.channel",
                    "res_id": chat.id,
                    "message_type": "comment",
                    "author_guest_id": self.guest.id,
                    "body": f"<p>word {number}</p>",
                    "date": now,
                }
                for number in range(1000)
            ]
        )
        ticket = self._open(chat)
        self.assertEqual(len(ticket.livechat_transcript.splitlines()), 1000)
        self.assertIn("word 999", ticket.livechat_transcript)

    def test_an_operator_who_left(self):
        other = self._user("chat_left", "role_service")
        chat = self._chat("Hello", operator=other)
        chat.with_user(other).message_post(body="Yes?", message_type="comment")
        name = other.name
        other.active = False
        other.partner_id.active = False
        ticket = self._open(chat)
        self.assertEqual(ticket.user_id, self.agent)
        self.assertIn(f"{name}: Yes?", ticket.livechat_transcript)

    def test_the_session_is_deleted(self):
        chat = self._chat("Hello")
        ticket = self._open(chat)
        chat.unlink()
        self.assertFalse(ticket.livechat_session_id)
        self.assertIn("Hello", ticket.livechat_transcript)
        self.assertFalse(ticket.livechat_readable)

    def test_an_ordinary_channel(self):
        channel = self.env["discuss.channel"].create(
            {
                "name": "Talk",
                "channel_type": "channel",
                "channel_member_ids": [Command.create({"partner_id": self.agent.partner_id.id})],
            }
        )
        with self.assertRaisesRegex(UserError, "live chats only"):
            self._open(channel, subject="x")

    def test_erased_with_the_member(self):
        chat = self._chat("I am Chen", partner=self.customer)
        ticket = self._open(chat)
        ticket._retail_invalidate("Done")
        self.customer._retail_erase_documents()
        self.assertFalse(ticket.livechat_transcript)
        self.assertFalse(ticket.livechat_session_id)

    def test_form(self):
        ticket = self._open(self._chat("Hello 13800004712"))
        with Form(ticket.with_user(self.agent).with_context(retail_service=True)) as form:
            form.name = "Renamed"
        self.assertEqual(ticket.name, "Renamed")
