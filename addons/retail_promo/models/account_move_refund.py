"""What is credited goes back to the limits of promotions."""

from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        for move in posted.filtered(lambda move: move.move_type in ("out_invoice", "out_refund")):
            # Who posts invoices needs no right on orders and promotions.
            orders = move.sudo().invoice_line_ids.sale_line_ids.order_id
            for order in orders.filtered("retail_promo_sale"):
                order._retail_promo_follow_credit(move)
        return posted
