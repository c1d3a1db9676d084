from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

SHOWN = 10  # tasks named in a reminder


class RetailOverdueMixin(models.AbstractModel):
    """Work of a store with a due date: whoever has it is reminded when it is late, and after the
    days of the settings whoever leads the store.

    Its models are threads with ``state``, ``due_date``, ``user_id``, ``store_id`` and
    ``company_id``.
    """

    _name = "retail.overdue.mixin"
    _description = "Work That May Be Overdue"

    reminded = fields.Integer(
        readonly=True,
        copy=False,
        aggregator=None,
        help="1: the guide was reminded that the task is overdue, 2: the manager, too.",
    )
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )

    # === WHAT A MODEL SAYS === #

    @api.model
    def _work_states(self):
        """Return the states in which somebody has to do it."""
        return ()

    def _overdue_owners(self):
        """Return who is told of work of stores that nobody leads."""
        return self.env["res.users"]

    @api.model
    def _overdue_subjects(self):
        """Return the subject of a reminder for whoever has the work, and for a manager."""
        return self._description, self._description

    # === OVERDUE === #

    @api.model
    def _work_domain(self):
        """Return the domain of what somebody has to do."""
        return Domain("state", "in", self._work_states())

    @api.depends("state", "due_date")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for task in self:
            late = bool(task.due_date) and task.due_date < today
            task.is_overdue = late and task.state in self._work_states()

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("due_date", "<", fields.Date.context_today(self)) & self._work_domain()
        return Domain.OR([late if flag else ~late for flag in value])

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
            for manager in store._retail_leaders() or tasks._overdue_owners():
                tasks._notify_overdue(manager, own=False)
            tasks.reminded = 2

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
        mine, of_store = tasks._overdue_subjects()
        tasks.env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids, subject=mine if own else of_store, body=body
        )

    # === COLLEAGUES === #

    def _stand_in(self, substitute, away):
        """Return who takes the task over: whoever stands in, else who has least to do."""
        return substitute or self._least_busy_colleague(away)

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
