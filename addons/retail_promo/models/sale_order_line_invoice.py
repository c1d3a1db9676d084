"""Partial invoices: each takes the discount of the quantities that it invoices.

The quantity of a promotion line on invoices is a progress marker from 0 to 1. The amount is
exact: what is due for all that is invoiced so far, less what earlier invoices gave. The sum
telescopes, so that all invoices and credit notes of an order together give its discount.
"""

from odoo import api, models
from odoo.tools import float_is_zero, float_round

from . import promotion_snapshot as snapshot
from .promotion_tax import exact_line

MARKER_DIGITS = 2  # a marker below one hundredth would read as zero in 'Product Unit'
MARKER_STEP = 0.01


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

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
        if due >= whole:
            return 1.0 - self.qty_invoiced
        marker = float_round(due / whole, precision_digits=MARKER_DIGITS)
        marker = min(max(marker, MARKER_STEP), 1.0 - MARKER_STEP) if due else 0.0
        return marker - self.qty_invoiced

    def _retail_promo_due(self):
        """Return what is to be given for all goods invoiced so far and now, in minor units."""
        lines = {str(line.id): line for line in self.order_id.order_line}
        return sum(
            lines[line_id]._retail_promo_part(share)
            for line_id, share in (self.retail_shares or {}).items()
            if line_id in lines
        )

    def _retail_promo_part(self, share):
        """Return the part of a share that belongs to what is to be invoiced of the line."""
        self.ensure_one()
        ordered = self.product_uom_qty
        by_order = self.product_id.invoice_policy == "order" or self.combo_item_id
        done = ordered if by_order else self.qty_delivered
        if ordered <= 0 or done <= 0:
            return 0
        if done >= ordered:
            return share
        done, ordered = round(done * snapshot.QTY_ONE), round(ordered * snapshot.QTY_ONE)
        return share * done // ordered

    def _retail_promo_basis(self):
        """Return whether the shares are with or without tax: as they were when written."""
        whole = sum((self.retail_shares or {}).values())
        with_tax = -snapshot.to_minor(self.currency_id, self.price_total)
        return "included" if whole == with_tax else "excluded"

    def _retail_promo_given(self):
        """Return what invoices gave already less what credit notes took back, in minor units."""
        self.ensure_one()
        name = "price_total" if self._retail_promo_basis() == "included" else "price_subtotal"
        given = 0
        # Who sells may not read invoices; the amounts are the order's own.
        for invoice_line in self.sudo().invoice_lines:
            move = invoice_line.move_id
            if move.state != "cancel":
                minor = snapshot.to_minor(self.currency_id, invoice_line[name])
                given += minor if move.move_type == "out_refund" else -minor
        return given

    def _prepare_invoice_line(self, **optional_values):
        values = super()._prepare_invoice_line(**optional_values)
        if not self.retail_promotion_id:
            return values
        part = self._retail_promo_due() - self._retail_promo_given()
        quantity = values["quantity"]
        if not part or not quantity:
            return values
        price_unit, extra_tax_data = exact_line(
            self.tax_ids,
            snapshot.from_minor(self.currency_id, part),
            self._retail_promo_basis(),
            self.company_id,
            self.currency_id,
            self.order_id.currency_rate,
            quantity=quantity,
            key=self.extra_tax_data["computation_key"],
        )
        return {**values, "price_unit": price_unit, "extra_tax_data": extra_tax_data}
