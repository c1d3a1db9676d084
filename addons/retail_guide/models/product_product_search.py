import re

from odoo import api, models
from odoo.fields import Domain

LETTERS = re.compile(r"[a-z0-9]{1,16}", re.IGNORECASE)


class ProductProduct(models.Model):
    """Products are also found by the letters of their names."""

    _inherit = "product.product"

    @api.model
    def _search_display_name(self, operator, value):
        domain = super()._search_display_name(operator, value)
        letters = self._retail_letters(operator, value)
        if letters:
            query = self._search(Domain("retail_name_index", "like", f" {letters}"))
            return Domain(domain) | Domain("id", "in", query)
        return domain

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """List who is called so by the letters first, then stock's own finds."""
        letters = self._retail_letters(operator, name)
        if not letters:
            return super().name_search(name, domain, operator, limit)
        named = Domain(domain or Domain.TRUE)
        exact = self.search_fetch(
            named & Domain("retail_mnemonic", "=", letters.upper()), ["display_name"], limit=limit
        )
        found = [(product.id, product.display_name) for product in exact.sudo()]
        found += super().name_search(
            name, named & Domain("id", "not in", exact.ids), operator, limit
        )
        known = [product_id for product_id, _name in found]
        if not limit or len(found) < limit:
            begun = named & Domain("retail_name_index", "like", f" {letters}")
            others = self.search_fetch(
                begun & Domain("id", "not in", known), ["display_name"], limit=limit
            )
            found += [(product.id, product.display_name) for product in others.sudo()]
        return found[:limit] if limit else found

    @api.model
    def _retail_letters(self, operator, value):
        """Return a searched text as lower-case letters; nothing when it can't be a code."""
        if operator not in ("ilike", "like", "=ilike") or not isinstance(value, str):
            return ""
        text = value.strip()
        return text.lower() if LETTERS.fullmatch(text) else ""
