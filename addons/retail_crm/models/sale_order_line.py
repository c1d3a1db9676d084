from odoo import api, fields, models
from odoo.tools import SQL

FACT_LINE_FIELDS = {
    "product_id",
    "product_uom_qty",
    "product_uom_id",
    "price_unit",
    "discount",
    "tax_ids",
    "extra_tax_data",
    "retail_guide_id",
    "retail_settled_qty",
}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    retail_guide_id = fields.Many2one(
        "res.users",
        string="Guide",
        compute="_compute_retail_guide_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('share', '=', False)]",
        help="Who sold this line; the order's salesperson unless somebody else is named.",
    )
    retail_settled_qty = fields.Float(
        string="Settled at a Till",
        digits="Product Unit",
        copy=False,
        readonly=True,
        help="Quantity that was paid at a till: it counts as sold there and not here.",
    )

    @api.depends("order_id.user_id")
    def _compute_retail_guide_id(self):
        for line in self:
            line.retail_guide_id = line.retail_guide_id or line.order_id.user_id

    # === EVENTS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._fact_line_event()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if FACT_LINE_FIELDS & vals.keys():
            self._fact_line_event()
        return result

    def unlink(self):
        orders = self.order_id.filtered(lambda order: order.state == "sale")
        result = super().unlink()
        orders._fact_event()
        return result

    def _fact_line_event(self):
        orders = self.order_id.filtered(lambda order: order.state == "sale")
        orders._fact_event()

    @api.model
    def _fact_settle(self, quantities):
        """Note what tills have been paid for of order lines: {line id: quantity so far}.

        Quantities are totals in the order line's unit, so telling them twice changes nothing.
        The till's own lines count as sold from then on; the order keeps the rest.
        """
        for line in self.sudo().browse(quantities):
            if line.product_uom_id.compare(line.retail_settled_qty, quantities[line.id]):
                line.retail_settled_qty = quantities[line.id]

    # === SOLD LINES === #

    def _fact_is_goods(self):
        """Whether the line is a product or service that is sold.

        Sections, down payments, delivery, gift cards, e-wallets and discounts are not.
        """
        self.ensure_one()
        return self._fact_is_sale() and not self._fact_is_spread()

    def _fact_is_sale(self):
        """Whether the line is part of what the goods cost: goods, and discounts on goods."""
        self.ensure_one()
        if self.display_type or not self.product_id or self.is_downpayment:
            return False
        if self.product_id.type == "combo":
            return False  # the money is on the lines of what the combo is made of
        payments = self.env.context.get("retail_fact_payments")
        if payments is None:
            payments = self.order_id._fact_payment_products(self.product_id).ids
        return not self._is_delivery() and self.product_id.id not in payments

    def _fact_is_spread(self):
        """Whether the line is no goods but changes their price: discounts and promotions."""
        self.ensure_one()
        if self.product_id.type != "service" or not self._fact_is_sale():
            return False
        return self.price_unit < 0 or self._is_discount_line()

    def _fact_is_discount(self):
        """Whether the order itself spreads the line over its goods.

        Who knows better which goods a line touches says no here and adds its shares to
        ``sale.order._fact_promotion_shares``.
        """
        return self._fact_is_spread()

    def _fact_line_values(self):
        """Return the line as ``retail.fact.source._fact_row`` takes it."""
        self.ensure_one()
        fraction = self._fact_unsettled()
        qty = self._fact_product_qty(self.product_uom_qty * fraction)
        return {
            "product": self.product_id,
            "guide": self.retail_guide_id,
            "qty": qty,
            "fraction": fraction,
            "price_subtotal": self.price_subtotal * fraction,
            "price_total": self.price_total * fraction,
            "discount_amount": self._fact_discount() * fraction,
            "cost": self._fact_cost(qty),
        }

    def _fact_unsettled(self):
        """Return the part of the line, 0..1, that no till has been paid for."""
        settled, ordered = self.retail_settled_qty, self.product_uom_qty
        if not settled or not ordered:
            return 1.0
        return min(max(1.0 - settled / ordered, 0.0), 1.0)

    def _fact_product_qty(self, qty, uom=None):
        """Return a quantity of the line's (or another) unit in the product's unit."""
        uom = uom or self.product_uom_id
        return round(qty * uom.factor / self.product_id.uom_id.factor, 6)

    def _fact_discount(self):
        """Return what the line's own discount took off, tax included."""
        if not self.discount:
            return 0.0
        if self.discount < 100:
            return self.price_total / (1 - self.discount / 100) - self.price_total
        taxes = self.env["account.tax"]
        base_line = self._prepare_base_line_for_taxes_computation(discount=0.0)
        taxes._add_tax_details_in_base_line(base_line, self.company_id)
        taxes._round_base_lines_tax_details([base_line], self.company_id)
        return base_line["tax_details"]["total_included_currency"] - self.price_total

    # === COST === #

    def _fact_unit_costs(self):
        """Return {line id: (value, quantity)} of what stock has valued on its way out.

        The value is in company currency, the quantity in the product's unit.
        """
        if not self:
            return {}
        moves = self.env["stock.move"]
        moves.flush_model(["state", "value", "quantity", "is_out", "is_dropship"])
        query = SQL(
            "SELECT cost.line_id, cost.value, cost.qty FROM (%s) cost WHERE cost.line_id = ANY(%s)",
            self._fact_cost_sql(),
            self.ids,
        )
        return {line_id: (value, qty) for line_id, value, qty in self.env.execute_query(query)}

    @api.model
    def _fact_cost_sql(self):
        """Return a query of (line_id, value, qty): goods valued on their way to the customer."""
        return SQL(
            """SELECT move.sale_line_id AS line_id,
                      SUM(move.value) AS value,
                      SUM(move.quantity * unit.factor / own_unit.factor) AS qty
                 FROM stock_move move
                 JOIN sale_order_line sold ON sold.id = move.sale_line_id
                  AND sold.product_id = move.product_id
                 JOIN product_product product ON product.id = move.product_id
                 JOIN product_template template ON template.id = product.product_tmpl_id
                 JOIN uom_uom own_unit ON own_unit.id = template.uom_id
                 JOIN uom_uom unit ON unit.id = move.product_uom
                 JOIN stock_location target ON target.id = move.location_dest_id
                WHERE move.state = 'done' AND move.quantity != 0
                  AND (move.is_out OR (move.is_dropship AND target.usage = 'customer'))
                GROUP BY move.sale_line_id"""
        )

    def _fact_cost(self, qty):
        """Return the cost of a quantity of the line, or None before stock has valued any.

        While only a part has left, the rest counts at the same unit cost.
        """
        value, valued_qty = self.env.context.get("retail_fact_costs", {}).get(self.id, (0, 0))
        if not valued_qty:
            return None
        return self.company_id.currency_id.round(float(value) * qty / float(valued_qty))
