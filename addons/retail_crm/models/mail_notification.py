from odoo import api, models


class MailNotification(models.Model):
    _inherit = "mail.notification"

    @api.model
    def _contact_fields_own(self):
        return {
            **super()._contact_fields_own(),
            "mail_email_address": ("res_partner_id", "email"),
            "sms_number": ("res_partner_id", "phone"),
        }
