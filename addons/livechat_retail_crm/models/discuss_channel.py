from itertools import islice

from markupsafe import Markup

from odoo import api, fields, models
from odoo.addons.retail_crm.crm_engine.extract import find_phones
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, html2plaintext
from odoo.tools.mail import email_re

AGENT_GROUPS = "retail_crm.group_guide,retail_crm.group_service"
PROPOSED_LOOKUPS = 3  # phones and mails of a chat that are looked up; each one is filed


class DiscussChannel(models.Model):
    """A live chat, from which an operator opens the request of its visitor: one per chat."""

    _inherit = "discuss.channel"

    retail_request_id = fields.Many2one(
        "helpdesk.ticket",
        string="Request",
        compute="_compute_retail_request_id",
        groups=AGENT_GROUPS,
    )

    @api.depends_context("uid")
    def _compute_retail_request_id(self):
        # As the user: a request out of reach isn't shown.
        tickets = self.env["helpdesk.ticket"].search([("livechat_session_id", "in", self.ids)])
        by_session = {ticket.livechat_session_id.id: ticket.id for ticket in tickets}
        for channel in self:
            channel.retail_request_id = by_session.get(channel.id, False)

    # === COMMANDS OF THE CHAT === #

    def execute_command_request(self, body="", **kwargs):
        self._retail_execute("request", "consult", body)

    def execute_command_complaint(self, body="", **kwargs):
        self._retail_execute("complaint", "complaint", body)

    def execute_command_aftersales(self, body="", **kwargs):
        self._retail_execute("aftersales", "after_sales", body)

    def _retail_execute(self, command, kind, body):
        subject = html2plaintext(body or "").strip().removeprefix(f"/{command}").strip()
        ticket = self._retail_open_request(kind, subject)
        self.env.user._bus_send_transient_message(
            self,
            self.env._("The request of this chat: %(request)s", request=ticket._get_html_link()),
        )

    def action_retail_request(self):
        """Open the request of the chat, which is made if there is none."""
        action = self._retail_open_request()._get_records_action()
        action["context"] = {"retail_service": True}
        return action

    # === OPENING === #

    def _retail_open_request(self, kind="consult", subject=""):
        """Return the request of this chat; one is made when there is none."""
        self.ensure_one()
        self._check_retail_may_open()
        self._retail_take_row()
        # Found also where it is out of reach: there is never a second one.
        known = self.env["helpdesk.ticket"].sudo().search([("livechat_session_id", "=", self.id)])
        if known:
            return self._retail_known_request(known)
        ticket = self.env["helpdesk.ticket"].create(self._prepare_retail_request(kind, subject))
        ticket._livechat_fetch()
        if self.livechat_end_dt:
            ticket._livechat_log()
        else:
            self._retail_tell_visitor(ticket)
        return ticket

    def _retail_known_request(self, known):
        ticket = known.sudo(False)
        if not ticket.has_access("read"):
            raise UserError(
                self.env._(
                    "A colleague has opened a request from this chat already, and it is not for "
                    "you to read. Ask your manager."
                )
            )
        return ticket

    @api.model
    def _retail_may_open(self):
        return self.env.user.has_groups(AGENT_GROUPS)

    def _check_retail_may_open(self):
        if not self._retail_may_open():
            raise AccessError(
                self.env._("Only guides and customer service open requests from a chat.")
            )
        self.check_access("read")
        if self.channel_type != "livechat":
            raise UserError(self.env._("Requests are opened from live chats only."))
        # Who took part is known to the operators of live chat only.
        agents = self.sudo().livechat_agent_partner_ids
        mine = self.env.user.partner_id in agents
        if not mine and not self.env.user.has_group("retail_crm.group_service"):
            raise AccessError(
                self.env._(
                    "You did not take part in this chat: ask customer service to open a request."
                )
            )

    def _retail_take_row(self):
        """Let a second operator wait for the first, and start again on what he left."""
        self.env.cr.execute(
            SQL("UPDATE discuss_channel SET write_date = write_date WHERE id = %s", self.id)
        )

    # === WHAT THE REQUEST SAYS === #

    def _prepare_retail_request(self, kind, subject):
        partner, guest = self._retail_visitor()
        said = self._retail_visitor_words()
        if not (subject or said or self._retail_messages()):
            raise UserError(
                self.env._(
                    "Nothing was said in this chat yet. Write what it is about after the "
                    "command: /request delivery of the sofa"
                )
            )
        intake = self.env["helpdesk.ticket"]._retail_intake_values(said or subject)
        name = subject or intake["name"] or self.env._("Live chat with %(who)s", who=self.name)
        category = self.env["helpdesk.ticket.category"]._retail_suggest(
            name, said, self.env.company
        )
        return {
            **intake,
            "name": name,
            "description": intake["description"] or name,
            "retail_kind": kind,
            "partner_id": partner.id,
            **self._prepare_retail_guest(partner, guest, said),
            "category_id": category.id,
            "category_suggested": bool(category),
            **({"retail_store_id": store.id} if (store := self._retail_store(partner)) else {}),
            "company_id": self.env.company.id,
            "channel_id": self.env.ref("retail_crm.channel_complaint_chat").id,
            "livechat_session_id": self.id,
        }

    def _retail_store(self, partner):
        store = partner.retail_store_id
        return store if store.company_id == self.env.company else store.browse()

    def _prepare_retail_guest(self, partner, guest, said):
        """Return what a visitor without a login tells of himself, and the member it may be."""
        if partner:
            return {}
        mails = email_re.findall(said)
        return {
            "partner_name": guest.name,
            "partner_email": mails[0] if mails else False,
            "livechat_proposed_id": self._retail_proposed_member(said, mails),
        }

    def _retail_proposed_member(self, said, mails):
        """Return the id of the one member to whom the typed phones and mails belong, or False.

        The operator looks them up as at the counter: within the hourly limit, and each is filed.
        """
        region = self.env.company.country_id.code
        phones = (said[start:end] for start, end, _number in find_phones(said, region))
        partners = self.env["res.partner"]
        found = set()
        for text in islice(dict.fromkeys((*mails, *phones)), PROPOSED_LOOKUPS):
            try:
                found |= {card["id"] for card in partners.retail_find_exact(text)}
            except UserError:
                return False  # the limit is reached: no proposal, but the request is opened
        return found.pop() if len(found) == 1 else False

    def _retail_visitor(self):
        """Return (partner, guest) of the visitor: one of them, or none of both."""
        # Who takes part in the chat is seen by all who read it.
        visitors = self.sudo().livechat_customer_history_ids
        partner = visitors.partner_id.filtered(lambda one: not one.is_public)[:1]
        return partner.sudo(False), visitors.guest_id[:1]

    def _retail_visitor_words(self):
        """Return what the visitor typed, a line per message."""
        # The member of the chat who wrote it tells who is the visitor.
        visitors = self.sudo().livechat_customer_history_ids
        written = self._retail_messages().filtered(
            lambda message: (
                (message.author_id and message.author_id in visitors.partner_id)
                or (message.author_guest_id and message.author_guest_id in visitors.guest_id)
            )
        )
        return "\n".join(filter(None, (html2plaintext(one.body).strip() for one in written)))

    def _retail_messages(self, after=0):
        """Return what was said, in its order: no notices, and nothing that was taken back."""
        # Whoever reads the chat reads its messages; its request gets the same ones.
        messages = (
            self.env["mail.message"]
            .sudo()
            .search(
                Domain("model", "=", self._name)
                & Domain("res_id", "=", self.id)
                & Domain("message_type", "not in", ("notification", "user_notification"))
                & Domain("id", ">", after),
                order="id",
            )
        )
        return messages - messages._filter_empty()

    # === AND ON === #

    def _retail_tell_visitor(self, ticket):
        """Tell the visitor, in his language, that his request was taken down."""
        partner, guest = self._retail_visitor()
        # The language of the visitor, whoever reads the chat.
        lang = self.sudo().livechat_lang_id.code or partner.lang or guest.lang
        told = self.with_context(lang=lang or self.env.lang)
        # The system says it: as the operator's word it would count as his answer.
        self.sudo().message_post(
            author_id=self.env.ref("base.partner_root").id,
            body=Markup('<div class="o_mail_notification o_hide_author">%s</div>')
            % told.env._(
                "Your request was taken down as %(number)s. We look after it.",
                number=ticket.number,
            ),
            message_type="notification",
            subtype_xmlid="mail.mt_comment",
        )

    def write(self, vals):
        """What was said until the end of the chat goes to its request."""
        result = super().write(vals)
        if vals.get("livechat_end_dt"):
            self._retail_requests()._livechat_end()
        return result

    def _message_post_after_hook(self, message, msg_vals):
        """What is said after the end goes to the request at once."""
        result = super()._message_post_after_hook(message, msg_vals)
        if self.livechat_end_dt and message.message_type != "notification":
            self._retail_requests()._livechat_fetch()
        return result

    def _retail_requests(self):
        # It is the visitor who ends the chat, and he knows nothing of requests.
        return self.env["helpdesk.ticket"].sudo().search([("livechat_session_id", "in", self.ids)])
