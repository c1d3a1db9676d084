from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_datetime, html2plaintext

from .helpdesk_ticket import WITH_REASON

BESIDE_MINUTES = 15  # so long a colleague's last change counts as working on it
SATISFIED_RATING = 4  # of five; Odoo's own limit of a satisfied customer
# Written by the system or beside the facts: no change on which a colleague would stumble.
QUIET_FIELDS = {
    "retail_revision",
    "retail_changed_uid",
    "retail_changed_at",
    "escalated",
    "escalation_level",
    "deadline",
    "next_deadline",
    "clock_ids",
    "pause_ids",
    "remedy_cost",
    "message_follower_ids",
    "message_ids",
    "activity_ids",
    "rating_ids",
    "access_token",
    "color",
    "sequence",
    "message_main_attachment_id",
}


class HelpdeskTicket(models.Model):
    """The desk: category and department, lines, confidence, the customer's answer, colleagues."""

    _inherit = "helpdesk.ticket"

    category_id = fields.Many2one(tracking=True, index="btree_not_null")
    category_suggested = fields.Boolean(
        readonly=True, copy=False, help="The category was found by the words of the request."
    )
    sale_line_ids = fields.Many2many(
        "sale.order.line",
        "retail_ticket_sale_line_rel",
        string="Order Lines",
        domain="[('order_id', '=', sale_order_id), ('display_type', '=', False)]",
        copy=False,
    )
    retail_confidential = fields.Boolean(
        string="Confidential",
        tracking=True,
        copy=False,
        help="Only the owner, the people named here and those who may read all confidential "
        "requests see it.",
    )
    retail_confidant_ids = fields.Many2many(
        "res.users",
        "retail_ticket_confidant_rel",
        string="May Read It",
        domain="[('share', '=', False)]",
        copy=False,
    )
    customer_answer = fields.Selection(
        [("accepted", "Satisfied"), ("rejected", "Not satisfied")],
        string="Customer's Answer",
        tracking=True,
        copy=False,
        help="What the customer says of the solution; set by the customer's score, too.",
    )
    customer_answer_note = fields.Text(string="The Customer Said", copy=False)
    closed_by_time = fields.Boolean(
        string="Closed by Itself", readonly=True, copy=False, help="No answer came in time."
    )
    retail_revision = fields.Integer(string="Changes", readonly=True, copy=False)
    retail_seen_revision = fields.Integer(
        store=False,
        help="What the form that is being saved had read; an older one than the record's is "
        "refused.",
    )
    retail_changed_uid = fields.Many2one(
        "res.users", string="Last Changed By", readonly=True, copy=False
    )
    retail_changed_at = fields.Datetime(string="Last Changed On", readonly=True, copy=False)
    retail_beside = fields.Char(
        string="Colleague at Work", compute="_compute_retail_beside", compute_sudo=True
    )

    # === CATEGORY AND DEPARTMENT === #

    @api.onchange("name", "description")
    def _onchange_words(self):
        if self.retail_kind and (self.category_suggested or not self.category_id):
            self.category_id = self._retail_suggested_category()

    def _retail_suggested_category(self):
        return self.category_id._retail_suggest(
            self.name, html2plaintext(self.description or ""), self.company_id
        )

    @api.onchange("category_id")
    def _onchange_category_id(self):
        if self.retail_kind:
            suggested = self._retail_suggested_category()
            self.category_suggested = bool(suggested) and self.category_id == suggested
            self.team_id = self.category_id._retail_department() or self.team_id

    @api.onchange("sale_order_id")
    def _onchange_sale_order_id(self):
        self.sale_line_ids = self.sale_line_ids.filtered(
            lambda line: line.order_id == self.sale_order_id
        )

    @api.onchange("sale_line_ids")
    def _onchange_sale_line_ids(self):
        self.retail_product_ids |= self.sale_line_ids.product_id

    @api.model
    def _retail_sorted_values(self, vals, company):
        """Return the values of a new request with its category and department filled."""
        category = self.env["helpdesk.ticket.category"].browse(vals.get("category_id") or [])
        if not category:
            category = category._retail_suggest(
                vals.get("name"), html2plaintext(vals.get("description") or ""), company
            )
            if category:
                vals = {**vals, "category_id": category.id, "category_suggested": True}
        department = category._retail_department()
        if department and department.company_id <= company and not vals.get("team_id"):
            vals = {**vals, "team_id": department.id}
        return vals

    # === WHAT A WRITE MAY DO === #

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(
            [
                {name: value for name, value in vals.items() if name != "retail_seen_revision"}
                for vals in vals_list
            ]
        )
        tickets.sudo().filtered("retail_confidential")._retail_keep_confidence(
            self._retail_marker()
        )
        return tickets

    def write(self, vals):
        vals = dict(vals)
        seen = vals.pop("retail_seen_revision", None)
        if seen is not None:
            self._check_retail_revision(seen)
        if "category_id" in vals and "category_suggested" not in vals:
            vals["category_suggested"] = False
        loud = vals.keys() - self._retail_quiet_fields()
        touched = self.filtered("retail_kind") if loud else self.browse()
        result = super().write(vals)
        touched._retail_touch()
        if vals.keys() & {"retail_confidential", "retail_confidant_ids", "user_id"}:
            # Who gives a confidential request away may not read it any more.
            marker = self._retail_marker() if vals.get("retail_confidential") else None
            self.sudo().filtered("retail_confidential")._retail_keep_confidence(marker)
        return result

    @api.model
    def _retail_quiet_fields(self):
        """Return the fields whose changes don't disturb a colleague's open form."""
        return QUIET_FIELDS

    def _retail_touch(self):
        """Count the change, so that a colleague's form that is open notices it."""
        now = fields.Datetime.now()
        # Who has just given it away may not write to it any more.
        for ticket in self.sudo():
            super(HelpdeskTicket, ticket).write(
                {
                    "retail_revision": ticket.retail_revision + 1,
                    "retail_changed_uid": self.env.uid,
                    "retail_changed_at": now,
                }
            )
        return True

    def _check_retail_revision(self, seen):
        for ticket in self.filtered(lambda one: one.retail_kind and one.retail_revision != seen):
            raise UserError(
                self.env._(
                    "%(user)s changed %(ticket)s while you had it open, at %(time)s. Copy what "
                    "you wrote, reload the page, and write it again.",
                    user=ticket.sudo().retail_changed_uid.name or "-",
                    ticket=ticket.number,
                    time=format_datetime(self.env, ticket.retail_changed_at),
                )
            )

    @api.depends("retail_changed_uid", "retail_changed_at")
    @api.depends_context("uid")
    def _compute_retail_beside(self):
        edge = fields.Datetime.now() - timedelta(minutes=BESIDE_MINUTES)
        for ticket in self:
            beside = ticket.retail_changed_at and ticket.retail_changed_at >= edge
            beside = beside and ticket.retail_changed_uid.id not in (False, self.env.uid)
            ticket.retail_beside = beside and self.env._(
                "%(user)s is working on it: last change at %(time)s.",
                user=ticket.retail_changed_uid.name,
                time=format_datetime(self.env, ticket.retail_changed_at, dt_format="short"),
            )

    # === CONFIDENCE === #

    def _retail_marker(self):
        """Return the user who marks a request confidential; None when the system does."""
        return None if self.env.su else self.env.user

    def _retail_keep_confidence(self, marker=None):
        """Take the colleagues who may not read it from the followers.

        `marker` marks it confidential just now, and stays among those who may read it.
        """
        # Followers of all kinds have to be seen to be removed.
        for ticket in self.sudo():
            if marker and marker != ticket.user_id:
                super(HelpdeskTicket, ticket).write(
                    {"retail_confidant_ids": [Command.link(marker.id)]}
                )
            staff = ticket.message_partner_ids.user_ids.filtered(lambda user: not user.share)
            outsiders = staff - ticket._retail_who_may_read(staff)
            ticket.message_unsubscribe(outsiders.partner_id.ids)
        return True

    def _retail_who_may_read(self, users):
        """Return those of the users whom the confidence of the request does not shut out."""
        self.ensure_one()
        if not self.retail_confidential:
            return users
        named = self.user_id | self.sudo().retail_confidant_ids
        return users.filtered(
            lambda user: user in named or user.has_group("retail_crm.group_confidential")
        )

    # === THE CUSTOMER'S ANSWER === #

    def _check_retail_answered(self):
        """Refuse to close by hand what the customer hasn't answered."""
        for ticket in self:
            if ticket.customer_answer == "rejected":
                raise UserError(
                    self.env._(
                        "The customer is not content with the solution of %(ticket)s: reopen it.",
                        ticket=ticket.number,
                    )
                )
            if not ticket.customer_answer:
                raise UserError(
                    self.env._(
                        "Write the customer's answer before you close %(ticket)s. Without an "
                        "answer it closes by itself %(days)s days after it was resolved.",
                        ticket=ticket.number,
                        days=ticket.company_id.retail_complaint_close_days,
                    )
                )

    def rating_apply(self, rate, **kwargs):
        """A score after the solution is the customer's answer to it."""
        rating = super().rating_apply(rate, **kwargs)
        for ticket in self.filtered(lambda one: one.retail_stage_code == "resolved"):
            content = rate >= SATISFIED_RATING
            ticket.write({"customer_answer": "accepted" if content else "rejected"})
            if not content:
                ticket.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=ticket.user_id.id,
                    summary=self.env._("The customer is not content: reopen it or call"),
                )
        return rating

    @api.model
    def _cron_close_resolved(self):
        """Close what was accepted, and what nobody answered within the company's days."""
        for company in self.env["res.company"].search([]):
            done = self._retail_close_due(company)
            self.env["ir.cron"]._commit_progress(done)

    @api.model
    def _retail_close_due(self, company):
        """Close the resolved requests of a company whose time has come; return their number."""
        tickets = self.search(self._retail_closing_domain(company))
        for ticket in tickets:
            ticket._retail_close_by_time()
        return len(tickets)

    @api.model
    def _retail_closing_domain(self, company):
        domain = Domain("customer_answer", "=", "accepted")
        if days := company.retail_complaint_close_days:
            edge = fields.Datetime.now() - timedelta(days=days)
            domain |= Domain("customer_answer", "=", False) & Domain("resolved_date", "<=", edge)
        return (
            domain
            & Domain("company_id", "=", company.id)
            & Domain("retail_stage_code", "=", "resolved")
        )

    def _retail_close_by_time(self):
        self.ensure_one()
        unanswered = not self.customer_answer
        self.with_context(retail_with_reason=WITH_REASON).write(
            {
                "closed_by_time": unanswered,
                "stage_id": self._retail_stage("closed", self.company_id).id,
            }
        )
        if unanswered:
            self.message_post(
                body=self.env._("Closed by itself: the customer did not answer in time.")
            )

    # === TO A DEPARTMENT === #

    def _retail_able(self, users):
        """Return those of the users who can own requests of this company."""
        return users.filtered(
            lambda user: user.active and not user.share and self.company_id in user.company_ids
        )

    def _retail_send_to(self, team, reason):
        """Give open requests to a department: its least busy member owns them from now on."""
        for ticket in self:
            able = ticket._retail_able(team.sudo().user_ids) - ticket.user_id
            owner = self._retail_least_busy(able) if able else team.sudo().user_id
            if not owner:
                raise UserError(
                    self.env._("%(team)s has neither members nor a leader.", team=team.name)
                )
            ticket.team_id = team
            ticket._retail_reassign(owner, reason)
