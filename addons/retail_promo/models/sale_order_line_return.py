"""Lines of goods that come back: ordered less, or credited."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import float_round

from . import promotion_snapshot as snapshot

MARKER_STEP = 0.01


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def write(self, vals):
        if "product_uom_qty" not in vals:
            return super().write(vals)
        sold = self.filtered(
            lambda line: (
                line.state == "sale"
                and line.order_id.retail_promo_sale
                and vals["product_uom_qty"] < line.product_uom_qty
                and line._retail_promo_is_goods()
            )
        )
        if vals["product_uom_qty"] < 0:
            sold._retail_promo_refuse_below_zero()
        agreed = {order: order._retail_promo_agreed_total() for order in sold.order_id}
        result = super().write(vals)
        for order, total in agreed.items():
            order._retail_promo_ordered_less(total)
        return result

    def _retail_promo_refuse_below_zero(self):
        for line in self.filtered(lambda line: line.product_uom_qty >= 0):
            raise UserError(
                self.env._(
                    "No more of %(line)s can come back than was sold: choose 0 or more.",
                    line=line.name,
                )
            )

    def _retail_promo_invoiced_qty(self, moves):
        """Return what is invoiced of the line, without drafts that are none of these moves."""
        self.ensure_one()
        drafts = sum(
            (-1 if line.move_id.move_type == "out_refund" else 1)
            * line.product_uom_id._compute_quantity(line.quantity, self.product_uom_id)
            for line in self.invoice_lines
            if line.move_id.state == "draft" and line.move_id not in moves
        )
        return float_round(self.qty_invoiced - drafts, precision_rounding=1 / snapshot.QTY_ONE)

    def _retail_promo_kept_qty(self, standing=None):
        """Return how much of the line was not credited, or was invoiced again since.

        standing: the quantity on invoices less credit notes, by default what it is now.
        """
        self.ensure_one()
        if standing is None:
            standing = self.qty_invoiced
        more = max(0.0, standing - self.qty_invoiced)
        kept = standing + max(0.0, self._retail_promo_uninvoiced_qty() - more)
        kept = max(0.0, min(self.product_uom_qty, kept))
        return float_round(kept, precision_rounding=1 / snapshot.QTY_ONE)

    def _retail_promo_uninvoiced_qty(self):
        """Return what of the line was never on an invoice."""
        # Who sells may not read invoices; the quantities are the order's own.
        invoiced = sum(
            line.product_uom_id._compute_quantity(line.quantity, self.product_uom_id)
            for line in self.sudo().invoice_lines
            if line.move_id.state != "cancel" and line.move_id.move_type == "out_invoice"
        )
        return max(0.0, self.product_uom_qty - invoiced)

    # === PROMOTION LINES === #

    def _retail_promo_due(self, invoiced=False):
        """Where goods were credited, the kept ones are due what they earn alone."""
        kept = self.order_id._retail_promo_kept_due(invoiced)
        if kept is None:
            return super()._retail_promo_due(invoiced)
        return kept.get(self._retail_promo_line_key(), 0)

    def _retail_promo_marker(self):
        """Move the marker wherever there is something to give or to take back."""
        marker = super()._retail_promo_marker()
        gap = self._retail_promo_due() - self._retail_promo_given()
        if not gap or marker * gap > 0:
            return marker
        if not any((self.retail_shares or {}).values()):
            return min(-self.qty_invoiced, -MARKER_STEP)
        return MARKER_STEP if gap > 0 else -MARKER_STEP

    def _retail_promo_apart(self):
        """Return what invoices give above what is due, in minor units, as it is reconciled.

        A whole credit note is the exact opposite of its invoice: that may cost a smallest unit
        for each line of goods, which is none.
        """
        self.ensure_one()
        credits = sum(1 for sign, _line in self._retail_promo_invoiced() if sign < 0)
        apart = self._retail_promo_given() - self._retail_promo_due(invoiced=True)
        return apart if abs(apart) > credits * len(self.retail_shares or {}) else 0
