from odoo import api, models


class PosSession(models.Model):
    _inherit = "pos.session"

    @api.model
    def _load_pos_data_models(self, config):
        return [
            *super()._load_pos_data_models(config),
            "retail.promotion.group",
            "retail.promotion",
        ]

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "closed":
            self.config_id._retail_promo_return_held()
        return result
