from odoo import api, fields, models
from odoo.exceptions import ValidationError


class RetailCareTask(models.Model):
    """What a return visit asks for: problems, suggestions, how satisfied the member is."""

    _inherit = "retail.care.task"

    is_return_visit = fields.Boolean(
        string="Return Visit", readonly=True, help="It asks how satisfied the member is."
    )
    problem = fields.Text(copy=False, help="What went wrong for the member.")
    suggestion = fields.Text(copy=False, help="What the member would like to be better.")
    duration = fields.Integer(
        string="Duration (Minutes)", copy=False, aggregator="avg", help="Keep it short."
    )

    _duration_positive = models.Constraint(
        "CHECK(duration IS NULL OR duration >= 0)", "A contact can't last less than no minute."
    )

    @api.constrains("state", "score", "is_return_visit")
    def _check_score(self):
        for task in self:
            if task.is_return_visit and task.state == "done" and not task.score:
                raise ValidationError(
                    self.env._(
                        "Ask %(member)s for the satisfaction and choose it, or press Not Reached.",
                        member=task.partner_id.name,
                    )
                )
