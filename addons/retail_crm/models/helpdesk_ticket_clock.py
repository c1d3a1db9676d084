import logging
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

from ..crm_engine.working_time import NoWorkingTime
from .helpdesk_ticket_stage import OPEN_CODES

_logger = logging.getLogger(__name__)

ESCALATE_BATCH = 50  # requests locked, escalated and committed in one step
LAST_LEVEL = 2  # 1: the store's manager, 2: head office


class HelpdeskTicket(models.Model):
    """The clock of a request: a deadline in working time, and who is told when it passes."""

    _inherit = "helpdesk.ticket"

    retail_clock_start = fields.Datetime(
        string="Clock Started", readonly=True, copy=False, help="Receipt, or the last reopening."
    )
    deadline = fields.Datetime(
        compute="_compute_deadline",
        store=True,
        tracking=True,
        help="Counted in working time of the store, by kind and priority.",
    )
    deadline_warning = fields.Char(compute="_compute_deadline_warning")
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    escalated = fields.Boolean(readonly=True, copy=False, tracking=True)
    escalation_level = fields.Integer(readonly=True, copy=False)
    escalation_at = fields.Datetime(
        string="Next Escalation",
        compute="_compute_deadline",
        store=True,
        readonly=False,
        copy=False,
        help="When the next level is told unless the request is resolved before.",
    )

    _escalation_idx = models.Index("(escalation_at) WHERE escalation_at IS NOT NULL")

    # === DEADLINE === #

    @api.depends("retail_kind", "priority", "company_id", "retail_store_id", "retail_clock_start")
    def _compute_deadline(self):
        clocks = {}
        now = fields.Datetime.now()
        for ticket in self:
            if not (ticket.retail_kind and ticket.retail_clock_start):
                ticket.deadline = ticket.escalation_at = False
                continue
            ticket.deadline = ticket._retail_add_hours(
                ticket.retail_clock_start, ticket._retail_deadline_rule().hours, clocks
            )
            # Who was told stays told: a level that was reached is left only for the next one.
            if not ticket.escalation_level or (ticket.deadline and ticket.deadline > now):
                ticket.escalation_at = ticket.deadline
            else:
                ticket.escalation_at = ticket.escalation_at

    def _retail_deadline_rule(self):
        return self.env["retail.complaint.deadline"]._find(
            self.company_id, self.retail_kind, self.priority
        )

    def _retail_calendars(self):
        """Return the calendars to count by: the store's hours, then the company's."""
        return self.retail_store_id.retail_calendar_id, self.company_id.resource_calendar_id

    def _retail_add_hours(self, start, hours, clocks=None):
        """Return `start` plus working hours; False for none.

        A calendar without working time is passed over; when there is none at all, hours are
        hours. `clocks` may hold calendars that were read before.
        """
        clocks = {} if clocks is None else clocks
        if not hours:
            return False
        amount = timedelta(seconds=round(hours * 3600))
        for calendar in filter(None, self._retail_calendars()):
            key = (calendar, self.company_id)
            if key not in clocks:
                clocks[key] = calendar._retail_working_time(self.company_id)
            try:
                return clocks[key].add(start, amount).replace(microsecond=0)
            except NoWorkingTime:
                continue
        return start + amount

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

    @api.depends("deadline", "retail_stage_code")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for ticket in self:
            late = bool(ticket.deadline) and ticket.deadline < now
            ticket.is_overdue = late and ticket.retail_stage_code in OPEN_CODES

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("deadline", "<", fields.Datetime.now()) & Domain(
            "retail_stage_code", "in", OPEN_CODES
        )
        return Domain.OR([late if flag else ~late for flag in value])

    def _prepare_clock_restart(self):
        """Return the values that start the clock anew, for a reopened request."""
        return {
            "retail_clock_start": fields.Datetime.now(),
            "escalated": False,
            "escalation_level": 0,
        }

    # === ESCALATION === #

    @api.model
    def _cron_escalate(self):
        """Escalate what is due, in steps that are committed one by one."""
        cron = self.env["ir.cron"]
        failed = []
        seconds = cron._commit_progress(remaining=self._escalation_count())
        while seconds:
            done = self._escalate_batch(failed)
            if not done:
                break
            seconds = cron._commit_progress(done)

    def _escalation_sql(self):
        """Return the condition on ``ticket`` and its ``stage`` for a level that is due now."""
        return SQL(
            """ticket.retail_kind IS NOT NULL AND ticket.active
               AND ticket.escalation_at <= %s AND stage.retail_code IN %s""",
            fields.Datetime.now(),
            OPEN_CODES,
        )

    @api.model
    def _escalation_count(self):
        self.flush_model()
        query = SQL(
            "SELECT count(*) FROM helpdesk_ticket ticket"
            " JOIN helpdesk_ticket_stage stage ON stage.id = ticket.stage_id WHERE %s",
            self._escalation_sql(),
        )
        return self.env.execute_query(query)[0][0]

    @api.model
    def _escalate_batch(self, failed):
        """Lock and escalate the next due requests; return how many were looked at.

        Two workers never take the same request: rows locked by one are skipped by the other.
        Ids of requests that raised an error are added to `failed` and not tried again.
        """
        tickets = self._lock_due(failed)
        for ticket in tickets:
            try:
                with self.env.cr.savepoint():
                    ticket._escalate()
            except Exception:
                _logger.exception("Request %s could not be escalated.", ticket.id)
                failed.append(ticket.id)
        return len(tickets)

    def _lock_due(self, failed):
        self.flush_model()
        query = SQL(
            """SELECT ticket.id FROM helpdesk_ticket ticket
                 JOIN helpdesk_ticket_stage stage ON stage.id = ticket.stage_id
                WHERE %s AND NOT ticket.id = ANY(%s)
             ORDER BY ticket.escalation_at, ticket.id
                LIMIT %s FOR UPDATE OF ticket SKIP LOCKED""",
            self._escalation_sql(),
            failed,
            ESCALATE_BATCH,
        )
        try:
            with self.env.cr.savepoint():
                # Somebody may be writing one of them this moment: no error, it waits.
                self.env.cr.execute(query, log_exceptions=False)
                return self.browse(row[0] for row in self.env.cr.fetchall())
        except SerializationFailure:
            _logger.info("Requests are being changed by others: the next run escalates them.")
            return self.browse()

    def _escalate(self):
        """Raise the request by one level and tell those who answer for it there."""
        self.ensure_one()
        level = self.escalation_level + 1
        users = self._escalation_users(level)
        self.write(
            {
                "escalated": True,
                "escalation_level": level,
                "escalation_at": self._next_escalation(level),
            }
        )
        body = self.env._(
            "The deadline %(deadline)s has passed. Escalated to level %(level)s: %(users)s.",
            deadline=format_datetime(
                self.env, self.deadline, tz=self.retail_store_id._get_retail_tz(self.company_id)
            ),
            level=level,
            users=", ".join(users.mapped("name")) or "-",
        )
        # As followers they may read it, wherever their own rules end.
        self.message_subscribe(partner_ids=users.partner_id.ids)
        self.message_post(body=body, message_type="notification", partner_ids=users.partner_id.ids)
        for user in users:
            self.activity_schedule(
                "retail_crm.mail_activity_type_escalation", user_id=user.id, note=body
            )

    def _next_escalation(self, level):
        rule = self._retail_deadline_rule()
        if level >= LAST_LEVEL or not rule.escalation_hours:
            return False
        return self._retail_add_hours(fields.Datetime.now(), rule.escalation_hours)

    def _escalation_users(self, level):
        """Return whom to tell: first who leads the store or team, then head office.

        The owner is not told of the own delay unless there is nobody else.
        """
        admins = self._retail_admins(self.company_id)
        ladder = [self._retail_managers(self.company_id, self.retail_store_id)]
        ladder += [self.team_id.sudo().user_id, admins]
        for users in ladder if level == 1 else [admins]:
            others = users.filtered("active") - self.user_id
            if others:
                return others
        return self.user_id
