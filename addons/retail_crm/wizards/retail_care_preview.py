import json

from odoo import api, fields, models
from odoo.tools import SQL


class RetailCarePreview(models.TransientModel):
    """A line of a strategy's dry run: a member, what would happen, and why."""

    _name = "retail.care.preview"
    _description = "Care Strategy Dry Run"
    _order = "outcome desc, last_purchase_day, id"

    strategy_id = fields.Many2one("retail.care.strategy", required=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", string="Member", required=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", string="Assigned To")
    store_id = fields.Many2one("stock.warehouse", string="Home Store")
    outcome = fields.Selection(
        [
            ("task", "Gets a task"),
            ("has_task", "Has the task already"),
            ("do_not_contact", "Not to be contacted"),
        ],
        required=True,
    )
    last_purchase_day = fields.Date(string="Last Purchase")
    as_of = fields.Date(required=True)
    silent_days = fields.Integer(string="Days Since", compute="_compute_reason")
    reason = fields.Char(string="Why", compute="_compute_reason")

    @api.depends("outcome", "last_purchase_day", "as_of")
    def _compute_reason(self):
        for line in self:
            line.silent_days = (line.as_of - line.last_purchase_day).days
            silence = self.env._(
                "No purchase for %(days)s days, the strategy asks for %(limit)s.",
                days=line.silent_days,
                limit=line.strategy_id.days,
            )
            if line.outcome == "task":
                line.reason = silence
            elif line.outcome == "has_task":
                line.reason = self.env._("This silence has made its task before.")
            else:
                line.reason = self.env._("The member doesn't want to be contacted.")

    @api.model
    def _fill(self, strategy):
        """Replace the user's dry run of the strategy by today's, written with one INSERT."""
        self.search([("strategy_id", "=", strategy.id), ("create_uid", "=", self.env.uid)]).unlink()
        day = strategy._today()
        rows = strategy._candidates(day, everyone=True)
        strategy._assign([row for row in rows if row["outcome"] == "task"])
        self.env.cr.execute(
            SQL(
                """INSERT INTO retail_care_preview
                          (strategy_id, as_of, partner_id, user_id, store_id, outcome,
                           last_purchase_day, create_uid, create_date, write_uid, write_date)
                   SELECT %(strategy)s, %(day)s, row.*, %(uid)s, %(now)s, %(uid)s, %(now)s
                     FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(
                              partner_id int, user_id int, store_id int, outcome varchar,
                              last_purchase_day date)""",
                strategy=strategy.id,
                day=day,
                uid=self.env.uid,
                now=self.env.cr.now(),
                rows=json.dumps(rows, default=str),
            )
        )
        self.invalidate_model(flush=False)
