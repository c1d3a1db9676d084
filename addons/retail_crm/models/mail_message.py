from odoo import api, models
from odoo.addons.mail.tools.discuss import Store
from odoo.fields import Domain

from ..crm_engine.masking import mask_email
from .retail_thread_privacy_mixin import PARTNER

SENDER = "email_from"
COPIES = ("incoming_email_cc", "incoming_email_to")


class MailMessage(models.Model):
    _name = "mail.message"
    _inherit = ["mail.message", "retail.thread.privacy.mixin"]

    _retail_thread_model = "model"

    @api.model
    def _contact_fields_own(self):
        return {
            **super()._contact_fields_own(),
            SENDER: ("author_id", "email"),
            "body": (PARTNER, "html"),
            **dict.fromkeys(("subject", "preview", *COPIES), (PARTNER, "prose")),
        }

    @api.model
    def _get_tracking_values_domain(self, search_term):
        """A search in the chatter, which runs past the rights, finds no part of contact data."""
        domain = super()._get_tracking_values_domain(search_term)
        if not self._contact_hidden():
            return domain
        contact = list(self.env["res.partner"]._contact_fields())
        return domain & ~(
            Domain("field_id.model", "=", "res.partner") & Domain("field_id.name", "in", contact)
        )

    def _to_store(self, store, fields, **kwargs):
        """Leave the addresses of who got a copy out: the names beside them stay."""
        if self._contact_hidden():
            fields = [_without_addresses(field) for field in fields]
        return super()._to_store(store, fields, **kwargs)

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


def _without_addresses(field):
    if not isinstance(field, Store.Attr) or field.field_name not in COPIES or not field.value:
        return field
    copies = [[name, mask_email(address)] for name, address in field.value]
    return Store.Attr(field.field_name, copies)
