from odoo import models

from ..crm_engine.masking import MASKS


class MailTrackingValue(models.Model):
    _inherit = "mail.tracking.value"

    def _tracking_value_format_model(self, model):
        """Mask what a member's contact data was and is, in the chatter's list of changes."""
        formatted = super()._tracking_value_format_model(model)
        # Trackings are read by sudo(), for the user who looks at the chatter.
        reader = self.with_user(self.env.uid)
        if model != "res.partner" or not reader._contact_hidden():
            return formatted
        contact = self.env["res.partner"]._contact_fields()
        trackings = {
            tracking.id: tracking for tracking in self if tracking.field_id.name in contact
        }
        if not trackings:
            return formatted
        messages = self.mail_message_id
        masked = reader.env["res.partner"].browse(messages.mapped("res_id"))._contact_masked()
        for row in formatted:
            tracking = trackings.get(row["id"])
            if tracking and tracking.mail_message_id.res_id in masked:
                kind = contact[tracking.field_id.name][1]
                mask = MASKS.get(kind, MASKS["text"])
                for side in ("newValue", "oldValue"):
                    row[side] = row[side] and mask(row[side])
        return formatted
