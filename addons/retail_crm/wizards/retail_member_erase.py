from odoo import api, fields, models


class RetailMemberErase(models.TransientModel):
    _name = "retail.member.erase"
    _description = "Erase a Member's Personal Data"

    partner_id = fields.Many2one("res.partner", string="Member", required=True, readonly=True)
    reasons = fields.Text(string="Still Open", compute="_compute_reasons")
    reason = fields.Char(required=True, help="For example: asked by letter of 3 May.")
    confirmed = fields.Boolean(string="Erase All the Same")

    @api.depends("partner_id")
    def _compute_reasons(self):
        for wizard in self:
            wizard.reasons = "\n".join(wizard.partner_id._retail_erase_reasons())

    def action_erase(self):
        """Erase, and show the member as it is now."""
        self.ensure_one()
        self.partner_id._retail_erase(self.reason, self.confirmed)
        return self.partner_id._retail_member_action()
