from odoo import api, models

from .rows_alike import rows_alike

# See product_template.py.
VARIANT_OWN = ("display_name", "standard_price")


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model
    def _load_pos_data_read(self, records, config):
        alike = config._retail_promo_discount_products() & records
        return rows_alike(alike, records, VARIANT_OWN, config, super()._load_pos_data_read)
