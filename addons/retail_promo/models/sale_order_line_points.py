"""Lines of a sale that points follow: goods that come back, and what was paid with points."""

from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def write(self, vals):
        result = super().write(vals)
        if "product_uom_qty" in vals:
            sold = self.filtered(lambda line: line.state == "sale" and not line.reward_id)
            for order in sold.order_id.filtered("retail_points_sale"):
                order._retail_points_ordered_less()
        return result

    def _retail_points_sold_qty(self):
        """Return the quantity of a reward's line when it was sold."""
        self.ensure_one()
        sold = (self.order_id.retail_points_sale or {}).get("rewards", {})
        return sold.get(str(self.id), self.product_uom_qty)
