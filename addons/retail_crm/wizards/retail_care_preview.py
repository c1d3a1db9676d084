import json

from odoo import api, fields, models
from odoo.tools import SQL

from ..models.retail_care_held import REASONS
from ..models.retail_care_run import BATCH


class RetailCarePreview(models.TransientModel):
    """A line of a strategy's dry run: a member, what would happen, and why."""

    _name = "retail.care.preview"
    _description = "Care Strategy Dry Run"
    _order = "id"

    strategy_id = fields.Many2one("retail.care.strategy", required=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", string="Member", required=True, ondelete="cascade")
    plan_id = fields.Many2one("retail.care.plan", string="Gets", ondelete="cascade")
    user_id = fields.Many2one("res.users", string="Assigned To")
    store_id = fields.Many2one("stock.warehouse", string="Home Store")
    outcome = fields.Selection(
        [("task", "Gets a task"), ("has_task", "Has the task already"), *REASONS], required=True
    )
    event_day = fields.Date(string="Day of the Occasion")
    reason = fields.Char(string="Why", compute="_compute_reason")

    @api.depends("strategy_id", "event_day")
    @api.depends_context("lang")
    def _compute_reason(self):
        for line in self:
            line.reason = line.strategy_id._reason_text(line.event_day)

    @api.model
    def _fill(self, strategy):
        """Replace the user's dry run of the strategy by today's, in the steps of a real run."""
        self.search([("strategy_id", "=", strategy.id), ("create_uid", "=", self.env.uid)]).unlink()
        day, counts, after = strategy._today(), strategy._plan_counts(), 0
        while after is not None:
            rows, after = strategy._next_candidates(day, after, BATCH, everyone=True)
            strategy._decide(rows, counts)
            strategy._assign([row for row in rows if row["outcome"] == "task"], day)
            self._insert(strategy, rows)

    @api.model
    def _insert(self, strategy, rows):
        names = ("partner_id", "plan_id", "user_id", "store_id", "outcome", "event_day")
        data = [{name: row.get(name) for name in names} for row in rows]
        self.env.cr.execute(
            SQL(
                """INSERT INTO retail_care_preview
                          (strategy_id, partner_id, plan_id, user_id, store_id, outcome, event_day,
                           create_uid, create_date, write_uid, write_date)
                   SELECT %(strategy)s, row.*, %(uid)s, %(now)s, %(uid)s, %(now)s
                     FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(
                              partner_id int, plan_id int, user_id int, store_id int,
                              outcome varchar, event_day date)
                 ORDER BY row.outcome != 'task', row.outcome, row.partner_id""",
                strategy=strategy.id,
                uid=self.env.uid,
                now=self.env.cr.now(),
                rows=json.dumps(data, default=str),
            )
        )
        self.invalidate_model(flush=False)
