"""Gifts at the till: what promotions may give, and how much of it is there."""

from odoo import models
from odoo.addons.retail_promo.models import promotion_snapshot as snapshot


class PosConfig(models.Model):
    _inherit = "pos.config"

    def retail_promo_gift_stock(self):
        """Return {product id as text: units that can be given now} of all gifts of the till.

        None where stock isn't counted. Called by tills before a gift is chosen.
        """
        self._retail_promo_check_till()
        return self._retail_promo_gift_stock(self._retail_promo_gifts())

    def _retail_promo_gifts(self):
        """Return the products that promotions of this till may give away."""
        live = self._retail_promo_live().filtered(lambda one: one.reward_kind == "gift")
        return snapshot.gift_products(live).filtered("active")

    def _retail_promo_gift_stock(self, products):
        """Return {product id as text: free units in the till's store, None when not counted}."""
        store = self._retail_promotion_store()
        return {
            str(product.id): max(0, int(product.free_qty)) if product.is_storable else None
            for product in products.with_context(warehouse_id=store.id)
        }
