from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import html_escape

from ..crm_engine.content_seal import seal

# What was said to whom, when and by whom: what the seal holds.
SEALED_FIELDS = {
    "partner_id",
    "date",
    "method_id",
    "direction",
    "subject",
    "content",
    "result",
    "next_action",
    "next_date",
    "user_id",
    "corrects_id",
    "attachment_ids",
}
NEXT_FIELDS = {"next_action", "next_date", "user_id", "partner_id", "method_id"}
SYSTEM_FIELDS = {"content_seal", "sealed_partner_ref", "activity_id"}
ARCHIVE_BATCH = 2000
ERASING = object()  # lets go of locked files; no client can send it


class RetailCommunication(models.Model):
    """One contact with one member, by whatever way: who, when, what about, with what result.

    A record can be changed for some hours; then it is locked for everybody, and what was wrong
    is put right by a new record that points to it. The seal shows changes made behind Odoo's back.
    """

    _name = "retail.communication"
    _description = "Communication"
    _order = "date desc, id desc"
    _rec_name = "subject"

    partner_id = fields.Many2one("res.partner", string="Member", required=True, ondelete="restrict")
    partner_phone = fields.Char(related="partner_id.phone", string="Phone")
    partner_class_id = fields.Many2one(related="partner_id.retail_class_id", string="Class")
    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    direction = fields.Selection(
        [("out", "We contacted"), ("in", "The member contacted us")],
        required=True,
        default="out",
    )
    is_urgent = fields.Boolean(string="Urgent", help="It can't wait: a quick way is advised.")
    is_complex = fields.Boolean(
        string="Complex", help="It needs many words or figures: a written way is advised."
    )
    method_id = fields.Many2one(
        "retail.communication.method", string="Way", required=True, ondelete="restrict", index=True
    )
    subject = fields.Char(required=True)
    content = fields.Text(required=True, help="What was said, in plain words.")
    result = fields.Selection(
        [
            ("reached", "Reached"),
            ("not_reached", "Not reached"),
            ("follow_up", "To be followed up"),
            ("deal", "Deal"),
            ("refused", "Refused"),
        ],
        required=True,
        default="reached",
    )
    next_action = fields.Char(string="Next Step")
    next_date = fields.Date(
        string="Next Contact", help="Plans an activity on the member for this day."
    )
    activity_id = fields.Many2one("mail.activity", string="Planned Activity", readonly=True)
    ticket_id = fields.Many2one(
        "helpdesk.ticket", string="Request", ondelete="set null", index="btree_not_null"
    )
    sale_order_id = fields.Many2one(
        "sale.order", string="Sales Order", ondelete="set null", index="btree_not_null"
    )
    product_ids = fields.Many2many("product.product", string="Products")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(help="The amount that was spoken of.")
    mood = fields.Selection([("pleased", "Pleased"), ("upset", "Upset")])
    attachment_ids = fields.Many2many("ir.attachment", string="Attachments")
    user_id = fields.Many2one(
        "res.users",
        string="Recorded By",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    store_id = fields.Many2one(
        "stock.warehouse",
        domain="[('is_store', '=', True)]",
        check_company=True,
        default=lambda self: self._default_store_id(),
        index="btree_not_null",
    )
    active = fields.Boolean(default=True)
    corrects_id = fields.Many2one(
        "retail.communication",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    correction_ids = fields.One2many(
        "retail.communication", "corrects_id", string="Corrections", readonly=True
    )
    is_corrected = fields.Boolean(
        string="Corrected",
        compute="_compute_is_corrected",
        store=True,
        help="A newer record takes its place.",
    )
    is_locked = fields.Boolean(
        string="Locked", compute="_compute_is_locked", search="_search_is_locked"
    )
    content_seal = fields.Char(string="Seal", readonly=True)
    sealed_partner_ref = fields.Integer(
        string="Number of the Sealed Member",
        readonly=True,
        aggregator=None,
        help="The member at the time of recording; a merge may have moved the record since.",
    )
    # Measures of the report of ways
    entry_delay = fields.Float(
        string="Entry Delay (hours)",
        compute="_compute_entry_delay",
        store=True,
        aggregator="avg",
        help="Hours from the contact to its recording; a correction keeps the first one.",
    )
    reached_share = fields.Float(
        string="Reached", compute="_compute_shares", store=True, aggregator="avg"
    )
    deal_share = fields.Float(
        string="Deals", compute="_compute_shares", store=True, aggregator="avg"
    )

    _partner_idx = models.Index("(partner_id, date)")
    _user_idx = models.Index("(user_id, date)")

    # === DEFAULTS AND COMPUTE METHODS === #

    @api.model
    def _default_store_id(self):
        store = self.env.user.sudo().retail_store_id
        return store if store.company_id == self.env.company else store.browse()

    @api.depends("correction_ids")
    def _compute_is_corrected(self):
        for communication in self:
            communication.is_corrected = bool(communication.correction_ids)

    @api.depends("create_date", "company_id")
    def _compute_is_locked(self):
        now = fields.Datetime.now()
        for communication in self:
            hours = communication.company_id.sudo().retail_communication_lock_hours
            made = communication.create_date
            communication.is_locked = bool(made) and made + timedelta(hours=hours) <= now

    def _search_is_locked(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        locked = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain(
                "create_date",
                "<=",
                now - timedelta(hours=company.retail_communication_lock_hours),
            )
            for company in self.env.companies.sudo()
        )
        return Domain.OR([locked if flag else ~locked for flag in value])

    @api.depends("date", "corrects_id")
    def _compute_entry_delay(self):
        now = fields.Datetime.now()
        for communication in self:
            if communication.corrects_id:
                communication.entry_delay = communication.corrects_id.entry_delay
                continue
            made = communication.create_date or now
            delay = made - (communication.date or made)
            communication.entry_delay = max(delay.total_seconds() / 3600, 0.0)

    @api.depends("result")
    def _compute_shares(self):
        for communication in self:
            communication.reached_share = float(communication.result != "not_reached")
            communication.deal_share = float(communication.result == "deal")

    # === CONSTRAINT METHODS === #

    @api.constrains("subject", "content")
    def _check_said(self):
        for communication in self:
            if not (communication.subject.strip() and communication.content.strip()):
                raise ValidationError(
                    self.env._("Write what the contact was about and what was said.")
                )

    @api.constrains("date", "next_date")
    def _check_dates(self):
        # Clocks of tills and tablets may run a little ahead.
        latest = fields.Datetime.now() + timedelta(minutes=10)
        for communication in self:
            if communication.date > latest:
                raise ValidationError(
                    self.env._(
                        "A communication is recorded after it took place. For a planned one, "
                        "fill in Next Contact."
                    )
                )
            day = fields.Datetime.context_timestamp(communication, communication.date).date()
            if communication.next_date and communication.next_date < day:
                raise ValidationError(self.env._("The next contact can't lie before this one."))

    @api.constrains("corrects_id", "partner_id")
    def _check_corrects_id(self):
        for communication in self:
            before = communication.corrects_id
            if before and before.partner_id != communication.partner_id:
                raise ValidationError(
                    self.env._("A correction is about the same member as what it corrects.")
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._without_system_fields(vals) for vals in vals_list]
        communications = super().create(vals_list)
        for communication in communications:
            communication._adopt_attachments()
            communication._seal(communication.partner_id.id)
        communications._plan_activity()
        return communications

    def write(self, vals):
        vals = self._without_system_fields(vals)
        if vals.keys() - {"active"}:
            self._check_not_locked(vals)
        result = super().write(vals)
        if SEALED_FIELDS & vals.keys():
            self._adopt_attachments()
            for communication in self:
                # A merge, which runs as the system, moves the record but not what was sealed.
                moved = self.env.su and "partner_id" in vals
                partner = communication.partner_id.id
                communication._seal(communication.sealed_partner_ref if moved else partner)
        if NEXT_FIELDS & vals.keys():
            self._plan_activity()
        return result

    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(
            self.env._("A communication took place once: record a new one, don't copy it.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        for communication in self.filtered("is_locked"):
            raise UserError(
                self.env._(
                    "%(subject)s is locked and can't be deleted: archive it.",
                    subject=communication.subject,
                )
            )

    def _without_system_fields(self, vals):
        return {name: value for name, value in vals.items() if name not in SYSTEM_FIELDS}

    def _check_not_locked(self, vals):
        if self.env.su and vals.keys() == {"partner_id"}:
            return  # the merge of two members
        for communication in self.filtered("is_locked"):
            raise UserError(
                self.env._(
                    "%(subject)s is locked since %(hours)s hours after it was recorded: press "
                    "Correct to put it right by a new record.",
                    subject=communication.subject,
                    hours=communication.company_id.retail_communication_lock_hours,
                )
            )

    def _adopt_attachments(self):
        """Let the files belong to the record, so that whoever reads it may open them."""
        for communication in self:
            loose = communication.attachment_ids.filtered(lambda file: not file.res_id)
            loose.write({"res_model": self._name, "res_id": communication.id})

    # === SEAL === #

    def _write_locked(self, values):
        """Write what the lock doesn't hold back: seals, plans and erasures."""
        return super().write(values)

    def _seal(self, partner_id):
        self._write_locked(
            {
                "content_seal": seal(self._sealed_content(partner_id)),
                "sealed_partner_ref": partner_id,
            }
        )

    def _sealed_content(self, partner_id):
        """Return what the seal is made of. Links to documents are none of it: they may go."""
        self.ensure_one()
        # Files that the user may not open are part of the content all the same.
        files = self.sudo().attachment_ids
        return {
            "partner": partner_id,
            "date": fields.Datetime.to_string(self.date),
            "method": self.method_id.id,
            "direction": self.direction,
            "subject": self.subject,
            "content": self.content,
            "result": self.result,
            "next_action": self.next_action or None,
            "next_date": fields.Date.to_string(self.next_date) if self.next_date else None,
            "user": self.user_id.id,
            "corrects": self.corrects_id.id or None,
            "files": sorted(file.checksum or file.url or "" for file in files),
        }

    def _altered(self):
        """Return those whose content or member is not what was sealed."""
        # A member that was merged into another is gone; a member that is there keeps its records.
        others = self.filtered(lambda one: one.partner_id.id != one.sealed_partner_ref)
        kept = set(
            self.env["res.partner"]
            .sudo()
            .with_context(active_test=False)
            .browse(others.mapped("sealed_partner_ref"))
            .exists()
            .ids
        )
        return self.filtered(
            lambda one: (
                (one in others and one.sealed_partner_ref in kept)
                or one.content_seal != seal(one._sealed_content(one.sealed_partner_ref))
            )
        )

    def _erase(self):
        """Empty what was said, also in locked records: that there was a contact stays, sealed."""
        gone = self.env._("Erased")
        self.attachment_ids.with_context(retail_erase=ERASING).unlink()
        for communication in self:
            communication._write_locked({"subject": gone, "content": gone, "next_action": False})
            communication._seal(communication.sealed_partner_ref)

    def action_check_seal(self):
        """Compare the records with their seals: say that all is well, or list what was altered."""
        altered = self._altered()
        if altered:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Altered Records"),
                "res_model": self._name,
                "view_mode": "list,form",
                "domain": [("id", "in", altered.ids)],
                "context": {"active_test": False},
            }
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(count)s checked: each is as it was recorded.", count=len(self)
                ),
            },
        }

    # === NEXT CONTACT === #

    def _plan_activity(self):
        """Keep one open activity on the member per record that has a next date."""
        for communication in self:
            # Whoever planned it may no longer see the member.
            planned = communication.sudo().activity_id
            if planned.active:
                planned.unlink()
            if communication.next_date:
                communication._write_locked({"activity_id": communication._make_activity().id})

    def _make_activity(self):
        kind = "call" if self.method_id.category == "phone" else "todo"
        return self.partner_id.activity_schedule(
            f"mail.mail_activity_data_{kind}",
            date_deadline=self.next_date,
            summary=self.next_action or self.subject,
            note=html_escape(self.subject),
            user_id=self.user_id.id,
            automated=False,
        )

    # === BUSINESS METHODS === #

    def action_correct(self):
        """Open a new record with the same content that will take the place of this one."""
        self.ensure_one()
        if self.is_corrected:
            raise UserError(
                self.env._("This record was corrected already: correct the newest one.")
            )
        links = ("partner_id", "method_id", "ticket_id", "sale_order_id", "store_id", "company_id")
        plain = ("date", "direction", "is_urgent", "is_complex", "subject", "content", "result")
        rest = ("next_action", "next_date", "amount", "mood")
        defaults = {f"default_{name}": self[name].id for name in links}
        defaults |= {f"default_{name}": self[name] for name in plain + rest}
        defaults |= {
            "default_corrects_id": self.id,
            "default_product_ids": self.product_ids.ids,
            "default_attachment_ids": self.attachment_ids.ids,
        }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct"),
            "res_model": self._name,
            "view_mode": "form",
            "context": defaults,
        }

    @api.model
    def _cron_archive(self):
        """Archive what is older than the companies keep it at hand; it can still be found."""
        for company in self.env["res.company"].search([]):
            months = company.retail_communication_keep_months
            if months:
                domain = [
                    ("company_id", "=", company.id),
                    ("date", "<", f"today -{months}m"),
                ]
                self._archive_in_steps(domain)

    def _archive_in_steps(self, domain):
        cron = self.env["ir.cron"]
        while old := self.search(domain, limit=ARCHIVE_BATCH, order="id"):
            old.action_archive()
            if not cron._commit_progress(len(old)):
                return
