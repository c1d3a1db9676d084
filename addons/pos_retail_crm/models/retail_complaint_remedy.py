from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class RetailComplaintRemedy(models.Model):
    """What was paid at a till limits the remedies of its receipt, too."""

    _inherit = "retail.complaint.remedy"

    def _paid_document(self):
        # Service agents have no rights on tills; they are told what was paid.
        receipt = self.ticket_id.sudo().pos_order_id
        if self.ticket_id.sale_order_id or not receipt:
            return super()._paid_document()
        refunds = receipt.lines.refund_orderline_ids.filtered(
            lambda line: line.order_id.state != "cancel"
        )
        rate = receipt.currency_rate or 1
        back = -sum(refunds.mapped("price_subtotal_incl"))
        return receipt.pos_reference or receipt.name, receipt.amount_paid / rate, back / rate

    def _lock_document(self):
        if receipt := self.ticket_id.pos_order_id:
            self.env.cr.execute(
                SQL("UPDATE pos_order SET write_date = write_date WHERE id = %s", receipt.id)
            )
        return super()._lock_document()

    def _same_document_domain(self):
        if self.ticket_id.sale_order_id or not self.ticket_id.pos_order_id:
            return super()._same_document_domain()
        return [("ticket_id.pos_order_id", "=", self.ticket_id.pos_order_id.id)]

    def _refuse_refund_without_order(self):
        if receipt := self.ticket_id.sudo().pos_order_id:
            raise UserError(
                self.env._(
                    "%(receipt)s was paid at a till: refund it there. Here you can give a "
                    "compensation.",
                    receipt=receipt.pos_reference or receipt.name,
                )
            )
        return super()._refuse_refund_without_order()
