from odoo import api, models


class RetailCustomerClass(models.Model):
    _name = "retail.customer.class"
    _inherit = ["retail.customer.class", "pos.load.mixin"]

    @api.model
    def _load_pos_data_fields(self, config):
        return ["id", "name", "code", "level", "color", "write_date"]
