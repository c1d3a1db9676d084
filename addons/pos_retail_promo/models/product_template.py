from odoo import api, models

from .rows_alike import rows_alike

# What discount products differ in, beside what is stored with them.
TEMPLATE_OWN = ("display_name", "product_variant_ids", "taxes_id", "barcode", "standard_price")


class ProductTemplate(models.Model):
    _inherit = "product.template"

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "product_brand_id"]

    @api.model
    def _load_pos_data_read(self, records, config):
        alike = config._retail_promo_discount_products().product_tmpl_id & records
        return rows_alike(alike, records, TEMPLATE_OWN, config, super()._load_pos_data_read)

    def _load_pos_data_search_read(self, data, config):
        """Load what promotions give away, also where a till loads few products."""
        rows = super()._load_pos_data_search_read(data, config)
        loaded = {row["id"] for row in rows}
        gifts = config._retail_promo_gifts().product_tmpl_id.with_env(self.env)
        missing = gifts.filtered(lambda template: template.id not in loaded)
        if not missing:
            return rows
        # What the till doesn't sell is given, but not shown among the goods.
        hidden = missing.filtered(lambda template: not template.available_in_pos)
        data["pos.config"][0]["_pos_special_products_ids"] += hidden.product_variant_ids.ids
        return [*rows, *self._load_pos_data_read(missing, config)]
