from odoo import api, models


class RetailReceiptOpinion(models.Model):
    _inherit = "retail.receipt.opinion"

    @api.model
    def _receipt(self, token):
        """Return what the page shows of a paid order of a till."""
        order = self.env["pos.order"]._retail_by_receipt_token(token)
        return order._retail_receipt_brief() if order else super()._receipt(token)

    @api.model
    def _receipt_ticket_values(self, receipt, keys):
        values = super()._receipt_ticket_values(receipt, keys)
        order = receipt["record"]
        if order._name != "pos.order":
            return values
        return {
            **values,
            **order._prepare_retail_ticket_defaults(),
            **order._prepare_retail_ticket_lines(keys),
        }
