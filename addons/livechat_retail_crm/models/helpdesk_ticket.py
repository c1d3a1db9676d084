from odoo import api, fields, models
from odoo.addons.retail_crm.models.helpdesk_ticket import WITH_REASON
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime, html2plaintext

CHAT_FIELDS = {"livechat_session_id", "livechat_transcript", "livechat_message_ref"}


class HelpdeskTicket(models.Model):
    """What was said in the live chat from which a request was opened."""

    _inherit = "helpdesk.ticket"

    livechat_session_id = fields.Many2one(
        "discuss.channel",
        string="Live Chat",
        ondelete="set null",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The chat from which the request was opened.",
    )
    livechat_transcript = fields.Text(
        string="What Was Said",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Who said what and when, in the time zone of the owner; it can't be changed.",
    )
    livechat_message_ref = fields.Integer(
        string="Last Message Taken Over",
        readonly=True,
        copy=False,
        aggregator=None,
        groups="base.group_system",
        help="Number of the last message that was taken over.",
    )
    livechat_proposed_id = fields.Many2one(
        "res.partner",
        string="Perhaps the Member",
        readonly=True,
        copy=False,
        ondelete="set null",
        groups="base.group_user",
        help="To whom the phone or mail belongs that the visitor typed. A visitor can type "
        "anything: ask before you take it over.",
    )
    livechat_readable = fields.Boolean(
        string="Chat Can Be Read", compute="_compute_livechat_state", groups="base.group_user"
    )
    livechat_running = fields.Boolean(
        string="Chat Goes On", compute="_compute_livechat_state", groups="base.group_user"
    )

    _livechat_session_uniq = models.UniqueIndex(
        "(livechat_session_id) WHERE livechat_session_id IS NOT NULL",
        "A request was already opened from this chat. Reload to see it.",
    )

    @api.depends("livechat_session_id.livechat_end_dt")
    @api.depends_context("uid")
    def _compute_livechat_state(self):
        for ticket in self:
            session = ticket.livechat_session_id
            ticket.livechat_readable = bool(session) and session.has_access("read")
            # Whether it goes on is no secret of the chat.
            ticket.livechat_running = bool(session) and not session.sudo().livechat_end_dt

    # === WHAT MAY BE WRITTEN === #

    @api.model_create_multi
    def create(self, vals_list):
        """A request shows what was said: only who reads the chat opens one from it."""
        sessions = [
            vals["livechat_session_id"] for vals in vals_list if vals.get("livechat_session_id")
        ]
        if not self.env["discuss.channel"].browse(sessions).has_access("read"):
            raise AccessError(self.env._("You can't read the chat of this request."))
        for vals in vals_list:
            self._check_livechat_values(vals.keys() - {"livechat_session_id"})
        return super().create(vals_list)

    def write(self, vals):
        self._check_livechat_values(vals)
        return super().write(vals)

    @api.model
    def _check_livechat_values(self, names):
        if not self.env.su and CHAT_FIELDS & set(names):
            raise UserError(self.env._("What was said in the chat can't be changed."))

    @api.model
    def _retail_quiet_fields(self):
        return super()._retail_quiet_fields() | CHAT_FIELDS | {"livechat_proposed_id"}

    @api.model
    def _contact_fields_own(self):
        return {**super()._contact_fields_own(), "livechat_transcript": ("partner_id", "prose")}

    def _retail_erased_values(self, gone):
        return {
            **super()._retail_erased_values(gone),
            "livechat_transcript": False,
            "livechat_session_id": False,
        }

    # === TAKING OVER === #

    def _livechat_fetch(self):
        """Append what was said since the last time, with its files.

        Ended requests get it, too: a chat may end after its request.
        """
        # The system takes it over, whoever said the last word: the visitor for one.
        for ticket in self.sudo().with_context(retail_with_reason=WITH_REASON):
            messages = ticket.livechat_session_id._retail_messages(ticket.livechat_message_ref)
            if not messages:
                continue
            said = "\n".join(ticket._livechat_line(message) for message in messages)
            ticket.write(
                {
                    "livechat_transcript": "\n".join(
                        filter(None, (ticket.livechat_transcript, said))
                    ),
                    "livechat_message_ref": messages[-1].id,
                }
            )
            for file in messages.attachment_ids:
                file.copy({"res_model": self._name, "res_id": ticket.id})

    def _livechat_line(self, message):
        """Return a message as text: when, who, what, and the names of its files."""
        owner = self.user_id
        when = format_datetime(
            self.env,
            message.date,
            tz=owner.tz or self.company_id.partner_id.tz or "UTC",
            dt_format="short",
            lang_code=owner.lang,
        )
        author = message.author_id
        who = author.user_livechat_username or author.name or message.author_guest_id.name
        who = who or self.with_context(lang=owner.lang).env._("Unknown")
        files = [f"[{name}]" for name in message.attachment_ids.mapped("name")]
        what = " ".join(filter(None, (html2plaintext(message.body or "").strip(), *files)))
        return f"{when} {who}: {what}"

    def _livechat_end(self):
        """The chat has ended: take over the rest, and note the talk with the member."""
        self._livechat_fetch()
        self._livechat_log()

    def _livechat_log(self):
        """Note the chat among the member's communications, once."""
        method = self.env.ref("retail_crm.communication_method_chat", raise_if_not_found=False)
        if not method:
            return
        # The owner notes it, though it may be the visitor who ends the chat.
        log = self.env["retail.communication"].sudo().with_context(active_test=False)
        known = log.search([("ticket_id", "in", self.ids), ("method_id", "=", method.id)])
        owned = (self.sudo() - known.ticket_id).filtered("user_id")
        for ticket in owned.filtered("partner_id.is_member"):
            log.with_user(ticket.user_id).sudo().create(ticket._prepare_livechat_log(method))

    def _prepare_livechat_log(self, method):
        words = self.with_context(lang=self.user_id.lang)
        return {
            "partner_id": self.partner_id.id,
            "date": self.livechat_session_id.create_date,
            "method_id": method.id,
            "direction": "in",
            "subject": self.name,
            "content": words.env._(
                "Live chat. What was said stands on request %(number)s.", number=self.number
            ),
            "user_id": self.user_id.id,
            "store_id": self.retail_store_id.id,
            "company_id": self.company_id.id,
            "ticket_id": self.id,
        }

    # === BUTTONS === #

    def action_livechat_fetch(self):
        """Take over what was said since, while the chat goes on."""
        self.check_access("write")
        self._livechat_fetch()

    def action_livechat_open(self):
        """Open the chat of the request."""
        self.ensure_one()
        self.livechat_session_id.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Live Chat"),
            "res_model": "discuss.channel",
            "view_mode": "form",
            "views": [(self.env.ref("im_livechat.discuss_channel_view_form").id, "form")],
            "res_id": self.livechat_session_id.id,
        }

    def action_livechat_is_member(self):
        """The visitor is the member whose phone or mail he typed."""
        for ticket in self.filtered("livechat_proposed_id"):
            member = ticket.livechat_proposed_id
            ticket.write(
                {
                    "partner_id": member.id,
                    "partner_name": member.name,
                    # The request keeps the whole address, whoever takes the member over.
                    "partner_email": member.sudo().email or ticket.sudo().partner_email,
                }
            )
            # Who the visitor is, is settled: no evidence is lost.
            ticket.livechat_proposed_id = False
            if not ticket.livechat_running:
                ticket._livechat_log()
