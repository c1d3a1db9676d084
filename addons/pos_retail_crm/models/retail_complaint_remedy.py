import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class RetailComplaintRemedy(models.Model):
    """Remedies of a receipt: limited by what was paid at the till, refunded there.

    A refund is decided here and waits; the cashier refunds the receipt as always, so that what
    goes back is what the till works out of promotions, points and tenders. That makes it done.
    """

    _inherit = "retail.complaint.remedy"

    state = fields.Selection(
        selection_add=[("till", "Waits at the Till"), ("done",)],
        ondelete={"till": "set cancelled"},
    )

    @api.model
    def _selection_document(self):
        found = self.env["ir.model"].sudo().search([("model", "=", "pos.order")])
        return super()._selection_document() + [(one.model, one.name) for one in found]

    def _till_receipt(self):
        """Return the receipt that the remedy is about; none for a request about an order."""
        # Service agents have no rights on tills; they are told what was paid.
        ticket = self.ticket_id.sudo()
        return ticket.pos_order_id.browse() if ticket.sale_order_id else ticket.pos_order_id

    def _till_lines(self):
        """Return the lines of the receipt that the request names, all when it names none."""
        ticket = self.ticket_id.sudo()
        return ticket.pos_line_ids or self._till_receipt().lines

    def _till_total(self, lines):
        """Return what the customer pays for the lines: below zero for what comes back."""
        return sum(line._fact_signed(line.price_subtotal_incl) for line in lines)

    def _paid_document(self):
        receipt = self._till_receipt()
        if not receipt:
            return super()._paid_document()
        refunds = receipt.lines.refund_orderline_ids.filtered(
            lambda line: line.order_id.state != "cancel"
        )
        rate = receipt.currency_rate or 1
        back = -self._till_total(refunds)
        return receipt.pos_reference or receipt.name, receipt.amount_paid / rate, back / rate

    def _lock_document(self):
        if receipt := self.ticket_id.pos_order_id:
            self.env.cr.execute(
                SQL("UPDATE pos_order SET write_date = write_date WHERE id = %s", receipt.id)
            )
        return super()._lock_document()

    def _same_document_domain(self):
        receipt = self._till_receipt()
        if not receipt:
            return super()._same_document_domain()
        return [("ticket_id.pos_order_id", "=", receipt.id)]

    # === A REFUND AT THE TILL === #

    def _refuse_refund_without_order(self):
        """A receipt is as good as an order."""
        return None if self._till_receipt() else super()._refuse_refund_without_order()

    def _delivery_dates(self):
        return [receipt.date_order for receipt in self._till_receipt()] or super()._delivery_dates()

    def _refundable_amount(self):
        """Return what the lines were paid with and didn't come back: at most so much goes back."""
        receipt = self._till_receipt()
        if not receipt:
            return super()._refundable_amount()
        left = sum(
            self._till_total(line) * (line.qty - line.refunded_qty) / line.qty
            for line in self._till_lines()
            if line.qty
        )
        return self.currency_id.round(max(0, left) / (receipt.currency_rate or 1))

    def _compensated(self):
        """What waits at the till is given already, for all that come after it."""
        waiting = self.search(
            [("state", "=", "till"), ("id", "not in", self.ids), *self._same_document_domain()]
        )
        return super()._compensated() + sum(waiting.mapped("amount"))

    def _make(self):
        if self.kind == "refund" and self._till_receipt():
            return self._send_to_till()
        return super()._make()

    def _send_to_till(self):
        """Let the refund wait for the cashier, who finds it on the member's card."""
        # Who decides has no rights on tills.
        remedy = self.sudo()
        remedy.lock_for_update()
        remedy._lock_document()
        receipt = self._till_receipt()
        remedy.write(
            {
                "state": "till",
                "approver_id": self.env.uid,
                "made": receipt.pos_reference or receipt.name,
            }
        )
        remedy._close_requests()
        remedy.ticket_id.message_post(
            body=self.env._(
                "%(remedy)s: up to %(amount)s of receipt %(receipt)s wait at the till.",
                remedy=remedy.display_name,
                amount=remedy._format(remedy.amount),
                receipt=remedy.made,
            )
        )

    def _retail_finish_at_till(self, order):
        """End the wait; the order is paid and must be saved, whatever is wrong with the request."""
        try:
            with self.env.cr.savepoint():
                self._refunded_at_till(order)
        except OperationalError:
            raise  # a conflict with another request: Odoo tries again
        except Exception:  # pylint: disable=broad-except
            _logger.exception("Remedy %s isn't finished by till order %s", self.id, order.id)

    def _refunded_at_till(self, order):
        """The refund that waited was paid by this order: it costs what the order gave back."""
        self.ensure_one()
        receipt = self._till_receipt()
        lines = order.lines.filtered(lambda line: line.refunded_orderline_id.order_id == receipt)
        cost = -self._till_total(lines) / (order.currency_rate or 1)
        self.write(
            {
                "state": "done",
                "done_at": fields.Datetime.now(),
                "cost": cost,
                "document": f"pos.order,{order.id}",
                "made": order.pos_reference or order.name,
            }
        )
        self.ticket_id.message_post(
            body=self.env._(
                "%(remedy)s: %(amount)s were given back at the till, %(receipt)s.",
                remedy=self.display_name,
                amount=self._format(cost),
                receipt=self.made,
            )
        )
