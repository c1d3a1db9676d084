from odoo import fields, models


class RetailComplaintPause(models.Model):
    """Time during which the clocks of a request stand, because it waits for the customer."""

    _name = "retail.complaint.pause"
    _inherit = ["retail.ticket.child.mixin"]
    _description = "Wait for the Customer"
    _order = "started_at desc, id desc"
    _rec_name = "reason"

    started_at = fields.Datetime(string="From", required=True, readonly=True)
    ended_at = fields.Datetime(string="Until", readonly=True)
    reason = fields.Char(string="Waiting For", readonly=True)
    user_id = fields.Many2one("res.users", string="By", readonly=True)

    _order_check = models.Constraint(
        "CHECK(ended_at IS NULL OR ended_at >= started_at)", "A wait ends after it began."
    )
    _open_uniq = models.UniqueIndex(
        "(ticket_id) WHERE ended_at IS NULL", "The request is waiting already."
    )
