from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import html_escape, plaintext2html

from .helpdesk_ticket_stage import ENDED_CODES, OPEN_CODES

# In the context of a write that has its reason; an object, so that no client can send it.
WITH_REASON = object()
TITLE_LENGTH = 60  # characters of the text that become the title of the request
CAUSE_KINDS = ("complaint", "after_sales")
# What may still be written on an ended request: what people and mails say about it, no facts.
AFTER_END_FIELDS = {
    "message_follower_ids",
    "message_ids",
    "activity_ids",
    "rating_ids",
    "rating_last_value",
    "access_token",
    "sequence",
    "color",
    "kanban_state",
    "message_main_attachment_id",
    "rating_status",
    "retail_revision",
    "retail_changed_uid",
    "retail_changed_at",
    "deadline",
    "next_deadline",
    "remedy_cost",
}


class HelpdeskTicket(models.Model):
    """A request of a customer to the shop: a ticket with a kind.

    Tickets without a kind are plain helpdesk tickets and none of these rules touches them.
    """

    _inherit = "helpdesk.ticket"
    _check_company_auto = True

    retail_kind = fields.Selection(
        [
            ("complaint", "Complaint"),
            ("consult", "Consultation"),
            ("suggestion", "Suggestion"),
            ("after_sales", "After-Sales"),
        ],
        string="Kind",
        index="btree_not_null",
        tracking=True,
    )
    retail_stage_code = fields.Selection(
        related="stage_id.retail_code", string="Step", store=True, index="btree_not_null"
    )
    stage_id = fields.Many2one(
        domain="retail_kind and [('retail_code', '!=', False)] or [('retail_code', '=', False),"
        " '|', ('team_ids', '=', team_id), ('team_ids', '=', False)]"
    )
    cause_id = fields.Many2one(
        "retail.complaint.cause", index="btree_not_null", tracking=True, copy=False
    )
    solution = fields.Text(tracking=True, copy=False, help="What was done; the customer reads it.")
    retail_store_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        domain="[('is_store', '=', True), ('company_id', '=', company_id)]",
        default=lambda self: self._default_retail_store_id(),
        check_company=True,
        index="btree_not_null",
        tracking=True,
    )
    retail_product_ids = fields.Many2many(
        "product.product", "retail_ticket_product_rel", string="Products"
    )
    sale_order_id = fields.Many2one(
        "sale.order",
        string="Order",
        check_company=True,
        index="btree_not_null",
        domain="[('partner_id', '=?', partner_id)]",
    )
    resolved_date = fields.Datetime(string="Resolved On", readonly=True, copy=False)
    reopen_count = fields.Integer(string="Times Reopened", readonly=True, copy=False)

    @api.model
    def _default_retail_store_id(self):
        store = self.env.user.sudo().retail_store_id
        return store if store.company_id == self.env.company else store.browse()

    # === COMPUTE METHODS === #

    @api.depends("team_id")
    def _compute_stage_id(self):
        """The steps of a request hang on its kind, whichever team has it."""
        retail = self.filtered("retail_kind")
        for ticket in retail.filtered(lambda ticket: not ticket.stage_id.retail_code):
            ticket.stage_id = ticket._retail_stage("new", ticket.company_id)
        return super(HelpdeskTicket, self - retail)._compute_stage_id()

    @api.depends("team_id")
    def _compute_user_id(self):
        """A request keeps its owner when it moves to another team."""
        plain = self - self.filtered("retail_kind")
        return super(HelpdeskTicket, plain)._compute_user_id()

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        if self.env.context.get("retail_service"):
            steps = Domain("retail_code", "!=", False)
            return stages.search(steps & Domain("company_id", "in", [False, self.env.company.id]))
        found = super()._read_group_stage_ids(stages, domain)
        return found.filtered(lambda stage: not stage.retail_code) | stages

    @api.model
    def _retail_stage(self, code, company):
        """Return the stage of a step: the company's own, else the common one."""
        stages = self.env["helpdesk.ticket.stage"].search(
            Domain("retail_code", "=", code) & Domain("company_id", "in", [False, company.id])
        )
        return stages.sorted(lambda stage: not stage.company_id)[:1]

    # === CONSTRAINT METHODS === #

    @api.constrains("stage_id", "retail_kind", "cause_id", "solution")
    def _check_retail_ending(self):
        for ticket in self.filtered("retail_kind"):
            if not ticket.stage_id.retail_code:
                raise ValidationError(
                    self.env._("%(ticket)s needs a step of its kind.", ticket=ticket.number)
                )
            code = ticket.stage_id.retail_code
            if code in ("resolved", "closed"):
                ticket._check_retail_solved()
            if code == "solution_proposed" and not (ticket.solution or "").strip():
                raise ValidationError(
                    self.env._("Write the solution before you propose it: the customer reads it.")
                )

    def _check_retail_solved(self):
        if self.retail_kind in CAUSE_KINDS and not self.cause_id:
            raise ValidationError(self.env._("Name the cause before you resolve it."))
        if not (self.solution or "").strip():
            raise ValidationError(self.env._("Write the solution before you resolve it."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_retail(self):
        """Requests are proof: only the administrator deletes them."""
        if self.filtered("retail_kind") and not self.env.user.has_group(
            "retail_crm.group_retail_admin"
        ):
            raise UserError(self.env._("Only an administrator can delete a customer's request."))

    # === CRUD METHODS === #

    @api.model
    def default_get(self, fields_list):
        """A request's owner follows its own rule, not the one that the opener always has it."""
        defaults = super().default_get(fields_list)
        kind = defaults.get("retail_kind") or self.env.context.get("default_retail_kind")
        if kind and not self.env.context.get("default_user_id"):
            defaults.pop("user_id", None)
        return defaults

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._prepare_retail_values(vals) for vals in vals_list])

    @api.model
    def _prepare_retail_values(self, vals):
        """Return the values with step, team and owner filled, if it is a request at all."""
        names = ["retail_kind", "team_id", "company_id", "retail_store_id"]
        known = {**self.default_get(names), **vals}
        team = self.env["helpdesk.ticket.team"].sudo().browse(known.get("team_id") or [])
        kind = known.get("retail_kind") or team.retail_kind
        if not kind:
            return vals
        company = self.env["res.company"].browse(known["company_id"])
        if not team:
            vals = self._retail_sorted_values(vals, company)
            team = team.browse(vals.get("team_id") or self._retail_team(company).id or [])
        store = self.env["stock.warehouse"].browse(known.get("retail_store_id") or [])
        owner = vals.get("user_id") or self.env.context.get("default_user_id")
        owner = owner or self._retail_default_owner(company, team, store).id
        values = {
            **vals,
            "retail_kind": kind,
            "team_id": team.id,
            "company_id": company.id,
            "stage_id": vals.get("stage_id") or self._retail_stage("new", company).id,
            "user_id": owner,
            "retail_clock_start": vals.get("retail_clock_start") or fields.Datetime.now(),
        }
        if vals.get("partner_id"):
            partner = self.env["res.partner"].browse(vals["partner_id"])
            values.setdefault("partner_name", partner.name)
            values.setdefault("partner_email", partner.email)
        return values

    def write(self, vals):
        retail = self.filtered("retail_kind")
        if retail:
            retail._check_retail_write(vals)
            vals = retail._with_ending_date(vals)
        adopted = (self - retail) if vals.get("retail_kind") else self.browse()
        result = super().write(vals)
        adopted._retail_adopt()
        return result

    def _retail_code_in(self, vals):
        """Return the code of the step in the values of a write, None when it has none."""
        if "stage_id" not in vals:
            return None
        return self.env["helpdesk.ticket.stage"].browse(vals["stage_id"] or []).retail_code

    def _with_ending_date(self, vals):
        code = self._retail_code_in(vals)
        if code == "resolved":
            return {**vals, "resolved_date": fields.Datetime.now()}
        return {**vals, "resolved_date": False} if code in OPEN_CODES else vals

    def _retail_adopt(self):
        """Make requests of plain tickets that were just given a kind."""
        for ticket in self:
            team = ticket.team_id or self._retail_team(ticket.company_id)
            owner = ticket.user_id or self._retail_default_owner(
                ticket.company_id, team, ticket.retail_store_id
            )
            ticket.with_context(retail_with_reason=WITH_REASON).write(
                {
                    "team_id": team.id,
                    "user_id": owner.id,
                    "stage_id": ticket._retail_stage("new", ticket.company_id).id,
                    "retail_clock_start": fields.Datetime.now(),
                }
            )
            ticket._retail_clocks_begin()

    # === WHAT A WRITE MAY DO === #

    def _check_retail_write(self, vals):
        if self.env.context.get("retail_with_reason") is WITH_REASON:
            return
        if vals.keys() - AFTER_END_FIELDS:
            self._check_retail_not_ended(vals)
        if "retail_kind" in vals and not vals["retail_kind"]:
            raise UserError(self.env._("A customer's request must have a kind."))
        if "user_id" in vals:
            self._check_retail_owner(vals["user_id"])
        if "stage_id" in vals:
            self._check_retail_step(self._retail_code_in(vals))

    def _check_retail_not_ended(self, vals):
        """Refuse changes of closed requests; a resolved one may only be closed."""
        for ticket in self:
            code = ticket.retail_stage_code
            if code in ("closed", "invalid"):
                raise UserError(
                    self.env._(
                        "%(ticket)s is closed and can't be changed. Reopen it first.",
                        ticket=ticket.display_name,
                    )
                )
            if code == "resolved" and vals.keys() & {"retail_kind", "priority", "user_id"}:
                raise UserError(
                    self.env._(
                        "%(ticket)s is resolved. Reopen it first.", ticket=ticket.display_name
                    )
                )

    def _check_retail_owner(self, user_id):
        for ticket in self:
            if not user_id:
                raise UserError(
                    self.env._("An open request always has exactly one owner: hand it over.")
                )
            if ticket.user_id and ticket.user_id.id != user_id:
                raise UserError(
                    self.env._("Hand the request over with a reason: use the button Hand Over.")
                )

    def _check_retail_step(self, code):
        for ticket in self:
            now = ticket.retail_stage_code
            if code == now:
                continue
            if not code:
                raise UserError(self.env._("This stage is not one of a customer's request."))
            if now in ENDED_CODES and (now, code) != ("resolved", "closed"):
                raise UserError(
                    self.env._("It has ended: reopen it with a reason, use the button Reopen.")
                )
            if now in OPEN_CODES and code == "closed":
                raise UserError(self.env._("Resolve it before you close it."))
            if code == "invalid":
                raise UserError(self.env._("Say why it is none: use the button Invalid."))
            if code == "closed":
                ticket._check_retail_answered()

    # === OWNER === #

    @api.model
    def _retail_team(self, company):
        """Return the common service team, unless it is archived or another company's."""
        team = self.env.ref("retail_crm.team_retail_service", raise_if_not_found=False)
        team = (team or self.env["helpdesk.ticket.team"]).sudo()
        return team if team.active and team.company_id <= company else team.browse()

    @api.model
    def _retail_default_owner(self, company, team, store):
        """Return who owns a new request: its opener, else by the team's rule, else who leads.

        The opener, if guide or service agent; else the team's member with the fewest open
        requests, its leader, the store's manager, an administrator. Never nobody.
        """
        opener = self.env.user
        if opener.active and opener.has_groups("retail_crm.group_guide,retail_crm.group_service"):
            return opener
        # Who owns what is no secret of the one who opens, and a customer may open by mail.
        team, store = team.sudo(), store.sudo()
        leaders = team.user_id | self._retail_managers(company, store)
        for users in (team.user_ids, leaders, self._retail_admins(company)):
            able = users.filtered(
                lambda user: user.active and not user.share and company in user.company_ids
            )
            if able:
                return self._retail_least_busy(able)
        return opener if not opener.share else self.env.ref("base.user_admin")

    @api.model
    def _retail_least_busy(self, users):
        loads = dict(
            self.sudo()._read_group(
                [("user_id", "in", users.ids), ("retail_stage_code", "in", OPEN_CODES)],
                ["user_id"],
                ["__count"],
            )
        )
        return min(users, key=lambda user: (loads.get(user, 0), user.id))

    @api.model
    def _retail_managers(self, company, store):
        """Return the managers among the staff of the store."""
        group = self.env.ref("retail_crm.group_store_manager")
        return (
            self.env["res.users"]
            .sudo()
            .search(
                Domain("retail_store_ids", "in", store.ids)
                & Domain("all_group_ids", "in", group.ids)
                & Domain("company_ids", "in", company.ids)
            )
        )

    @api.model
    def _retail_admins(self, company):
        """Return head office: the retail administrators of the company."""
        group = self.env.ref("retail_crm.group_retail_admin")
        return (
            self.env["res.users"]
            .sudo()
            .search(
                Domain("all_group_ids", "in", group.ids) & Domain("company_ids", "in", company.ids)
            )
        )

    # === BUSINESS METHODS === #

    @api.model
    def _retail_open_action(self, defaults):
        """Return the action that opens the form of a new complaint with these defaults.

        Orders, members and tills all come through here: {"default_<field>": value}.
        """
        context = {name: value for name, value in defaults.items() if value}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Complaint"),
            "res_model": "helpdesk.ticket",
            "view_mode": "form",
            "context": {"default_retail_kind": "complaint", "retail_service": True, **context},
        }

    @api.model
    def _retail_intake_values(self, text, note=""):
        """Return the title and description of a request of which a customer told the text.

        Calls, tills and the page of a receipt come through here; the note stands below.
        """
        title = text.strip().splitlines()[0][:TITLE_LENGTH] if text.strip() else ""
        description = plaintext2html(text.strip())
        return {"name": title, "description": description + html_escape(note or "")}

    def _retail_move(self, code):
        for ticket in self:
            ticket.stage_id = ticket._retail_stage(code, ticket.company_id)

    def action_retail_accept(self):
        self._retail_move("accepted")

    def action_retail_investigate(self):
        self._retail_move("investigating")

    def action_retail_propose(self):
        self._retail_move("solution_proposed")

    def action_retail_resolve(self):
        self._retail_move("resolved")

    def action_retail_close(self):
        self._retail_move("closed")

    def action_retail_reassign(self):
        return self._retail_ask_reason("reassign", self.env._("Hand Over"))

    def action_retail_reopen(self):
        return self._retail_ask_reason("reopen", self.env._("Reopen"))

    def action_retail_invalid(self):
        return self._retail_ask_reason("invalid", self.env._("Invalid"))

    def _retail_ask_reason(self, step, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "retail.complaint.reason",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_ids": self.ids, "default_step": step},
        }

    def _retail_with_reason(self, reason):
        """Return the records ready for a write that needs a reason; refuse an empty one."""
        if not (reason or "").strip():
            raise UserError(self.env._("Give a reason."))
        self.check_access("write")
        return self.with_context(retail_with_reason=WITH_REASON)

    def _retail_reassign(self, user, reason):
        """Give the requests another owner and log why."""
        if not user or user.share:
            raise UserError(self.env._("Choose the colleague who takes it over."))
        for ticket in self._retail_with_reason(reason):
            if ticket.retail_stage_code in ENDED_CODES:
                raise UserError(
                    self.env._("%(ticket)s has ended. Reopen it first.", ticket=ticket.number)
                )
            # Logged first: who gives a request away may not see it afterwards.
            ticket.message_post(
                body=self.env._(
                    "Handed over from %(before)s to %(after)s: %(reason)s",
                    before=ticket.user_id.name or "-",
                    after=user.name,
                    reason=reason,
                )
            )
            ticket.user_id = user
            if user != self.env.user:
                # The colleague's to-do, even where the giver may not see the request any more.
                ticket.sudo().activity_schedule(
                    "mail.mail_activity_data_todo", user_id=user.id, summary=reason
                )

    def _retail_reopen(self, reason):
        """Take ended requests up again: counted, with a new clock, and logged."""
        for ticket in self._retail_with_reason(reason):
            if ticket.retail_stage_code not in ENDED_CODES:
                raise UserError(self.env._("%(ticket)s is open.", ticket=ticket.number))
            ticket.write(
                {
                    "stage_id": ticket._retail_stage("investigating", ticket.company_id).id,
                    "reopen_count": ticket.reopen_count + 1,
                    "closed_date": False,
                    "closed_by_time": False,
                    "customer_answer": False,
                    **ticket._prepare_clock_restart(),
                }
            )
            ticket.message_post(body=self.env._("Reopened: %(reason)s", reason=reason))
            ticket._retail_clocks_begin()
            ticket._retail_reopened_again()

    def _retail_invalidate(self, reason):
        """End requests that are none (double, spam, error) and log why."""
        for ticket in self._retail_with_reason(reason):
            if ticket.retail_stage_code not in OPEN_CODES:
                raise UserError(self.env._("%(ticket)s has ended.", ticket=ticket.number))
            ticket.stage_id = ticket._retail_stage("invalid", ticket.company_id)
            ticket.message_post(body=self.env._("Invalid: %(reason)s", reason=reason))

    # === MAILS === #

    def _track_template(self, changes):
        """Mail the customer by the templates of the steps; who has no address gets none.

        The mails wait in the queue: no till and no agent waits for the mail server. What was
        sent stays in the log.
        """
        result = super()._track_template(changes)
        ticket = self[0]
        if ticket.retail_kind and "stage_id" in result:
            if not ticket._retail_has_address():
                del result["stage_id"]
            else:
                result["stage_id"][1].update(force_send=False, auto_delete_keep_log=True)
        return result

    def _retail_has_address(self):
        return bool(self.partner_id.email or self.partner_email)

    def _message_mail_after_hook(self, mails):
        result = super()._message_mail_after_hook(mails)
        if self.filtered("retail_kind"):
            self._retail_wake_mail_queue()
        return result

    def _send_ticket_rating_mail(self, force_send=False):
        """Ask only customers who have an address, and leave the sending to the mail queue."""
        retail = self.filtered("retail_kind")
        if with_address := retail.filtered("partner_id.email"):
            super(HelpdeskTicket, with_address)._send_ticket_rating_mail(force_send=False)
            self._retail_wake_mail_queue()
        return super(HelpdeskTicket, self - retail)._send_ticket_rating_mail(force_send=force_send)

    def _retail_wake_mail_queue(self):
        # The queue belongs to the system; whoever opens a request only rings its bell.
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action", raise_if_not_found=False)
        if queue:
            queue.sudo()._trigger()
