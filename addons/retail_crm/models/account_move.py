from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        posted._fact_write_returns()
        return posted

    def button_draft(self):
        result = super().button_draft()
        self._fact_write_returns()
        return result

    def _fact_write_returns(self):
        """Write the returns of sales orders anew after credit notes or their invoices changed."""
        moves = self.filtered(lambda move: move.move_type in ("out_invoice", "out_refund"))
        sale_lines = moves.invoice_line_ids.sudo().sale_line_ids
        if moves and all(move.move_type == "out_invoice" for move in moves):
            # An invoice matters only where a credit note stands against it.
            sale_lines = sale_lines.filtered(
                lambda line: "out_refund" in line.invoice_lines.mapped("move_type")
            )
        orders = sale_lines.order_id.filtered(lambda order: order.state == "sale")
        orders._fact_event()
