from odoo import api, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    @api.model
    def _load_pos_data_fields(self, config):
        names = super()._load_pos_data_fields(config)
        found_by = ("retail_name_index", "retail_model", "product_brand_id")
        return [*names, *(name for name in found_by if name not in names)]
