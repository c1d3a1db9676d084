from odoo import api, models


class ProductProduct(models.Model):
    """Many products made at once: what the ORM and stock ask for each one is asked once."""

    _inherit = "product.product"

    def _retail_create_batch(self, vals_list):
        """Create products that are alike but for these values; return them.

        Half the time of making a product goes into defaults, some of which cost a query, and
        into looking for the stock moves of its past; here the first are worked out once, and a
        product that is being made has no past.
        """
        defaults = self.default_get(list(self._fields))
        batch = self.with_context(retail_product_defaults=defaults, retail_no_moves=True)
        return batch.create(vals_list).with_env(self.env)

    @api.model
    def default_get(self, fields):
        """Take the defaults from the context, see ``_retail_create_batch``."""
        known = self.env.context.get("retail_product_defaults")
        if known is None:
            return super().default_get(fields)
        return {name: known[name] for name in fields if name in known}

    def _get_remaining_moves(self):
        if self.env.context.get("retail_no_moves"):
            return {}
        return super()._get_remaining_moves()
