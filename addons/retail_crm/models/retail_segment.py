from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class RetailSegment(models.Model):
    """A group of members by how recently, how often and for how much they buy.

    A member is in the first segment, by sequence, whose ranges hold the member's two scores.
    Scores are fifths of all members who bought: 5 is the best fifth.
    """

    _name = "retail.segment"
    _description = "Member Segment"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    description = fields.Text(
        string="What to Do", translate=True, help="What serves these members best; guides see it."
    )
    recency_from = fields.Integer(
        default=1, required=True, help="5: the fifth of the members who bought most recently."
    )
    recency_to = fields.Integer(default=5, required=True)
    value_from = fields.Integer(
        default=1,
        required=True,
        help="The mean of the scores for how often and for how much a member bought in the last "
        "12 months, rounded up.",
    )
    value_to = fields.Integer(default=5, required=True)
    member_count = fields.Integer(string="Members", compute="_compute_member_count")

    _ranges = models.Constraint(
        "CHECK(recency_from BETWEEN 1 AND recency_to AND recency_to <= 5"
        " AND value_from BETWEEN 1 AND value_to AND value_to <= 5)",
        "Scores go from 1 to 5, and each range from its lower to its higher end.",
    )

    def _compute_member_count(self):
        counts = dict(
            self.env["retail.member.insight"]._read_group(
                [("segment_id", "in", self.ids), ("company_id", "=", self.env.company.id)],
                ["segment_id"],
                ["__count"],
            )
        )
        for segment in self:
            segment.member_count = counts.get(segment, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # Rows of all companies keep a segment, whatever the user's own companies are.
        insights = self.env["retail.member.insight"].sudo()
        moves = self.env["retail.segment.move"].sudo()
        for segment in self:
            used = insights.search_count([("segment_id", "=", segment.id)])
            named = Domain("old_segment_id", "=", segment.id)
            named |= Domain("new_segment_id", "=", segment.id)
            if used or moves.search_count(named, limit=1):
                raise ValidationError(
                    self.env._(
                        "%(count)s members are in the segment %(segment)s, and its history names "
                        "it. Archive it instead: at the next refresh they come into another one.",
                        count=used,
                        segment=segment.name,
                    )
                )

    def action_open_members(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_crm.retail_member_insight_action"
        )
        action["domain"] = [("segment_id", "=", self.id)]
        return action

    @api.model
    def _scores_sql(self):
        """Return the query (recency, value, segment_id): a row per pair of scores that has one."""
        return SQL(
            """
            SELECT DISTINCT ON (recency, value) recency, value, id AS segment_id
              FROM retail_segment, generate_series(1, 5) recency, generate_series(1, 5) value
             WHERE active AND recency BETWEEN recency_from AND recency_to
               AND value BETWEEN value_from AND value_to
             ORDER BY recency, value, sequence, id
            """
        )
