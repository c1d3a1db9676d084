from odoo import models


class SaleChannel(models.Model):
    _inherit = "sale.channel"

    def write(self, vals):
        result = super().write(vals)
        if "code" in vals:
            # Programs name channels by their code.
            self.env["retail.promotion"]._clear_engine_cache()
        return result
