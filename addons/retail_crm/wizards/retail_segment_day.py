from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class RetailSegmentDay(models.TransientModel):
    """The segments or clusters as they were on a day of the past, beside those of today."""

    _name = "retail.segment.day"
    _description = "Segments on a Day"

    day = fields.Date(required=True, default=lambda self: self._month_ago())
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    parted_by = fields.Selection(
        [("segment_id", "Segments"), ("cluster_id", "Clusters")],
        required=True,
        default="segment_id",
    )
    line_ids = fields.One2many("retail.segment.day.line", "wizard_id", readonly=True)

    def _month_ago(self):
        return fields.Date.subtract(fields.Date.context_today(self), months=1)

    @api.constrains("day")
    def _check_day(self):
        if any(wizard.day > fields.Date.context_today(wizard) for wizard in self):
            raise ValidationError(self.env._("Choose a day of the past: nobody knows tomorrow."))

    def action_show(self):
        """Work the day's segments out anew from the sold lines; nothing of today's changes."""
        self.ensure_one()
        self.line_ids.unlink()
        self.env["retail.member.insight"]._stage(self.day)
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT COALESCE(stage.part_id, today.part_id) AS %(part)s,
                       COALESCE(stage.members, 0) AS member_count,
                       COALESCE(stage.amount, 0) AS amount,
                       COALESCE(today.members, 0) AS today_count
                  FROM (
                    SELECT %(part)s AS part_id, count(*) AS members, sum(amount) AS amount
                      FROM retail_insight_stage WHERE company_id = %(company)s
                     GROUP BY %(part)s
                  ) stage
                  FULL JOIN (
                    SELECT %(part)s AS part_id, count(*) AS members
                      FROM retail_member_insight WHERE company_id = %(company)s
                     GROUP BY %(part)s
                  ) today ON today.part_id = stage.part_id
                """,
                company=self.company_id.id,
                part=SQL.identifier(self.parted_by),
            )
        )
        self.line_ids = [fields.Command.create(row) for row in rows]
        return self._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Segments on a Day"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
