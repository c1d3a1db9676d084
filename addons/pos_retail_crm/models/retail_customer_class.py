from odoo import api, models


class RetailCustomerClass(models.Model):
    _name = "retail.customer.class"
    _inherit = ["retail.customer.class", "pos.load.mixin"]

    @api.model
    def _load_pos_data_fields(self, config):
        return ["id", "name", "code", "level", "color", "write_date"]

    @api.model
    def _load_pos_data_search_read(self, data, config):
        """Classes are few and come whole at each start, found and read by one query."""
        classes = self.search_fetch([], self._load_pos_data_fields(config))
        return self._load_pos_data_read(classes, config)
