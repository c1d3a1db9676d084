from odoo import api, models
from odoo.fields import Domain

PHONE_FIELD = "phone_mobile_search"  # the condition of the till's search that holds a number


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _contact_fields_own(self):
        return {
            **super()._contact_fields_own(),
            "invoice_emails": ("", "email"),
            "pos_contact_address": ("", "address"),
        }

    @api.model
    def get_new_partner(self, config_id, domain, offset):
        """Find also by letters, last digits and cards, and members of any store, filed as a
        lookup, by a whole number, mail or card."""
        text = self._retail_till_query(domain)
        if text:
            domain = list(Domain(domain) | Domain("retail_search", "ilike", text))
        result = super().get_new_partner(config_id, domain, offset)
        if not text or offset or not self._contact_hidden() or not self._retail_may_find():
            return result
        if not self._retail_is_whole(text):
            return result
        found = self.browse(card["id"] for card in self.retail_find_exact(text))
        rows = result["res.partner"]
        known = {row["id"] for row in rows}
        config = self.env["pos.config"].browse(config_id)
        missing = found.filtered(lambda partner: partner.id not in known)
        rows += self._load_pos_data_read(missing, config)
        for row in rows:
            if row["id"] in found.ids:
                # The till filters by what it sees, and it sees the number masked.
                row["_retail_found"] = "".join(text.split()).lower()
        return result

    @api.model
    def _retail_till_query(self, domain):
        """Return what the cashier typed, from the domain that the till made of it."""
        for item in domain:
            if isinstance(item, list | tuple) and item[0] == PHONE_FIELD:
                return str(item[2]).removesuffix("%").strip()
        return ""

    @api.model
    def _retail_is_whole(self, text):
        """Tell whether a text can be a whole phone, mail or card, so that it is worth a lookup."""
        return bool(
            self._retail_phone_number(text)
            or "@" in text
            # A card is known to be one when a member has it.
            or self.sudo().search_count([("member_code", "=", text)], limit=1)
        )
