from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    def _load_pos_data_fields(self, config):
        return [
            *super()._load_pos_data_fields(config),
            "retail_promo_tax_basis",
            "retail_promo_keep_margin",
            "retail_promo_min_margin",
        ]
