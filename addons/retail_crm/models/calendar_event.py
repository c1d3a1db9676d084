from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import html2plaintext


class CalendarEvent(models.Model):
    """A store visit is an event of a member: stock's calendar invites, tells of another time and
    reminds, in the member's language."""

    _inherit = "calendar.event"

    retail_member_id = fields.Many2one(
        "res.partner",
        string="Member",
        domain="[('is_member', '=', True)]",
        ondelete="cascade",
        index="btree_not_null",
    )
    retail_member_email = fields.Char(related="retail_member_id.email", string="Member's Email")
    retail_store_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        domain="[('is_store', '=', True)]",
        ondelete="restrict",
        index="btree_not_null",
    )
    retail_visit_state = fields.Selection(
        [
            ("booked", "Booked"),
            ("came", "Came"),
            ("missed", "Did Not Come"),
            ("cancelled", "Cancelled"),
        ],
        string="Visit Status",
        readonly=True,
        copy=False,
        tracking=True,
    )
    retail_ticket_id = fields.Many2one(
        "helpdesk.ticket", string="Request", ondelete="set null", index="btree_not_null"
    )
    retail_care_task_id = fields.Many2one(
        "retail.care.task", string="Care Task", ondelete="set null", index="btree_not_null"
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("retail_member_id", "retail_store_id")
    def _check_visit_store(self):
        for event in self:
            if event.retail_member_id and not event.retail_store_id.is_store:
                raise ValidationError(self.env._("Choose the store that the member comes to."))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._visit_values(vals) for vals in vals_list]
        visits = any(vals.get("retail_member_id") for vals in vals_list)
        # Stock would write the member's phone and mail into the description, for all to read.
        events = self.with_context(skip_contact_description=True) if visits else self
        return super(CalendarEvent, events).create(vals_list).with_env(self.env)

    def _visit_values(self, vals):
        """Return the values of an event; of a visit with who comes, whom to and where."""
        vals = {**self._visit_defaults(), **vals}
        if not vals.get("retail_member_id"):
            return vals
        store = self.env["stock.warehouse"].browse(vals.get("retail_store_id"))
        guide = self.env["res.users"].browse(vals.get("user_id") or self.env.uid)
        return {
            "location": store.partner_id._display_address(without_company=True).strip(),
            "alarm_ids": [Command.set(self.env.ref("retail_crm.calendar_alarm_visit").ids)],
            **vals,
            "retail_visit_state": "booked",
            "partner_ids": [Command.set([vals["retail_member_id"], guide.partner_id.id])],
        }

    def _visit_defaults(self):
        names = ["retail_member_id", "retail_store_id", "user_id"]
        return {name: value for name, value in self.default_get(names).items() if value}

    # === LIFE === #

    def action_visit_came(self):
        """The member was there: the visit counts as a contact."""
        self._expect_booked()
        for event in self:
            if event.start > fields.Datetime.now():
                raise UserError(self.env._("The visit is still to come."))
        self.env["retail.communication"].create([event._prepare_communication() for event in self])
        self.retail_visit_state = "came"

    def _prepare_communication(self):
        told = html2plaintext(self.description or "").strip()
        return {
            "partner_id": self.retail_member_id.id,
            "date": self.start,
            "method_id": self.env.ref("retail_crm.communication_method_onsite").id,
            "direction": "in",
            "subject": self.name,
            "content": told or self.env._("Came to the store as booked."),
            "user_id": self.user_id.id or self.env.uid,
            "store_id": self.retail_store_id.id,
            "company_id": self.retail_store_id.company_id.id,
            "ticket_id": self.retail_ticket_id.id,
        }

    def action_visit_missed(self):
        self._expect_booked()
        self.retail_visit_state = "missed"

    def action_visit_cancel(self):
        """Call the visit off: the member and the guide are told, their reminders end."""
        self._expect_booked()
        template = self.env.ref("calendar.calendar_template_delete_event")
        for event in self:
            if event.start > fields.Datetime.now():
                template.with_context(lang=event.retail_member_id.lang).send_mail(
                    event.id, email_layout_xmlid="mail.mail_notification_light"
                )
        self.write({"retail_visit_state": "cancelled", "active": False})

    def _expect_booked(self):
        if self.filtered(lambda event: event.retail_visit_state != "booked"):
            raise UserError(self.env._("Only a visit that is booked can be ended."))
