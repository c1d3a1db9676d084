from odoo import models

from .. import guide_engine as engine


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    def _retail_nearest(self, stores):
        """Return [(store, kilometres or None)] of other stores, the nearest first.

        Where an address has no coordinates, stores of the same region go before others, after
        those whose distance is known. Without a store (an empty record) they go by name.
        """
        here = self._retail_coordinates()
        found = []
        for store in stores - self:
            there = store._retail_coordinates()
            kilometres = engine.distance_km(*here, *there) if here and there else None
            found.append((store, kilometres))
        return sorted(found, key=lambda item: self._retail_nearest_key(*item))

    def _retail_nearest_key(self, store, kilometres):
        other_region = not self.retail_region_id or store.retail_region_id != self.retail_region_id
        known = kilometres is not None
        return (not known, kilometres if known else other_region, store.name or "", store.id)

    def _retail_coordinates(self):
        """Return (latitude, longitude) of the address in degrees; None when it has none."""
        partner = self.partner_id.sudo()  # an address of the shop's own, no member's
        if not (partner.partner_latitude or partner.partner_longitude):
            return None
        return partner.partner_latitude, partner.partner_longitude
