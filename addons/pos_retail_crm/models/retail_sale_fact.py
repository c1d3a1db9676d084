from odoo import api, models


class RetailSaleFact(models.Model):
    _inherit = "retail.sale.fact"

    @api.model
    def _source_document_models(self):
        return [*super()._source_document_models(), "pos.order"]
