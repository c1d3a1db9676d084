from odoo import fields, models


class SaleChannel(models.Model):
    _inherit = "sale.channel"

    retail_promo_off = fields.Boolean(
        string="Prices Are Final",
        help="Orders of this channel come with agreed prices: no promotion is added to them.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "code" in vals:
            # Programs name channels by their code.
            self.env["retail.promotion"]._clear_engine_cache()
        return result
