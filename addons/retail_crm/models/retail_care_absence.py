from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date


class RetailCareAbsence(models.Model):
    """Days on which somebody is away: no task is given to him, and his are handed over."""

    _name = "retail.care.absence"
    _description = "Absence"
    _order = "date_from desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users",
        string="Who",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        ondelete="cascade",
        index=True,
    )
    date_from = fields.Date(string="From", required=True, default=fields.Date.context_today)
    date_to = fields.Date(
        string="Until", required=True, default=fields.Date.context_today, help="That day included."
    )
    substitute_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False), ('id', '!=', user_id)]",
        help="Gets the tasks that fall due meanwhile; without one, the colleague of the store "
        "with the fewest open tasks.",
    )
    note = fields.Char()
    handed_count = fields.Integer(string="Tasks Handed Over", readonly=True, copy=False)

    _dates = models.Constraint(
        "CHECK(date_from <= date_to)", "An absence can't end before it begins."
    )
    _other = models.Constraint(
        "CHECK(substitute_id IS NULL OR substitute_id != user_id)",
        "Nobody stands in for themselves.",
    )

    @api.constrains("user_id", "date_from", "date_to")
    def _check_overlap(self):
        for absence in self:
            # Also absences that the user may not see.
            other = self.sudo().search(absence._overlap_domain(), limit=1)
            if other:
                raise ValidationError(
                    self.env._(
                        "%(user)s is away already from %(start)s to %(end)s.",
                        user=absence.user_id.name,
                        start=format_date(self.env, other.date_from),
                        end=format_date(self.env, other.date_to),
                    )
                )

    def _overlap_domain(self):
        return [
            ("id", "!=", self.id),
            ("user_id", "=", self.user_id.id),
            ("date_from", "<=", self.date_to),
            ("date_to", ">=", self.date_from),
        ]

    @api.model_create_multi
    def create(self, vals_list):
        absences = super().create(vals_list)
        absences._hand_over()
        return absences

    def write(self, vals):
        result = super().write(vals)
        if {"user_id", "date_from", "date_to", "substitute_id"} & vals.keys():
            self._hand_over()
        return result

    @api.model
    def _absent_users(self, day):
        """Return who is away on a day."""
        return self.search([("date_from", "<=", day), ("date_to", ">=", day)]).user_id

    @api.model
    def _cron_hand_over(self):
        """Each morning: also tasks that came meanwhile."""
        today = fields.Date.context_today(self)
        self.search([("date_from", "<=", today), ("date_to", ">=", today)])._hand_over()

    def _hand_over(self):
        """Hand the open tasks that fall due in the absence, or before it, to who is there."""
        today = fields.Date.context_today(self)
        for absence in self.filtered(lambda one: one.date_from <= today <= one.date_to):
            # Tasks of all stores in which the absent one works.
            due = Domain("user_id", "=", absence.user_id.id)
            due &= Domain("due_date", "<=", absence.date_to)
            handed = 0
            for model in ("retail.care.task", "retail.store.task"):
                tasks = self.env[model].sudo()
                tasks = tasks.search(due & tasks._work_domain())
                handed += sum(absence._hand_task(task) for task in tasks)
            if handed:
                absence.sudo().handed_count += handed

    def _hand_task(self, task):
        """Give one task to who stands in; return whether there was anybody."""
        user = self._stand_in(task)
        if not user:
            return False
        task.user_id = user
        task.message_post(
            body=self.env._(
                "Handed over: %(absent)s is away until %(day)s.",
                absent=self.user_id.name,
                day=format_date(self.env, self.date_to),
            )
        )
        return True

    def _stand_in(self, task):
        away = self._absent_users(fields.Date.context_today(self)) | self.user_id
        return task._stand_in(self.substitute_id - away, away)
