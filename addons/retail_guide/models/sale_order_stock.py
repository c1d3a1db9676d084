from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """Stores sell what they have: what is short is told before and when an order is confirmed."""

    _inherit = "sale.order"

    retail_short_text = fields.Text(
        string="Not in Stock",
        compute="_compute_retail_short_text",
        help="What the store has neither free nor on its way until the day of delivery.",
    )

    @api.depends(
        "state",
        "commitment_date",
        "order_line.product_id",
        "order_line.product_uom_qty",
        "order_line.product_uom_id",
        "order_line.warehouse_id",
    )
    def _compute_retail_short_text(self):
        for order in self:
            order.retail_short_text = order._retail_describe_short(order._retail_short_lines())

    def _retail_short_lines(self):
        """Return the lines of quotations of which a store has less than they ask for.

        Counted in is what comes before the day of delivery; what is bought or made for the
        order, and orders of warehouses that are no store, are nobody's promise of stock.
        """
        lines = self.filtered(
            lambda order: (
                order.company_id.retail_short_sale != "allow" and order.state in ("draft", "sent")
            )
        ).order_line.filtered(
            lambda line: (
                line.product_id.is_storable
                and line.warehouse_id.is_store
                and line.display_qty_widget
            )
        )
        return lines.filtered(
            lambda line: (
                line.product_uom_id.compare(line._retail_in_stock(), line.qty_to_deliver) < 0
                and not line.is_mto
            )
        )

    def _retail_describe_short(self, lines):
        """Return a row of text for each short line."""
        return "\n".join(
            self.env._(
                "%(product)s: %(wanted)s %(unit)s wanted, %(free)s free in %(store)s",
                product=line.product_id.display_name,
                wanted=f"{line.qty_to_deliver:g}",
                free=f"{max(line._retail_in_stock(), 0):g}",
                unit=line.product_uom_id.name,
                store=line.warehouse_id.name,
            )
            for line in lines
        )

    def action_confirm(self):
        """Refuse to sell what isn't there, or tell it, as the company has chosen."""
        lines = self._retail_short_lines()
        refused = lines.filtered(lambda line: line.company_id.retail_short_sale == "refuse")
        # Money that came is never turned away: what confirms paid orders says so.
        if refused and not self.env.context.get("retail_paid_first"):
            raise UserError(
                self.env._(
                    "There isn't enough in stock:\n%(lines)s\nLower the quantity, choose another"
                    " store or a later day of delivery, or order it first.",
                    lines=self._retail_describe_short(refused),
                )
            )
        told = self._retail_describe_short(lines)  # confirmed lines show other figures
        result = super().action_confirm()
        if told and result is True:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "warning",
                    "title": self.env._("Confirmed without enough in stock"),
                    "message": told,
                    "sticky": True,
                    "next": {"type": "ir.actions.client", "tag": "soft_reload"},
                },
            }
        return result
