from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _fact_quantity(self, sale_line):
        """Return the line's quantity in the unit of the order line."""
        return self.quantity * self.product_uom_id.factor / sale_line.product_uom_id.factor

    def _fact_credit_values(self, sale_line, fraction):
        """Return a credit note's line as ``retail.fact.source._fact_row`` takes it.

        ``fraction`` is the part of the line that is really returned. The goods come back at
        the cost at which they left.
        """
        qty = -sale_line._fact_product_qty(self.quantity * fraction, self.product_uom_id)
        total = -self.price_total * fraction
        discount = total / (1 - self.discount / 100) - total if self.discount < 100 else 0.0
        return {
            "product": self.product_id,
            "guide": sale_line.retail_guide_id,
            "qty": qty,
            "price_subtotal": -self.price_subtotal * fraction,
            "price_total": total,
            "discount_amount": discount,
            "cost": sale_line._fact_cost(qty),
        }
