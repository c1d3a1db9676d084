"""Partial invoices: each takes the discount of the quantities that it invoices.

The quantity of a promotion line on invoices is a progress marker from 0 to 1. The amount is
exact: what is due for all that is invoiced so far, less what earlier invoices gave. The sum
telescopes, so that all invoices and credit notes of an order together give its discount.
"""

from odoo import api, fields, models
from odoo.tools import float_is_zero, float_round

from . import promotion_snapshot as snapshot
from .promotion_tax import amounts_left, exact_amounts, line_of_amounts

MARKER_DIGITS = 2  # a marker below one hundredth would read as zero in 'Product Unit'
MARKER_STEP = 0.01


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    retail_due = fields.Monetary(
        string="Discount Due",
        compute="_compute_retail_due",
        store=True,
        help="What a promotion line is to give for the goods that stand on invoices, drafts too.",
    )

    @api.depends(
        "retail_shares",
        "order_id.order_line.qty_invoiced",
        "order_id.order_line.qty_delivered",
        "order_id.order_line.product_uom_qty",
    )
    def _compute_qty_to_invoice(self):
        ours = self._retail_promo_sold()
        for line in ours:
            line.qty_to_invoice = line._retail_promo_marker()
        return super(SaleOrderLine, self - ours)._compute_qty_to_invoice()

    @api.depends(
        "retail_shares",
        "order_id.order_line.qty_invoiced",
        "order_id.order_line.product_uom_qty",
        "order_id.order_line.price_total",
    )
    def _compute_retail_due(self):
        for line in self:
            due = line._retail_promo_due(invoiced=True) if line.retail_promotion_id else 0
            line.retail_due = snapshot.from_minor(line.currency_id, due)

    def _compute_invoice_status(self):
        ours = self._retail_promo_sold()
        for line in ours:
            if not float_is_zero(line.qty_to_invoice, precision_digits=MARKER_DIGITS):
                line.invoice_status = "to invoice"
            else:
                line.invoice_status = "invoiced" if line.invoice_lines else "no"
        return super(SaleOrderLine, self - ours)._compute_invoice_status()

    def _retail_promo_sold(self):
        """Return our lines on confirmed orders."""
        return self.filtered(lambda line: line.retail_promotion_id and line.state == "sale")

    def _retail_promo_marker(self):
        """Return how far the next invoice moves the marker, 0 when it gives nothing."""
        self.ensure_one()
        due, whole = self._retail_promo_due(), sum((self.retail_shares or {}).values())
        given = self._retail_promo_given()
        if due == given or not whole:
            return 0.0
        step = self._retail_promo_place(due, whole) - self.qty_invoiced
        # A marker that doesn't move would leave the line out of the invoice.
        return max(step, MARKER_STEP) if due > given else min(step, -MARKER_STEP)

    def _retail_promo_takes_back(self):
        """Tell whether invoices gave more than is due: the next one takes the rest back."""
        return self._retail_promo_given() > self._retail_promo_due()

    def _retail_promo_owed(self):
        """Tell whether the goods got too little and none are to come that could bring it."""
        goods = self.order_id._retail_promo_goods()
        if any(line.qty_invoiced < line.product_uom_qty for line in goods):
            return False
        return self._retail_promo_given() < self._retail_promo_due(invoiced=True)

    @api.model
    def _retail_promo_place(self, due, whole):
        """Return where the marker stands when so much is given."""
        if due >= whole or not due:
            return 1.0 if due else 0.0
        marker = float_round(due / whole, precision_digits=MARKER_DIGITS)
        return min(max(marker, MARKER_STEP), 1.0 - MARKER_STEP)

    def _retail_promo_due(self, invoiced=False):
        """Return what is to be given for goods, in minor units.

        For all that is invoiced so far and now; invoiced: for what stands on invoices already.
        """
        lines = {str(line.id): line for line in self.order_id.order_line}
        return sum(
            lines[line_id]._retail_promo_part(share, invoiced)
            for line_id, share in (self.retail_shares or {}).items()
            if line_id in lines
        )

    def _retail_promo_part(self, share, invoiced, whole=None, standing=None):
        """Return the part of a share that belongs to what is (to be) invoiced of the line.

        whole: the quantity that the share is of, by default what is ordered; standing: the
        quantity on invoices, by default what it is now.
        """
        self.ensure_one()
        ordered = self.product_uom_qty if whole is None else whole
        if standing is None:
            standing = self.qty_invoiced
        done = standing if invoiced else self._retail_promo_invoiceable()
        if ordered <= 0 or done <= 0:
            return 0
        if done >= ordered:
            return share
        done, ordered = round(done * snapshot.QTY_ONE), round(ordered * snapshot.QTY_ONE)
        return share * done // ordered

    def _retail_promo_invoiceable(self):
        """Return the quantity that is invoiced when all that can be is."""
        by_order = self.product_id.invoice_policy == "order" or self.combo_item_id
        return self.product_uom_qty if by_order else self.qty_delivered

    def _retail_promo_basis(self):
        """Return whether the shares are with or without tax: as they were when written."""
        whole = sum((self.retail_shares or {}).values())
        with_tax = -snapshot.to_minor(self.currency_id, self.price_total)
        return "included" if whole == with_tax else "excluded"

    def _retail_promo_invoiced(self):
        """Return our invoice lines as [(1 given or -1 taken back, invoice line)]."""
        # Who sells may not read invoices; the amounts are the order's own.
        return [
            (-1 if line.move_id.move_type == "out_refund" else 1, line)
            for line in self.sudo().invoice_lines
            if line.move_id.state != "cancel"
        ]

    def _retail_promo_given(self):
        """Return what invoices gave already less what credit notes took back, in minor units."""
        self.ensure_one()
        name = "price_total" if self._retail_promo_basis() == "included" else "price_subtotal"
        return -sum(
            sign * snapshot.to_minor(self.currency_id, line[name])
            for sign, line in self._retail_promo_invoiced()
        ) - sum(
            snapshot.to_minor(self.currency_id, amounts[name])
            for amounts in self._retail_promo_settled()
        )

    def _retail_promo_settled(self):
        """Return the amounts of this line that were settled without an invoice of the order.

        As of promotion_tax, with price_subtotal and price_total; for the bridge to the till.
        """
        return []

    def _retail_promo_exact(self, due, others, quantity, sign=1):
        """Return the price and tax data of an invoice line that completes what others gave.

        due: what all are to give, in minor units; others: [(sign, invoice line)]; sign: -1 on
        a credit note. Without tax and each tax are completed, too, so that all invoices of an
        order together book what the order says.
        """
        self.ensure_one()
        order = self.order_id
        currency = self.currency_id
        whole = exact_amounts(
            self.tax_ids,
            snapshot.from_minor(currency, due),
            self._retail_promo_basis(),
            self.company_id,
            currency,
            order.currency_rate,
        )
        given = [(one, line._retail_promo_amounts()) for one, line in others]
        given += [(1, amounts) for amounts in self._retail_promo_settled()]
        price_unit, extra_tax_data = line_of_amounts(
            amounts_left(whole, given, currency, sign),
            self.company_id,
            currency,
            order.currency_rate,
            quantity=quantity,
            key=self.extra_tax_data["computation_key"],
        )
        return {"price_unit": price_unit, "extra_tax_data": extra_tax_data}

    def _prepare_invoice_line(self, **optional_values):
        values = super()._prepare_invoice_line(**optional_values)
        if not self.retail_promotion_id:
            return values
        values["retail_promotion_id"] = self.retail_promotion_id.id
        due = self._retail_promo_due()
        if due == self._retail_promo_given() or not values["quantity"]:
            return values
        others = self._retail_promo_invoiced()
        return {**values, **self._retail_promo_exact(due, others, values["quantity"])}

    def _retail_promo_follow(self, invoice_line, leave=0.0):
        """Return what a draft invoice line of ours must be for the goods now on invoices.

        leave: what more than that is left to the customer.
        """
        self.ensure_one()
        sign = -1 if invoice_line.move_id.move_type == "out_refund" else 1
        others = [pair for pair in self._retail_promo_invoiced() if pair[1] != invoice_line]
        due = self._retail_promo_due(invoiced=True)
        due += snapshot.to_minor(self.currency_id, leave)
        place = self._retail_promo_place(due, sum((self.retail_shares or {}).values()))
        step = sign * (place - sum(one * line.quantity for one, line in others))
        quantity = max(float_round(step, precision_digits=MARKER_DIGITS), MARKER_STEP)
        return {
            "quantity": quantity,
            **self._retail_promo_exact(due, others, quantity, sign),
        }
