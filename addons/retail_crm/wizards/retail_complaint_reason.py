from odoo import fields, models


class RetailComplaintReason(models.TransientModel):
    """Asks why: hand a request over, take it up again, or end it as none."""

    _name = "retail.complaint.reason"
    _description = "Reason for a Step of a Complaint"

    ticket_ids = fields.Many2many("helpdesk.ticket", required=True)
    step = fields.Selection(
        [("reassign", "Hand Over"), ("reopen", "Reopen"), ("invalid", "Invalid")], required=True
    )
    user_id = fields.Many2one("res.users", string="New Owner", domain="[('share', '=', False)]")
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.ensure_one()
        if self.step == "reassign":
            self.ticket_ids._retail_reassign(self.user_id, self.reason)
        elif self.step == "reopen":
            self.ticket_ids._retail_reopen(self.reason)
        else:
            self.ticket_ids._retail_invalidate(self.reason)
        return {"type": "ir.actions.act_window_close"}
