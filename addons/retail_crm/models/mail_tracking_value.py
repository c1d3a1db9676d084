from odoo import models

SIDES = ("newValue", "oldValue")


class MailTrackingValue(models.Model):
    _inherit = "mail.tracking.value"

    def _tracking_value_format_model(self, model):
        """Mask what a member's contact data was and is, in the chatter's list of changes."""
        formatted = super()._tracking_value_format_model(model)
        # Trackings are read by sudo(), for the user who looks at the chatter.
        reader = self.with_user(self.env.uid)
        if model not in self.env or not reader._contact_hidden():
            return formatted
        contact = self.env[model]._contact_fields()
        trackings = {
            tracking.id: tracking for tracking in self if tracking.field_id.name in contact
        }
        if not trackings:
            return formatted
        documents = reader.env[model].browse(self.mail_message_id.mapped("res_id")).exists()
        by_id = {document.id: document for document in documents}
        shown = []
        for row in formatted:
            tracking = trackings.get(row["id"])
            document = tracking and by_id.get(tracking.mail_message_id.res_id)
            if document:
                name = tracking.field_id.name
                shown += [(document, row, side, {name: row[side]}) for side in SIDES]
        documents._contact_mask_values([(document, values) for document, _, _, values in shown])
        for _document, row, side, values in shown:
            (row[side],) = values.values()
        return formatted
