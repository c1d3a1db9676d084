from odoo import api, models


class ResCurrency(models.Model):
    _inherit = "res.currency"

    @api.model
    def _load_pos_data_fields(self, config):
        """The receipt says the amount in words."""
        names = ["currency_unit_label", "currency_subunit_label"]
        return [*super()._load_pos_data_fields(config), *names]
