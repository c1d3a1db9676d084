"""What happens to care tasks by the clock: reminders, and the end of their life."""

from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

SETTLED_DAYS = 3  # after so many days without a failure a message counts as delivered
SHOWN = 10  # tasks named in a reminder


class RetailCareTask(models.Model):
    _inherit = "retail.care.task"

    # === OVERDUE === #

    @api.model
    def _cron_remind(self):
        """Each morning: remind guides of what is overdue, later the managers; once each."""
        today = fields.Date.context_today(self)
        for company in self.env["res.company"].search([]):
            tasks = self.with_company(company)
            late = Domain("company_id", "=", company.id) & self._work_domain()
            tasks._remind_guides(late & Domain("due_date", "<", today))
            limit = today - timedelta(days=company.retail_care_escalate_days)
            tasks._remind_managers(late & Domain("due_date", "<", limit))

    @api.model
    def _remind_guides(self, late):
        for user, tasks in self._read_group(
            late & Domain("reminded", "=", 0) & Domain("user_id", "!=", False),
            ["user_id"],
            ["id:recordset"],
        ):
            tasks._notify_overdue(user, own=True)
            tasks.reminded = 1

    @api.model
    def _remind_managers(self, late):
        for store, tasks in self._read_group(
            late & Domain("reminded", "<", 2), ["store_id"], ["id:recordset"]
        ):
            for manager in tasks._managers(store):
                tasks._notify_overdue(manager, own=False)
            tasks.reminded = 2

    def _managers(self, store):
        """Return who leads a store; the owners of the strategies, where nobody does."""
        group = self.env.ref("retail_crm.group_store_manager")
        leaders = store.retail_staff_ids.filtered(lambda user: group in user.all_group_ids)
        return leaders or self.strategy_id.user_id

    def _notify_overdue(self, user, own):
        """Tell a user of overdue tasks, his own or those of his store, in one message."""
        tasks = self.with_context(lang=user.lang)
        lines = Markup("").join(
            Markup("<li>%s: %s</li>") % (task.display_name, task.due_date)
            for task in tasks.sorted("due_date")[:SHOWN]
        )
        body = Markup("<p>%s</p><ul>%s</ul>") % (
            tasks.env._("%(count)s tasks are overdue, the oldest ones:", count=len(tasks)),
            lines,
        )
        mine = tasks.env._("Your care tasks are overdue")
        subject = mine if own else tasks.env._("Care tasks of your store are overdue")
        tasks.env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids, subject=subject, body=body
        )

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

    # === COLLEAGUES === #

    def _least_busy_colleague(self, away):
        """Return the guide of the task's store with the fewest open tasks, of those present."""
        guides = self.env.ref("retail_crm.group_guide")
        staff = self.store_id.retail_staff_ids - away
        staff = staff.filtered(lambda user: user.active and guides in user.all_group_ids)
        loads = dict(
            self._read_group(
                self._work_domain() & Domain("user_id", "in", staff.ids), ["user_id"], ["__count"]
            )
        )
        return min(staff, key=lambda user: (loads.get(user, 0), user.id), default=staff)
