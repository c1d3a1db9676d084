from odoo import api, models


class RetailRecommendationLog(models.Model):
    _inherit = "retail.recommendation.log"

    @api.model
    def _selection_source(self):
        return [*super()._selection_source(), ("till", self.env._("Till"))]
