from odoo.addons.livechat_retail_crm.hooks import CHAT_ROLES, uninstall_hook
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import ChatCase


@tagged("post_install", "-at_install")
class TestChatRights(ChatCase):
    def test_who_may(self):
        chat = self._chat("Hello")
        plain = new_test_user(self.env, login="chat_plain", groups="base.group_user")
        for user in (plain, self.cashier, self.portal):
            with self.subTest(user.login), self.assertRaisesRegex(AccessError, "Only guides"):
                chat.with_user(user).execute_command_request(body="/request x")
        self.assertTrue(self._open(chat, self.manager))

    def test_guides_only_their_own(self):
        own = self._chat("For the guide", operator=self.guide)
        self.assertEqual(self._open(own, self.guide).user_id, self.guide)
        other = self._chat("For the agent")
        with self.assertRaises(AccessError):
            self._open(other, self.guide)  # can't even read it
        operator = new_test_user(
            self.env,
            login="chat_guide",
            groups="retail_crm.group_guide,im_livechat.im_livechat_group_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaisesRegex(AccessError, "did not take part"):
            self._open(other, operator)

    def test_a_confidential_one_is_not_told(self):
        chat = self._chat("Your guide was rude")
        ticket = self._open(chat)
        ticket.with_user(self.agent).retail_confidential = True
        self.assertFalse(ticket.with_user(self.manager).has_access("read"))
        self.assertFalse(chat.with_user(self.manager).retail_request_id)
        with self.assertRaisesRegex(UserError, "not for you to read"):
            self._open(chat, self.manager)

    def test_nobody_writes_what_was_said(self):
        ticket = self._open(self._chat("Hello")).with_user(self.agent)
        with self.assertRaisesRegex(UserError, "can't be changed"):
            ticket.livechat_transcript = "Something else"
        with self.assertRaisesRegex(UserError, "can't be changed"):
            ticket.copy({"livechat_transcript": "Something else"})
        self.assertFalse(ticket.copy().livechat_transcript)

    def test_no_request_opens_a_chat_of_others(self):
        chat = self._chat("Between us")
        values = {"name": "x", "description": "x", "retail_kind": "consult"}
        with self.assertRaisesRegex(AccessError, "can't read the chat"):
            self.env["helpdesk.ticket"].with_user(self.guide).create(
                {**values, "livechat_session_id": chat.id}
            )

    def test_masked_like_other_texts(self):
        chat = self._chat("Call 138 0000 4712", operator=self.guide, partner=self.customer)
        ticket = self._open(chat, self.guide).with_user(self.guide)
        self.assertNotIn("0000", ticket.read(["livechat_transcript"])[0]["livechat_transcript"])
        seen = ticket.with_user(self.agent).read(["livechat_transcript"])
        self.assertIn("138 0000 4712", seen[0]["livechat_transcript"])

    def test_customers_never_read_it(self):
        ticket = self._open(self._chat("Hello", partner=self.customer))
        ticket.message_subscribe(self.customer.ids)
        mine = ticket.with_user(self.portal)
        self.assertNotIn("livechat_transcript", mine.fields_get())

    def test_roles_lose_it_on_uninstall(self):
        self.assertTrue(self.agent.has_group("im_livechat.im_livechat_group_user"))
        uninstall_hook(self.env)
        for role, group in CHAT_ROLES.items():
            self.assertNotIn(self.env.ref(group), self.env.ref(role).implied_ids)

    def test_who_reads_the_request_but_not_the_chat(self):
        ticket = self._open(self._chat("Hello"))
        books = new_test_user(
            self.env,
            login="chat_books",
            groups="retail_crm.group_accountant",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        seen = ticket.with_user(books)
        self.assertFalse(seen.livechat_readable)
        self.assertIn("Hello", seen.livechat_transcript)

    # === IS SOMEBODY THERE === #

    def test_blocked_while_nobody_is_on_line(self):
        self.env["im_livechat.channel"].search([]).filtered(
            lambda one: one != self.desk
        ).user_ids = False
        chat = self.env.ref("retail_crm.communication_method_chat").with_user(self.guide)
        self.assertEqual(chat.carrier, "livechat")
        self.assertTrue(chat.is_blocked)
        self.assertIn("Nobody is on line", chat.block_reason)
        self.env["mail.presence"]._update_presence(self.agent)
        self.env.invalidate_all()
        self.assertFalse(chat.is_blocked)
        self.assertFalse(chat.block_reason)

    def test_without_a_chat_nothing_is_blocked(self):
        self.env["im_livechat.channel"].search([]).user_ids = False
        chat = self.env.ref("retail_crm.communication_method_chat")
        self.assertFalse(chat.is_blocked)
