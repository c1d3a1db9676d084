from odoo import api, models


class MailActivity(models.Model):
    _name = "mail.activity"
    _inherit = ["mail.activity", "retail.thread.privacy.mixin"]

    @api.model
    def _contact_fields_own(self):
        return {
            **super()._contact_fields_own(),
            "summary": ("retail_partner_id", "prose"),
            "note": ("retail_partner_id", "html"),
        }
