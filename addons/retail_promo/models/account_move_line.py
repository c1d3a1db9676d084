from odoo import api, fields, models

from .promotion_tax import amounts_of_base_line

# While this is in the context, promotion lines of draft invoices don't follow their goods:
# somebody lets them follow once at the end.
INVOICE_HOLD = "retail_promo_invoice_hold"


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    retail_promotion_id = fields.Many2one(
        "retail.promotion",
        string="Promotion",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        help="The promotion whose discount or gift this journal item books.",
    )

    @api.depends("extra_tax_data")
    def _compute_totals(self):
        # As of sale.order.line: the tax of a discount may change alone.
        return super()._compute_totals()

    def write(self, vals):
        result = super().write(vals)
        if "quantity" in vals:
            self.move_id._retail_promo_follow()
        return result

    def unlink(self):
        moves = self.move_id
        result = super().unlink()
        moves.exists()._retail_promo_follow()
        return result

    def _retail_promo_amounts(self):
        """Return what the line has without tax and of each tax: see promotion_tax."""
        self.ensure_one()
        base_line = self.move_id._prepare_product_base_line_for_taxes_computation(self)
        return amounts_of_base_line(base_line, self.company_id)

    def _retail_promo_follow(self, leave=0.0):
        """Make our line of a draft invoice what the goods on invoices are due.

        leave: what of it a credit note doesn't take back, at most all that it does.
        """
        self.ensure_one()
        # Accountants need no right on orders.
        ours = self.sudo().sale_line_ids.filtered("retail_promotion_id")
        if len(ours) != 1:
            return
        values = ours._retail_promo_follow(self.sudo(), min(leave, max(0.0, -self.price_total)))
        if any(self[name] != value for name, value in values.items()):
            self.write(values)

    # === GIFTS === #

    def _retail_promo_gift_lines(self):
        """Return the order lines of gifts that this line invoices."""
        # Who posts invoices needs no right on orders and promotions.
        return self.sudo().sale_line_ids.filtered("retail_gift_of_id")

    def _retail_promo_gift_cost(self):
        """Return what the gifts of an invoice line add to the cost, in the move's currency.

        All that is booked for them is then the value with which they left the stock, whatever
        the cost of the product is today. None while nothing of them is delivered.
        """
        gifts = self._retail_promo_gift_lines()
        moves = gifts.move_ids.filtered(lambda move: move.state == "done")
        signs = {move: -1 if move.is_in else 1 for move in moves}
        if not moves:
            return None
        delivered = sum(sign * move.quantity for move, sign in signs.items())
        value = sum(sign * move.value for move, sign in signs.items())
        others = gifts.invoice_lines.filtered(lambda line: line.parent_state == "posted") - self
        invoiced = sum(
            -line.quantity if line.move_id.move_type == "out_refund" else line.quantity
            for line in others | self
        )
        if delivered > 0 and invoiced < delivered:
            value *= invoiced / delivered
        elif invoiced > delivered:
            value += (invoiced - delivered) * self.product_id.standard_price
        booked = self.sudo().search(
            [
                ("cogs_origin_id", "in", others.ids),
                ("retail_promotion_id", "!=", False),
                ("display_type", "=", "cogs"),
            ]
        )
        cost = value - sum(booked.mapped("balance"))
        rate = self.move_id.invoice_currency_rate or 1.0
        return self.currency_id.round(cost * rate)
