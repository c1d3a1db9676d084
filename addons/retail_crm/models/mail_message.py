from odoo import api, models
from odoo.addons.mail.tools.discuss import Store

from ..crm_engine.masking import mask_email

SENDER = "email_from"


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model
    def _contact_fields_own(self):
        return {**super()._contact_fields_own(), SENDER: ("author_id", "email")}

    def _to_store_defaults(self, target):
        """Give the chatter a member's address masked, to everybody: it shows the name anyway."""
        fields = super()._to_store_defaults(target)
        return [_masked_sender(field) if _is_sender(field) else field for field in fields]

    def _contact_sender(self):
        # Whether the author is a member is asked past the rules of the reader.
        author = self.author_id.sudo()
        member = author.is_member or author.commercial_partner_id.is_member
        return mask_email(self.email_from) if member and self.email_from else self.email_from


def _is_sender(field):
    return isinstance(field, Store.Attr) and field.field_name == SENDER


def _masked_sender(field):
    return Store.Attr(SENDER, lambda message: message._contact_sender(), predicate=field.predicate)
