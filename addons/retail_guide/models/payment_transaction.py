from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _check_amount_and_confirm_order(self):
        paid = self.with_context(retail_paid_first=True)
        return super(PaymentTransaction, paid)._check_amount_and_confirm_order()
