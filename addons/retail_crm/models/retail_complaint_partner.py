from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_open_complaint(self):
        """Open the form of a new complaint of this customer."""
        self.ensure_one()
        return self.env["helpdesk.ticket"]._retail_open_action(
            {"default_partner_id": self.id, "default_retail_store_id": self.retail_store_id.id}
        )
