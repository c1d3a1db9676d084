from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _init_store_data(self, store):
        """Tell the chat whether its user may open requests, so whether to offer it."""
        result = super()._init_store_data(store)
        store.add_global_values(
            has_access_retail_request=self.env["discuss.channel"]._retail_may_open()
        )
        return result
