from odoo import api, fields, models


class RetailImportProfile(models.Model):
    _inherit = "retail.import.profile"

    order_source_ids = fields.One2many("retail.order.source", "profile_id", readonly=True)

    @api.model
    def _selection_target(self):
        return super()._selection_target() + [("order", self.env._("Orders"))]
