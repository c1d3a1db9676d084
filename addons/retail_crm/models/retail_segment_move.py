from odoo import fields, models


class RetailSegmentMove(models.Model):
    """A member's move from one segment to another: filed by the nightly refresh."""

    _name = "retail.segment.move"
    _description = "Move Between Segments"
    _order = "day desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        string="Member",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    day = fields.Date(required=True, readonly=True)
    old_segment_id = fields.Many2one(
        "retail.segment", string="From", readonly=True, ondelete="restrict"
    )
    new_segment_id = fields.Many2one(
        "retail.segment", string="To", readonly=True, ondelete="restrict"
    )
