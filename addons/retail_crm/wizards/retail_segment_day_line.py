from odoo import fields, models


class RetailSegmentDayLine(models.TransientModel):
    """A segment or cluster of ``retail.segment.day``; without one: members who are in none."""

    _name = "retail.segment.day.line"
    _description = "Segment on a Day"
    _order = "segment_id, cluster_id, id"

    wizard_id = fields.Many2one("retail.segment.day", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.company_id.currency_id")
    segment_id = fields.Many2one("retail.segment", ondelete="cascade")
    cluster_id = fields.Many2one("retail.cluster", ondelete="cascade")
    member_count = fields.Integer(string="Members Then")
    amount = fields.Monetary(string="Spent in 12 Months Then")
    today_count = fields.Integer(string="Members Today")
