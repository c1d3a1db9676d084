from uuid import uuid4

from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    retail_basket_key = fields.Char(
        string="Basket Key",
        copy=False,
        help="Ties the recommendations shown for this order to what it sold in the end.",
    )

    @api.model
    def default_get(self, fields):
        # Not a field default: at installation that would give all old orders the same key.
        values = super().default_get(fields)
        if "retail_basket_key" in fields:
            values.setdefault("retail_basket_key", str(uuid4()))
        return values

    def _action_confirm(self):
        result = super()._action_confirm()
        for order in self:
            order._record_recommendations_sold()
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        self.env["retail.recommendation.log"]._forget_sold(self.mapped("retail_basket_key"))
        return result

    def _record_recommendations_sold(self):
        """File what this order sells of what was recommended while it was written."""
        self.ensure_one()
        self.env["retail.recommendation.log"]._record_sold(
            self._recommendable_amounts(),
            basket_key=self.retail_basket_key,
            user=self.env.user,
            document=f"{self._name},{self.id}",
        )

    def _recommendable_amounts(self):
        """Return {product id: (quantity in its unit, amount without tax in company currency)}."""
        self.ensure_one()
        sold = {}
        for line in self.order_line.filtered(lambda line: line.product_id):
            quantity, amount = sold.get(line.product_id.id, (0.0, 0.0))
            quantity += line.product_uom_id._compute_quantity(
                line.product_uom_qty, line.product_id.uom_id
            )
            amount += line.price_subtotal / (self.currency_rate or 1.0)
            sold[line.product_id.id] = (quantity, amount)
        return sold
