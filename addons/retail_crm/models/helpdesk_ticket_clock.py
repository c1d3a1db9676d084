from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .helpdesk_ticket_stage import ENDED_CODES, OPEN_CODES
from .retail_complaint_clock import CLOCKS
from .retail_complaint_escalation import RUNGS

# A change of one of these may change which rule fits, or by which calendar it counts.
PLAN_FIELDS = {
    "retail_kind",
    "priority",
    "category_id",
    "tag_ids",
    "partner_id",
    "company_id",
    "retail_store_id",
    "retail_clock_start",
}
# From so many reopenings on the next level is told at once.
REOPENED_TOO_OFTEN = 2


class HelpdeskTicket(models.Model):
    """The clocks of a request, its waits for the customer, and the ladder of who is told."""

    _inherit = "helpdesk.ticket"

    retail_clock_start = fields.Datetime(
        string="Clock Started", readonly=True, copy=False, help="Receipt, or the last reopening."
    )
    clock_ids = fields.One2many("retail.complaint.clock", "ticket_id", string="Clocks")
    pause_ids = fields.One2many("retail.complaint.pause", "ticket_id", string="Waits")
    escalation_ids = fields.One2many(
        "retail.complaint.escalation", "ticket_id", string="Escalations"
    )
    deadline = fields.Datetime(
        compute="_compute_deadlines",
        compute_sudo=True,
        store=True,
        tracking=True,
        help="To be resolved by; counted in working time of the store.",
    )
    next_deadline = fields.Datetime(
        compute="_compute_deadlines",
        compute_sudo=True,
        store=True,
        index="btree_not_null",
        help="The earliest deadline of the clocks that run.",
    )
    deadline_warning = fields.Char(compute="_compute_deadline_warning")
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    waiting_customer = fields.Boolean(
        string="Waiting for the Customer",
        compute="_compute_waiting_customer",
        compute_sudo=True,
        store=True,
        help="The clocks stand until the customer answers.",
    )
    escalated = fields.Boolean(readonly=True, copy=False, tracking=True)
    escalation_level = fields.Integer(readonly=True, copy=False)

    # === COMPUTE METHODS === #

    @api.depends("clock_ids.due_at", "clock_ids.state", "clock_ids.round")
    def _compute_deadlines(self):
        for ticket in self:
            clocks = ticket.clock_ids.sorted("round")
            resolve = clocks.filtered(lambda clock: clock.clock == "resolve")[-1:]
            ticket.deadline = resolve.state != "stopped" and resolve.due_at
            running = clocks.filtered(lambda clock: clock.state == "running")
            ticket.next_deadline = min(running.mapped("due_at"), default=False)

    @api.depends("pause_ids.ended_at")
    def _compute_waiting_customer(self):
        for ticket in self:
            ticket.waiting_customer = any(not pause.ended_at for pause in ticket.pause_ids)

    @api.depends("company_id", "retail_store_id", "retail_kind")
    def _compute_deadline_warning(self):
        for ticket in self:
            empty = [
                calendar.name
                for calendar in filter(None, ticket._retail_calendars())
                if calendar._retail_working_time(ticket.company_id).is_empty
            ]
            ticket.deadline_warning = bool(ticket.retail_kind and empty) and self.env._(
                "There is no working time in %(calendars)s: the deadline doesn't count by it.",
                calendars=", ".join(empty),
            )

    @api.depends("next_deadline", "retail_stage_code")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for ticket in self:
            late = bool(ticket.next_deadline) and ticket.next_deadline < now
            ticket.is_overdue = late and ticket.retail_stage_code in OPEN_CODES

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("next_deadline", "<", fields.Datetime.now()) & Domain(
            "retail_stage_code", "in", OPEN_CODES
        )
        return Domain.OR([late if flag else ~late for flag in value])

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        tickets.filtered("retail_kind")._retail_clocks_begin()
        return tickets

    def write(self, vals):
        result = super().write(vals)
        tickets = self.filtered("retail_kind")
        if PLAN_FIELDS & vals.keys():
            tickets.sudo().clock_ids._plan()
        if code := self._retail_code_in(vals):
            tickets._retail_clocks_after_step(code)
        return result

    # === RULE AND CALENDAR === #

    def _retail_deadline_rule(self):
        return self.env["retail.complaint.deadline"]._find(self)

    def _retail_calendars(self):
        """Return the calendars to count by: the store's hours, then the company's."""
        return self.retail_store_id.retail_calendar_id, self.company_id.resource_calendar_id

    def _retail_working_times(self):
        """Return the calendars as the pure clock sees them, the first to be asked first."""
        return [
            calendar._retail_working_time(self.company_id)
            for calendar in filter(None, self._retail_calendars())
        ]

    # === RUNNING === #

    # Clocks and waits are kept by the system for whoever works on the request: sudo.

    def _retail_clocks_begin(self):
        """Start the clocks that the rule asks for; after a reopening all but the receipt."""
        for ticket in self.sudo():
            rule = ticket._retail_deadline_rule()
            start = ticket.retail_clock_start or fields.Datetime.now()
            clocks = ticket.env["retail.complaint.clock"].create(
                [
                    {
                        "ticket_id": ticket.id,
                        "clock": code,
                        "round": ticket.reopen_count,
                        "started_at": start,
                    }
                    for code, _label in CLOCKS
                    if rule._hours(code) and not (code == "acknowledge" and ticket.reopen_count)
                ]
            )
            clocks._plan(rule)

    def _prepare_clock_restart(self):
        """Return the values that start the clocks anew, for a reopened request."""
        return {
            "retail_clock_start": fields.Datetime.now(),
            "escalated": False,
            "escalation_level": 0,
        }

    def _retail_clock(self, code):
        """Return the clocks of this kind that run."""
        clocks = self.sudo().clock_ids
        return clocks.filtered(lambda clock: clock.clock == code)._running()

    def _retail_clocks_after_step(self, code):
        """Let the clocks follow a step: each step means that somebody has read it."""
        now = fields.Datetime.now()
        if code != "solution_proposed":
            self._retail_go_on()
        if code == "invalid":
            self.sudo().clock_ids._running().write({"state": "stopped", "next_at": False})
        elif code in ENDED_CODES:
            self.sudo().clock_ids._finish(now)
        elif code != "new":
            self._retail_clock("acknowledge")._finish(now)
            if code == "solution_proposed":
                self.filtered(lambda one: one._retail_has_address())._retail_told()
                self._retail_wait(self.env._("The answer to the proposed solution"))
        self._retail_silence()

    def _retail_told(self):
        """The customer has heard from us: the first answer is given, the next is due anew."""
        now = fields.Datetime.now()
        self._retail_clock("acknowledge")._finish(now)
        self._retail_clock("respond")._finish(now)
        inform = self._retail_clock("inform")
        inform.write({"started_at": now, "level": 0, "warned": False, "next_at": False})
        inform._plan()
        self._retail_silence()

    def _retail_silence(self):
        """Take the alarms back when no clock is late any more."""
        for ticket in self.sudo():
            if not ticket.clock_ids._running().filtered(lambda clock: clock.warned):
                ticket.activity_unlink(["retail_crm.mail_activity_type_escalation"])

    # === WAITING FOR THE CUSTOMER === #

    def action_retail_wait(self):
        self._retail_wait(self.env._("The customer's answer"))

    def action_retail_go_on(self):
        self.check_access("write")
        self._retail_go_on()

    def _retail_wait(self, reason):
        """Let the clocks stand until the customer answers."""
        self.check_access("write")
        for ticket in self.sudo():
            if ticket.retail_stage_code not in OPEN_CODES:
                raise UserError(self.env._("%(ticket)s has ended.", ticket=ticket.number))
            if not ticket.waiting_customer:
                ticket.pause_ids = [
                    Command.create(
                        {
                            "started_at": fields.Datetime.now(),
                            "reason": reason,
                            "user_id": self.env.uid,
                        }
                    )
                ]
                ticket.clock_ids._plan()

    def _retail_go_on(self):
        """Let the clocks run again."""
        for ticket in self.sudo().filtered("waiting_customer"):
            waits = ticket.pause_ids.filtered(lambda pause: not pause.ended_at)
            waits.ended_at = fields.Datetime.now()
            waits.flush_recordset(["ended_at"])  # one open wait at a time, also in one request
            ticket.clock_ids._plan()

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        if self.retail_kind and self.retail_stage_code in OPEN_CODES:
            self._retail_heard(message)
        return result

    def _retail_heard(self, message):
        """A letter of ours answers the customer, one of the customer's ends the wait."""
        if message.message_type not in ("comment", "email", "email_outgoing"):
            return
        staff = any(not user.share for user in message.author_id.sudo().user_ids)
        if not staff:
            self._retail_go_on()
        elif self._retail_reaches_customer(message):
            self._retail_told()

    def _retail_reaches_customer(self, message):
        if message.is_internal or message.subtype_id != self.env.ref("mail.mt_comment"):
            return False
        customer = self.partner_id
        return not customer or customer in message.partner_ids | self.message_partner_ids

    # === THE LADDER === #

    def _retail_rung_above(self, level):
        """Return (level, users) of the next rung that has somebody who may be told.

        Level 1 is the store, 2 the area, 3 head office; (0, nobody) above the last. The owner
        is not told of the own delay.
        """
        for above in range(level + 1, len(RUNGS)):
            users = self._retail_rung_users(RUNGS[above][0]).filtered("active") - self.user_id
            if able := self._retail_who_may_read(users):
                return above, able
        return 0, self.env["res.users"]

    def _retail_rung_users(self, rung):
        store = self.retail_store_id.sudo()
        if rung == "store":
            return self._retail_managers(self.company_id, store) or self.team_id.sudo().user_id
        if rung == "area":
            return store.retail_region_id.user_id
        return self._retail_admins(self.company_id)

    def _retail_climb(self, level, reason, clock=None):
        """Tell the next rung above a level, the owner where there is none. Return its level."""
        self.ensure_one()
        above, users = self._retail_rung_above(level)
        rung = RUNGS[above][0]
        self.write(
            {"escalated": True, "escalation_level": max(self.escalation_level, above, level)}
        )
        self._retail_tell(rung, users or self.user_id, reason, clock)
        return above or level or 1

    def _retail_tell(self, rung, users, reason, clock=None):
        """Tell people of a request by message and to-do, and keep the proof."""
        log = self.env["retail.complaint.escalation"].sudo()
        rungs = dict(log._fields["rung"]._description_selection(self.env))
        body = self.env._(
            "%(reason)s Told: %(level)s, %(users)s.",
            reason=reason,
            level=rungs[rung],
            users=", ".join(users.mapped("name")) or "-",
        )
        # As followers they may read it, wherever their own rules end.
        self.message_subscribe(partner_ids=users.partner_id.ids)
        message = self.message_post(
            body=body, message_type="notification", partner_ids=users.partner_id.ids
        )
        for user in users:
            self.activity_schedule(
                "retail_crm.mail_activity_type_escalation",
                user_id=user.id,
                summary=reason,
                note=body,
            )
        log.create(
            [
                {
                    "ticket_id": self.id,
                    "clock": clock and clock.clock,
                    "rung": rung,
                    "user_id": user.id,
                    "told_at": fields.Datetime.now(),
                    "due_at": clock and clock.due_at,
                    "reason": reason,
                    "message_id": message.id,
                }
                for user in users
            ]
        )

    def _retail_escalate(self, reason):
        """Tell the next level by hand, because it can't be solved here."""
        for ticket in self._retail_with_reason(reason):
            if ticket.retail_stage_code not in OPEN_CODES:
                raise UserError(self.env._("%(ticket)s has ended.", ticket=ticket.number))
            if not ticket._retail_rung_above(ticket.escalation_level)[0]:
                raise UserError(self.env._("Head office has been told already."))
            # Whoever owns it may tell those above, whose records are not theirs.
            ticket.sudo()._retail_climb(
                ticket.escalation_level,
                self.env._("%(user)s: %(reason)s.", user=self.env.user.name, reason=reason),
            )

    def action_retail_escalate(self):
        return self._retail_ask_reason("escalate", self.env._("Escalate"))

    def _retail_reopened_again(self):
        """Tell the next level of a request that comes back again and again."""
        for ticket in self.sudo():
            if ticket.reopen_count >= REOPENED_TOO_OFTEN:
                ticket._retail_climb(
                    0, self.env._("Reopened %(count)s times.", count=ticket.reopen_count)
                )
