import logging

from psycopg2 import InterfaceError, OperationalError

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

BATCH = 2000  # occasions that are judged, written and committed in one step, at least


class RetailCareRun(models.Model):
    """One strategy on one day: how far it came, what it made, and what went wrong.

    A step is a job and a transaction of its own. It moves ``last_partner_id`` on together with
    the tasks it wrote, so a worker that is killed goes on where the last whole step ended.
    """

    _name = "retail.care.run"
    _description = "Run of a Care Strategy"
    _order = "day desc, id desc"
    _rec_name = "strategy_id"

    strategy_id = fields.Many2one(
        "retail.care.strategy", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    day = fields.Date(required=True, readonly=True)
    sequence = fields.Integer(readonly=True)
    state = fields.Selection(
        [("waiting", "Waiting"), ("running", "Running"), ("done", "Done"), ("failed", "Failed")],
        required=True,
        readonly=True,
        default="waiting",
    )
    last_partner_id = fields.Integer(readonly=True, help="The members up to this one are judged.")
    made_count = fields.Integer(string="Tasks Made", readonly=True)
    held_count = fields.Integer(string="Held Back", readonly=True)
    message = fields.Char(readonly=True)

    _day_uniq = models.Constraint(
        "UNIQUE(strategy_id, day)", "The strategy has its run of this day already."
    )

    # === THE DAILY JOB === #

    @api.model
    def _cron_start(self):
        """Each day: open the runs of all strategies that run by themselves."""
        for company in self.env["res.company"].search([]):
            strategies = self.env["retail.care.strategy"].search(
                [("company_id", "=", company.id), ("trigger", "!=", "manual")]
            )
            for strategy in strategies:
                self._open(strategy, strategy._today())
            self._enqueue(company)

    @api.model
    def _open(self, strategy, day):
        """Return the run of the strategy on a day; a new one waits. Raises SerializationFailure
        when another transaction opens it just now."""
        # Another run may open the same one: whoever is second waits and begins again.
        query = SQL(
            """INSERT INTO retail_care_run
                      (strategy_id, company_id, sequence, day, state, last_partner_id, made_count,
                       held_count, create_uid, create_date, write_uid, write_date)
               VALUES (%(strategy)s, %(company)s, %(sequence)s, %(day)s, 'waiting', 0, 0, 0,
                       %(uid)s, %(now)s, %(uid)s, %(now)s)
          ON CONFLICT (strategy_id, day) DO NOTHING""",
            strategy=strategy.id,
            company=strategy.company_id.id,
            sequence=strategy.sequence,
            day=day,
            uid=self.env.uid,
            now=self.env.cr.now(),
        )
        self.env.flush_all()
        self.env.cr.execute(query, log_exceptions=False)
        # Runs are the generator's own book.
        return self.sudo().search([("strategy_id", "=", strategy.id), ("day", "=", day)])

    @api.model
    def _enqueue(self, company):
        """Make the job of the next step of a company: one at a time, so that caps hold."""
        run = self._next_run(company)
        if run:
            run.with_delay(
                description=self.env._("Care: %(strategy)s", strategy=run.strategy_id.name),
                identity_key=f"retail_care_run_{run.id}_{run.last_partner_id}",
            )._job_step()

    @api.model
    def _next_run(self, company):
        return self.search(
            [("company_id", "=", company.id), ("state", "in", ("waiting", "running"))],
            order="day, sequence, id",
            limit=1,
        )

    def _job_step(self):
        """Job: do one step of the run, then queue the next step of the company."""
        if self.state in ("waiting", "running"):
            self._step_or_fail()
        self._enqueue(self.company_id)

    def _step_or_fail(self):
        """Do a step; what goes wrong ends this run and leaves the other strategies alone."""
        try:
            with self.env.cr.savepoint():
                self._step()
        except (OperationalError, InterfaceError):
            raise  # a conflict with another transaction: the job is tried again
        except Exception as error:  # one bad strategy must not keep the others from running
            _logger.info("Care strategy %s: run failed", self.strategy_id.id, exc_info=True)
            self.write({"state": "failed", "message": str(error)[:500]})

    # === STEPS === #

    def _restart(self):
        """Begin again, as when the button is pressed on the same day."""
        self.write(
            {
                "state": "waiting",
                "last_partner_id": 0,
                "made_count": 0,
                "held_count": 0,
                "message": False,
            }
        )

    def _step(self, limit=BATCH):
        """Judge the next members and write what comes of it; return the number of tasks made.

        Safe to run again and beside another run: a task that is there is left alone. Raises
        SerializationFailure when another transaction is just making the same tasks.
        """
        strategy = self.strategy_id
        if not self.last_partner_id:
            strategy._withdraw()
        rows, last_id = strategy._next_candidates(self.day, self.last_partner_id, limit)
        strategy._decide(rows, strategy._plan_counts())
        chosen = [row for row in rows if row["outcome"] == "task"]
        made = strategy._insert_tasks(strategy._assign(chosen, self.day), self.day)
        # The list of those held back is the generator's own, whoever pressed the button.
        self.env["retail.care.held"].sudo()._file(strategy, rows, self.day)
        ended = last_id is None
        self.write(
            {
                "state": "done" if ended else "running",
                "last_partner_id": self.last_partner_id if ended else last_id,
                "made_count": self.made_count + made,
                "held_count": self.held_count + len(rows) - len(chosen),
            }
        )
        if ended:
            self._end()
        return made

    def _end(self):
        # Whoever pressed the button may run the strategy, if not change it.
        self.strategy_id.sudo().last_run_at = fields.Datetime.now()
        if not (self.made_count or self.held_count):
            self.message = self.env._("No member has an occasion today that has no task yet.")
        _logger.info("Care strategy %s: %s tasks made.", self.strategy_id.id, self.made_count)

    @api.autovacuum
    def _gc_runs(self):
        """Drop the runs of more than half a year ago; their tasks stay."""
        before = fields.Date.subtract(fields.Date.context_today(self), months=6)
        self.search([("day", "<", before)]).unlink()
