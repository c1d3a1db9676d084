from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL


class RetailComplaintRemedy(models.Model):
    """Remedies with money: never more than was paid, net of what went back before."""

    _inherit = "retail.complaint.remedy"

    # === LIMITS === #

    def _paid_document(self):
        """Return (name, paid, went back) of what the request is about; None when unknown.

        Amounts are in the company's currency. Tills add their receipts.
        """
        order = self.ticket_id.sale_order_id.sudo()
        if not order:
            return None
        moves = order.invoice_ids
        invoices = moves.filtered(lambda m: m.move_type == "out_invoice" and m.state == "posted")
        notes = moves.filtered(lambda m: m.move_type == "out_refund" and m.state != "cancel")
        # What a credit note settled of an invoice counts on both sides.
        paid = -sum(m.amount_total_signed - m.amount_residual_signed for m in invoices)
        return order.name, abs(paid), abs(sum(notes.mapped("amount_total_signed")))

    def _lock_document(self):
        """Let remedies for the same order come one after the other.

        An update that changes nothing: a second remedy at the same moment, of another request
        perhaps, fails on it, is tried again, and then counts what this one gave back.
        """
        if order := self.ticket_id.sale_order_id:
            self.env.cr.execute(
                SQL("UPDATE sale_order SET write_date = write_date WHERE id = %s", order.id)
            )

    def _compensated(self):
        """Return what other remedies for the same document gave in money besides."""
        others = self.search(
            [
                ("kind", "=", "compensation"),
                ("state", "=", "done"),
                ("id", "not in", self.ids),
                *self._same_document_domain(),
            ]
        )
        return sum(others.mapped("amount"))

    def _same_document_domain(self):
        return [("ticket_id.sale_order_id", "=", self.ticket_id.sale_order_id.id)]

    def _money_left(self):
        """Return what may still go back; None when no document limits it."""
        known = self._paid_document()
        if known is None:
            return None
        _name, paid, back = known
        return paid - back - self.sudo()._compensated()

    def _check_money(self):
        zero = self.currency_id.is_zero
        known = self._paid_document()
        if self.kind == "refund" and not self.ticket_id.sale_order_id:
            self._refuse_refund_without_order()
        if known is not None:
            name, paid, back = known
            if zero(paid):
                raise UserError(
                    self.env._(
                        "Nothing was paid on %(document)s yet: there is nothing to give back.",
                        document=name,
                    )
                )
            if zero(paid - back):
                raise UserError(
                    self.env._("%(document)s was refunded already, wholly.", document=name)
                )
        if zero(self.amount):
            raise UserError(self.env._("Say how much."))
        left = self._money_left()
        if left is not None and self.currency_id.compare_amounts(self.amount, left) > 0:
            raise UserError(
                self.env._(
                    "%(amount)s is more than can go back: of %(paid)s paid on %(document)s "
                    "%(left)s are left.",
                    amount=self._format(self.amount),
                    paid=self._format(known[1]),
                    document=known[0],
                    left=self._format(left),
                )
            )

    def _refuse_refund_without_order(self):
        raise UserError(
            self.env._("Choose the order of the request: a refund gives back what was paid on it.")
        )

    def _refundable_lines(self):
        """Return {invoice line: quantity not credited yet} of the line, or of the whole order."""
        order_lines = self.sale_line_id or self.ticket_id.sale_order_id.order_line
        found = {}
        for order_line in order_lines.sudo():
            lines = order_line.invoice_lines.filtered(
                lambda one: one.parent_state != "cancel" and not self._follows_goods(one)
            )
            credited = sum(
                line.quantity for line in lines if line.move_id.move_type == "out_refund"
            )
            for line in lines.filtered(
                lambda one: one.move_id.move_type == "out_invoice" and one.parent_state == "posted"
            ).sorted("id"):
                taken = min(credited, line.quantity)
                credited -= taken
                if line.quantity - taken > 0 or line.quantity < 0:
                    found[line] = line.quantity - taken
        return found

    def _follows_goods(self, invoice_line):
        """Return whether a line is credited by what its goods are, not by itself: discounts."""
        return False

    def _refund_plan(self):
        """Return {invoice line: quantity to credit}: the quantity of the line, or all there is."""
        left = self.quantity if self.sale_line_id else None
        plan = {}
        for line, rest in self._refundable_lines().items():
            take = rest if left is None else min(rest, left)
            if take:
                plan[line] = take
            left = left if left is None else left - take
        return plan

    def _refundable_amount(self):
        """Return what the refund gives back, taxes included, in the company's currency."""
        today = fields.Date.context_today(self)
        total = 0
        for line, quantity in self._refund_plan().items():
            value = line.price_total * quantity / line.quantity
            total += line.currency_id._convert(
                value, self.company_id.currency_id, self.company_id, line.move_id.date or today
            )
        return total

    # === MAKING === #

    def _make_refund(self):
        """Credit the quantities on the invoices by which they were sold."""
        plan = self._refund_plan()
        if self.sale_line_id and sum(plan.values()) < self.quantity:
            raise UserError(
                self.env._(
                    "Only %(left)g of this line were invoiced and not credited yet.",
                    left=sum(plan.values()),
                )
            )
        notes = self.env["account.move"]
        for invoice in {line.move_id for line in plan}:
            notes |= self._credit(invoice, plan)
        self.move_ids = notes

    def _credit(self, invoice, plan):
        """Return the posted credit note of the planned quantities of an invoice."""
        note = invoice._reverse_moves(
            [
                {
                    "invoice_date": fields.Date.context_today(self),
                    "ref": f"{invoice.name}, {self.ticket_id.number}",
                    "invoice_origin": self.ticket_id.number,
                }
            ]
        )
        commands = []
        for line, mirror in zip(self._lines_of(invoice), self._lines_of(note), strict=True):
            if line in plan:
                commands.append(Command.update(mirror.id, {"quantity": plan[line]}))
            elif not self._follows_goods(line):
                commands.append(Command.delete(mirror.id))
        note.write({"invoice_line_ids": commands})
        note.action_post()
        return note

    def _lines_of(self, move):
        return move.invoice_line_ids.sorted(lambda line: (line.sequence, line.id))

    def _make_compensation(self):
        """Credit an amount to the customer, on the account of compensations."""
        product = self.env.ref("retail_crm.product_compensation")
        note = (
            self.env["account.move"]
            .with_company(self.company_id)
            .create(
                {
                    "move_type": "out_refund",
                    "company_id": self.company_id.id,
                    "partner_id": self.ticket_id.partner_id.id,
                    "invoice_date": fields.Date.context_today(self),
                    "invoice_origin": self.ticket_id.number,
                    "ref": self.note or self.ticket_id.number,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "name": self.ticket_id.display_name,
                                "quantity": 1,
                                "price_unit": self.amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        note.action_post()
        self.move_ids = note
