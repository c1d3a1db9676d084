from odoo import fields, models


class RetailMemberArchive(models.TransientModel):
    _name = "retail.member.archive"
    _description = "Archive Members with a Reason"

    partner_ids = fields.Many2many(
        "res.partner", string="Members", required=True, context={"active_test": False}
    )
    reason = fields.Char(required=True, help="For example: moved away, asked to be forgotten.")

    def action_archive(self):
        """Archive the members and file why."""
        self.ensure_one()
        self.partner_ids.write({"active": False, "retail_archive_reason": self.reason})
        self.env["retail.audit.log"]._log("archive", self.partner_ids, detail=self.reason)
        return {"type": "ir.actions.act_window_close"}
