"""What happens to care tasks by the clock: reminders, and the end of their life."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

SETTLED_DAYS = 3  # after so many days without a failure a message counts as delivered


class RetailCareTask(models.Model):
    _inherit = "retail.care.task"

    # === OVERDUE === #

    def _overdue_owners(self):
        return self.strategy_id.user_id

    @api.model
    def _overdue_subjects(self):
        _ = self.env._
        return _("Your care tasks are overdue"), _("Care tasks of your store are overdue")

    # === THE END === #

    @api.model
    def _cron_evaluate(self):
        """Each night: settle what was sent, work out the effect, close what is over."""
        today = fields.Date.context_today(self)
        self._close("sent", "done", SQL("sent_at < %s", today - timedelta(days=SETTLED_DAYS)))
        for model in ("retail.care.task", "retail.care.held"):
            self.env[model]._measure(today)
        self._close("done", "evaluated", SQL("effect_until < %s", today))

    @api.model
    def _close(self, state, next_state, condition):
        """Move tasks on by one statement: tens of thousands end on one day."""
        self.flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE retail_care_task SET state = %s, write_date = %s WHERE state = %s AND %s",
                next_state,
                self.env.cr.now(),
                state,
                condition,
            )
        )
        self.invalidate_model(flush=False)
