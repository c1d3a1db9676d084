from odoo import fields, models
from odoo.exceptions import UserError


class RetailComplaintReason(models.TransientModel):
    """Asks why: hand a request over, escalate it, take it up again, or end it as none."""

    _name = "retail.complaint.reason"
    _description = "Reason for a Step of a Complaint"

    ticket_ids = fields.Many2many("helpdesk.ticket", required=True)
    step = fields.Selection(
        [
            ("reassign", "Hand Over"),
            ("escalate", "Escalate"),
            ("reopen", "Reopen"),
            ("invalid", "Invalid"),
        ],
        required=True,
    )
    team_id = fields.Many2one(
        "helpdesk.ticket.team",
        string="To the Department",
        help="Without a new owner the department's least busy member gets it.",
    )
    user_id = fields.Many2one("res.users", string="New Owner", domain="[('share', '=', False)]")
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.ensure_one()
        if self.step == "reassign":
            self._hand_over()
        elif self.step == "escalate":
            self.ticket_ids._retail_escalate(self.reason)
        elif self.step == "reopen":
            self.ticket_ids._retail_reopen(self.reason)
        else:
            self.ticket_ids._retail_invalidate(self.reason)
        return {"type": "ir.actions.act_window_close"}

    def _hand_over(self):
        if not (self.team_id or self.user_id):
            raise UserError(self.env._("Choose the department or the colleague who takes it over."))
        if self.team_id and not self.user_id:
            self.ticket_ids._retail_send_to(self.team_id, self.reason)
            return
        if self.team_id:
            self.ticket_ids.team_id = self.team_id
        self.ticket_ids._retail_reassign(self.user_id, self.reason)
