from odoo import api, models


class ProductTemplate(models.Model):
    """Many products made at once: what the ORM asks for each one is asked once."""

    _inherit = "product.template"

    @api.model
    def default_get(self, fields):
        """Take the defaults from the context, if the maker of a batch has put them there."""
        known = self.env.context.get("retail_product_defaults")
        if known is None:
            return super().default_get(fields)
        return {name: known[name] for name in fields if name in known}
