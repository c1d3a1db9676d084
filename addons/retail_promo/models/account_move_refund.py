"""What is credited goes back to the limits of promotions, and takes its points back.

It is never more than was invoiced.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    retail_promo_note = fields.Text(
        compute="_compute_retail_promo_note",
        help="What a draft credit note takes back of promotions, in words.",
    )

    @api.depends("move_type", "state", "invoice_line_ids.quantity", "invoice_line_ids.price_total")
    @api.depends_context("lang")
    def _compute_retail_promo_note(self):
        for move in self:
            orders = self.env["sale.order"]
            if move.move_type == "out_refund" and move.state == "draft":
                orders = move._retail_promo_orders()
            texts = [text for order in orders for text in order._retail_promo_kept_texts()]
            move.retail_promo_note = "\n".join(texts)

    def _post(self, soft=True):
        self._retail_promo_check_refundable()
        posted = super()._post(soft)
        for move in posted.filtered(lambda move: move.move_type in ("out_invoice", "out_refund")):
            for order in move._retail_promo_orders():
                order._retail_promo_follow_credit(move)
            # As above: whoever posts.
            for order in move.sudo().invoice_line_ids.sale_line_ids.order_id:
                order._retail_points_follow_credit()
        return posted

    def _retail_promo_orders(self):
        """Return the orders of these invoices that were sold with a promotion."""
        # Who posts invoices needs no right on orders and promotions.
        orders = self.sudo().invoice_line_ids.sale_line_ids.order_id
        return orders.filtered("retail_promo_sale")

    def _retail_promo_check_refundable(self):
        """Refuse credit notes beyond what was invoiced: who keeps goods keeps having paid."""
        for move in self.filtered(lambda move: move.move_type == "out_refund"):
            for order in move._retail_promo_orders():
                invoices = order.order_line.invoice_lines.move_id
                posted = invoices.filtered(lambda invoice: invoice.state == "posted") | self
                for line in order.order_line & move.sudo().invoice_line_ids.sale_line_ids:
                    move._retail_promo_check_quantity(line, posted)
                if order._retail_promo_invoiced_total(posted) < 0:
                    raise UserError(
                        self.env._(
                            "With %(move)s, more than was paid for %(order)s would be paid back. "
                            "Lower its prices or quantities.",
                            move=move.display_name,
                            order=order.name,
                        )
                    )

    def _retail_promo_check_quantity(self, line, posted):
        left = line._retail_promo_invoiced_qty(posted)
        if line._retail_promo_is_goods() and left < 0:
            raise UserError(
                self.env._(
                    "%(move)s credits %(over)s more of %(product)s than %(order)s was invoiced. "
                    "Lower the quantity.",
                    move=self.display_name,
                    over=f"{-left:g}",
                    product=line.product_id.display_name,
                    order=line.order_id.name,
                )
            )
