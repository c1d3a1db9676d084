from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _retail_is_paid(self):
        """Tell whether all of the order is paid, online or by its posted invoices."""
        self.ensure_one()
        if self.currency_id.compare_amounts(self.amount_paid, self.amount_total) >= 0:
            return True
        invoices = self.invoice_ids.filtered(lambda move: move.state == "posted")
        bills = invoices.filtered(lambda move: move.move_type == "out_invoice")
        if not bills or self.invoice_status == "to invoice":
            return False
        return all(bill.payment_state in ("paid", "in_payment", "reversed") for bill in bills)
