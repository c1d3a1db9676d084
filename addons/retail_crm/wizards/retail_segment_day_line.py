from odoo import fields, models


class RetailSegmentDayLine(models.TransientModel):
    """A segment of ``retail.segment.day``; without one: members whose scores no segment has."""

    _name = "retail.segment.day.line"
    _description = "Segment on a Day"
    _order = "segment_id, id"

    wizard_id = fields.Many2one("retail.segment.day", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.company_id.currency_id")
    segment_id = fields.Many2one("retail.segment", ondelete="cascade")
    member_count = fields.Integer(string="Members Then")
    amount = fields.Monetary(string="Spent in 12 Months Then")
    today_count = fields.Integer(string="Members Today")
