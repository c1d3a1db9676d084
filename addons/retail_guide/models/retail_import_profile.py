from odoo import api, models


class RetailImportProfile(models.Model):
    _inherit = "retail.import.profile"

    @api.model
    def _selection_target(self):
        return super()._selection_target() + [
            ("product", self.env._("Products")),
            ("product_image", self.env._("Product Pictures (.zip)")),
        ]
