from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _retail_in_stock(self):
        """Return what can serve the line of a quotation, in its unit.

        That is what is free now; for a later delivery also what comes until then.
        """
        self.ensure_one()
        return max(self.free_qty_today, self.virtual_available_at_date)
