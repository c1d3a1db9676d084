"""Lines of goods that come back, and what their promotion lines are worth then."""

from odoo import models

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
        agreed = {order: order._retail_promo_agreed_total() for order in sold.order_id}
        result = super().write(vals)
        for order, total in agreed.items():
            order._retail_promo_ordered_less(total)
        return result

    def _retail_promo_kept_qty(self, invoiced):
        """Return how much of the line the customer keeps or is still to get."""
        self.ensure_one()
        kept = self.product_uom_qty - self._retail_promo_returned_qty()
        if invoiced:
            # What was credited and not invoiced again isn't kept either.
            kept = min(kept, self.qty_invoiced + self._retail_promo_uninvoiced_qty())
        return max(0.0, kept)

    def _retail_promo_returned_qty(self):
        """Return what came back to stock to be refunded, of goods invoiced as delivered."""
        if self.product_id.invoice_policy != "delivery":
            return 0.0
        # Who sells may not read stock moves of every kind; their quantities are the order's own.
        _outgoing, incoming = self.sudo()._get_outgoing_incoming_moves()
        return sum(
            move.product_uom._compute_quantity(
                move.quantity, self.product_uom_id, rounding_method="HALF-UP"
            )
            for move in incoming
            if move.state == "done" and move.origin_returned_move_id
        )

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
        """Take the shares of the kept basket where goods came back."""
        order = self.order_id
        kept = order._retail_promo_kept(invoiced)
        if not kept:
            return super()._retail_promo_due(*([True] if invoiced else []))
        shares = order._retail_promo_kept_shares(kept)
        lines = {str(line.id): (line, qty) for line, qty in kept.items()}
        return sum(
            lines[line_id][0]._retail_promo_kept_part(share, lines[line_id][1], invoiced)
            for line_id, share in self._retail_promo_mine(shares).items()
        )

    def _retail_promo_mine(self, shares):
        """Return what of the shares is this line's: its own and, of its taxes, homeless ones."""
        ours = self.order_id.order_line.filtered("retail_promotion_id")
        homes = {
            (line.retail_promotion_id.id, tuple(sorted(line.tax_ids.ids))): line for line in ours
        }
        mine = {}
        for key, parts in shares.items():
            same_taxes = [line for (_id, taxes), line in homes.items() if taxes == key[1]]
            if homes.get(key, same_taxes[0] if same_taxes else None) == self:
                for line_id, part in parts.items():
                    mine[line_id] = mine.get(line_id, 0) + part
        return mine

    def _retail_promo_kept_part(self, share, kept, invoiced):
        """Return the part of a share that belongs to what is (to be) invoiced of the line."""
        done = self.qty_invoiced if invoiced else self._retail_promo_invoiceable()
        if done <= 0 or kept <= 0:
            return 0
        if done >= kept:
            return share
        return share * round(done * snapshot.QTY_ONE) // round(kept * snapshot.QTY_ONE)

    def _retail_promo_invoiceable(self):
        """Return the quantity that is invoiced when all that can be is."""
        by_order = self.product_id.invoice_policy == "order" or self.combo_item_id
        return self.product_uom_qty if by_order else self.qty_delivered

    def _retail_promo_marker(self):
        """Move the marker wherever there is something to give or to take back."""
        marker = super()._retail_promo_marker()
        gap = self._retail_promo_due() - self._retail_promo_given()
        if not gap or marker * gap > 0:
            return marker
        if not any((self.retail_shares or {}).values()):
            return min(-self.qty_invoiced, -MARKER_STEP)
        return MARKER_STEP if gap > 0 else -MARKER_STEP
