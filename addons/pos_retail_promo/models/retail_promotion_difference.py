from odoo import api, models


class RetailPromotionDifference(models.Model):
    _inherit = "retail.promotion.difference"

    @api.model
    def _selection_settlement(self):
        till = self.env["pos.order"]
        return [*super()._selection_settlement(), (till._name, till._description)]
