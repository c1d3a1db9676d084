from odoo import fields, models

from .retail_complaint_clock import CLOCKS

RUNGS = [
    ("owner", "Owner"),
    ("store", "Store"),
    ("area", "Area"),
    ("head", "Head Office"),
]


class RetailComplaintEscalation(models.Model):
    """Proof: who was told of a request, when and why. Written by the system only."""

    _name = "retail.complaint.escalation"
    _inherit = ["retail.ticket.child.mixin"]
    _description = "Escalation of a Request"
    _order = "told_at desc, id desc"
    _rec_name = "reason"

    company_id = fields.Many2one(related="ticket_id.company_id", store=True)
    clock = fields.Selection(
        CLOCKS,
        readonly=True,
        help="Which clock rang; empty when a colleague escalated it.",
    )
    rung = fields.Selection(RUNGS, string="Level", required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="Who Was Told", readonly=True, index=True)
    told_at = fields.Datetime(string="When", required=True, readonly=True)
    due_at = fields.Datetime(string="Deadline", readonly=True)
    reason = fields.Char(string="Why", required=True, readonly=True)
    message_id = fields.Many2one(
        "mail.message", string="Notice", readonly=True, ondelete="set null"
    )
