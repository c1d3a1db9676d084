from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        """What is credited goes back to the limits of promotions."""
        posted = super()._post(soft)
        sales = posted.filtered(lambda move: move.move_type in ("out_invoice", "out_refund"))
        # Who posts invoices needs no right on orders and promotions.
        sales.sudo().invoice_line_ids.sale_line_ids.order_id._retail_promo_follow_invoices()
        return posted
