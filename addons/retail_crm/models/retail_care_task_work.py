"""The figures above a guide's list of the day."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import formatLang


class RetailCareTask(models.Model):
    _inherit = "retail.care.task"

    @api.model
    def my_work(self):
        """Return the figures of the user's day: dicts of name, label, value, alarm and action.

        Each figure counts what its action lists.
        """
        _ = self.env._
        today = fields.Date.context_today(self)
        mine = Domain("user_id", "=", self.env.uid)
        tasks = mine & self._work_domain()
        late = tasks & Domain("due_date", "<", today)
        from_office = self.env["retail.store.task"]._my_domain()
        requests = mine & Domain("closed", "=", False)
        todos = mine & Domain("date_deadline", "<=", today)
        return [
            self._figure("due", _("Due Today"), tasks & Domain("due_date", "=", today)),
            self._figure("late", _("Overdue"), late, alarm=True),
            self._figure("open", _("All My Open Tasks"), tasks),
            self._figure("stores", _("From Head Office"), from_office, "retail.store.task"),
            self._figure("requests", _("My Open Requests"), requests, "helpdesk.ticket"),
            self._figure("todos", _("To-dos Due"), todos, "mail.activity"),
            self._sales_figure(today),
        ]

    def _figure(self, name, label, domain, model=None, alarm=False):
        count = self.env[model or self._name].search_count(domain)
        return {
            "name": name,
            "label": label,
            "value": str(count),
            "alarm": alarm and count > 0,
            "action": self._figure_action(label, model or self._name, domain),
        }

    def _figure_action(self, label, model, domain):
        return {
            "type": "ir.actions.act_window",
            "name": label,
            "res_model": model,
            "views": [[False, "list"], [False, "form"]],
            "domain": list(domain),
        }

    def _sales_figure(self, today):
        """Return what the user sold this month in the current company, net of returns."""
        label = self.env._("I Sold This Month")
        facts = self.env["retail.sale.fact"]
        domain = Domain("guide_id", "=", self.env.uid) & Domain("day", ">=", today.replace(day=1))
        domain &= Domain("company_id", "=", self.env.company.id)
        ((total,),) = facts._read_group(domain, [], ["total_company:sum"])
        currency = self.env.company.currency_id
        return {
            "name": "sales",
            "label": label,
            "value": formatLang(self.env, total, currency_obj=currency),
            "alarm": False,
            "action": self._figure_action(label, facts._name, domain),
        }
