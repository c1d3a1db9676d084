from odoo import api, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "product_brand_id"]

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
