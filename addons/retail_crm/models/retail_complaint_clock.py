import logging
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL, format_datetime

from ..crm_engine.service_clock import schedule, used
from ..crm_engine.working_time import Pause
from .helpdesk_ticket_stage import OPEN_CODES

_logger = logging.getLogger(__name__)

CLOCKS = [
    ("acknowledge", "Acknowledge"),
    ("respond", "First Answer"),
    ("resolve", "Resolve"),
    ("inform", "Keep Informed"),
]
BATCH = 50  # clocks locked, rung and committed in one step


class RetailComplaintClock(models.Model):
    """One clock of a request: it warns its owner, and past its time climbs the ladder by itself.

    Clocks are set, stopped and rung by the system; users read them.
    """

    _name = "retail.complaint.clock"
    _inherit = ["retail.ticket.child.mixin"]
    _description = "Clock of a Request"
    _order = "ticket_id, round desc, due_at, id"
    _rec_name = "clock"

    clock = fields.Selection(CLOCKS, required=True, readonly=True)
    round = fields.Integer(readonly=True, help="0 at first, one more after each reopening.")
    state = fields.Selection(
        [
            ("running", "Running"),
            ("paused", "Waiting"),
            ("met", "In Time"),
            ("missed", "Late"),
            ("stopped", "Stopped"),
        ],
        required=True,
        readonly=True,
        default="running",
    )
    started_at = fields.Datetime(string="From", required=True, readonly=True)
    warn_at = fields.Datetime(string="Warning", readonly=True)
    due_at = fields.Datetime(string="Deadline", readonly=True)
    done_at = fields.Datetime(string="Done On", readonly=True)
    minutes = fields.Integer(
        string="Working Minutes", readonly=True, help="Used from start to end, without waits."
    )
    warned = fields.Boolean(readonly=True)
    level = fields.Integer(readonly=True, help="1 store, 2 area, 3 head office.")
    next_at = fields.Datetime(
        string="Rings Next", readonly=True, help="When the system looks at it again."
    )

    _clock_uniq = models.UniqueIndex("(ticket_id, clock, round)", "The request has this clock.")
    _next_idx = models.Index("(next_at) WHERE next_at IS NOT NULL")

    # === COUNTING === #

    def _running(self):
        return self.filtered(lambda clock: clock.state in ("running", "paused"))

    def _pauses(self):
        return [
            Pause(pause.started_at, pause.ended_at or None) for pause in self.ticket_id.pause_ids
        ]

    def _plan(self, rule=None):
        """Work out warning and deadline of running clocks anew, by the rule that fits now.

        A level that was reached is left alone until a later deadline passes. A clock whose
        rule has no hours for it any more stops.
        """
        for ticket, clocks in self._running().grouped("ticket_id").items():
            fitting = rule or ticket._retail_deadline_rule()
            calendars = ticket._retail_working_times()
            for clock in clocks:
                clock._plan_one(fitting, calendars)

    def _plan_one(self, rule, calendars):
        hours = rule._hours(self.clock)
        if not hours:
            self.write({"state": "stopped", "next_at": False, "due_at": False})
            return
        amount = timedelta(seconds=round(hours * 3600))
        plan = schedule(calendars, self.started_at, amount, rule.warn_percent / 100, self._pauses())
        if plan:
            self._set_plan(*(moment.replace(microsecond=0) for moment in plan))
        else:
            self.write({"state": "paused", "next_at": False})

    def _set_plan(self, warn_at, due_at):
        """Keep the new times; ring next at the warning, at the deadline, or as planned."""
        later = due_at > fields.Datetime.now()
        if self.level and not later:
            next_at = self.next_at
        else:
            next_at = due_at if self.warned else warn_at
        self.write({"state": "running", "warn_at": warn_at, "due_at": due_at, "next_at": next_at})

    def _finish(self, now):
        """End running clocks: met or missed, with the working time they took."""
        for clock in self._running():
            minutes = used(
                clock.ticket_id._retail_working_times(), clock.started_at, now, clock._pauses()
            )
            late = clock.state == "running" and clock.due_at and now > clock.due_at
            clock.write(
                {
                    "state": "missed" if late else "met",
                    "done_at": now,
                    "minutes": int(minutes / timedelta(minutes=1)),
                    "next_at": False,
                }
            )

    # === RINGING === #

    @api.model
    def _cron_ring(self):
        """Ring what is due, in steps that are committed one by one."""
        cron = self.env["ir.cron"]
        failed = []
        seconds = cron._commit_progress(remaining=self._due_count())
        while seconds:
            done = self._ring_batch(failed)
            if not done:
                break
            seconds = cron._commit_progress(done)

    def _due_sql(self):
        return SQL(
            """FROM retail_complaint_clock clock
               JOIN helpdesk_ticket ticket ON ticket.id = clock.ticket_id
               JOIN helpdesk_ticket_stage stage ON stage.id = ticket.stage_id
              WHERE clock.next_at <= %s AND ticket.active AND stage.retail_code IN %s""",
            fields.Datetime.now(),
            OPEN_CODES,
        )

    @api.model
    def _due_count(self):
        self.env.flush_all()
        return self.env.execute_query(SQL("SELECT count(*) %s", self._due_sql()))[0][0]

    @api.model
    def _ring_batch(self, failed):
        """Lock and ring the next due clocks; return how many were looked at.

        Two workers never take the same request: rows locked by one are skipped by the other.
        Ids of clocks that raised an error are added to `failed` and not tried again.
        """
        clocks = self._lock_due(failed)
        for clock in clocks:
            try:
                with self.env.cr.savepoint():
                    clock._ring()
            except Exception:
                _logger.exception("Clock %s could not ring.", clock.id)
                failed.append(clock.id)
        return len(clocks)

    def _lock_due(self, failed):
        self.env.flush_all()
        query = SQL(
            """SELECT clock.id %s AND NOT clock.id = ANY(%s)
             ORDER BY clock.next_at, clock.id
                LIMIT %s FOR UPDATE OF clock, ticket SKIP LOCKED""",
            self._due_sql(),
            failed,
            BATCH,
        )
        try:
            with self.env.cr.savepoint():
                # Somebody may be writing one of them this moment: no error, it waits.
                self.env.cr.execute(query, log_exceptions=False)
                return self.browse(row[0] for row in self.env.cr.fetchall())
        except SerializationFailure:
            _logger.info("Requests are being changed by others: the next run rings their clocks.")
            return self.browse()

    def _ring(self):
        """Warn the owner before the deadline; past it, tell the next level."""
        self.ensure_one()
        now = fields.Datetime.now()
        label = dict(self._fields["clock"]._description_selection(self.env))[self.clock]
        zone = self.ticket_id.retail_store_id._get_retail_tz(self.ticket_id.company_id)
        due = format_datetime(self.env, self.due_at, tz=zone)
        if now < self.due_at:
            self.write({"warned": True, "next_at": self.due_at})
            reason = self.env._("%(clock)s: the deadline is %(due)s.", clock=label, due=due)
            self.ticket_id._retail_tell("owner", self.ticket_id.user_id, reason, self)
            return
        reason = self.env._("%(clock)s: the deadline %(due)s has passed.", clock=label, due=due)
        level = self.ticket_id._retail_climb(self.level, reason, self)
        self.write({"warned": True, "level": level, "next_at": self._next_step(level)})

    def _next_step(self, level):
        """Return when the level above is told; False at the top, or when it shall not be."""
        ticket = self.ticket_id
        hours = ticket._retail_deadline_rule().escalation_hours
        if not hours or not ticket._retail_rung_above(level)[0]:
            return False
        plan = schedule(
            ticket._retail_working_times(),
            fields.Datetime.now(),
            timedelta(seconds=round(hours * 3600)),
            1,
        )
        return plan.due.replace(microsecond=0)
