from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.addons.retail_crm.tests.common_service import ServiceCase
from odoo.fields import Command


class ChatCase(ServiceCase):
    """Live chats of guests and of a member, with a service agent as operator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.cn")
        cls.agent.write({"tz": "Asia/Taipei", "lang": "en_US"})
        cls.desk = cls.env["im_livechat.channel"].create(
            {"name": "Shop", "user_ids": [Command.link(cls.agent.id)]}
        )
        cls.guest = cls.env["mail.guest"].create({"name": "Visitor #7"})
        cls.customer = cls._member("Chatting Chen", phone="+86 138 0000 4712")
        cls.portal = mail_new_test_user(
            cls.env,
            login="chat_portal",
            groups="base.group_portal",
            partner_id=cls.customer.id,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def _chat(cls, *words, operator=None, partner=None):
        """Return a live chat in which the visitor said the words."""
        visitor = {"partner_id": partner.id} if partner else {"guest_id": cls.guest.id}
        operator = (operator or cls.agent).partner_id
        chat = cls.env["discuss.channel"].create(
            {
                "name": "Visitor and operator",
                "channel_type": "livechat",
                "livechat_channel_id": cls.desk.id,
                "livechat_operator_id": operator.id,
                "channel_member_ids": [
                    Command.create({"partner_id": operator.id, "livechat_member_type": "agent"}),
                    Command.create({**visitor, "livechat_member_type": "visitor"}),
                ],
            }
        )
        for text in words:
            cls._says(chat, text, partner)
        return chat

    @classmethod
    def _says(cls, chat, text, partner=None, **values):
        """Let the visitor, or the partner, say something."""
        if not partner:
            # As the controllers of the chat do it for a visitor without a login.
            chat = chat.with_user(cls.env.ref("base.public_user")).sudo()
            chat = chat.with_context(guest=cls.guest)
        author = {"author_id": partner.id} if partner else {}
        return chat.message_post(body=text, message_type="comment", **author, **values)

    def _open(self, chat, user=None, kind="consult", subject=""):
        return chat.with_user(user or self.agent)._retail_open_request(kind, subject).sudo()
