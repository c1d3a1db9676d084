from odoo import fields, models
from odoo.exceptions import UserError

# What a till may call a ticket that it opens.
COMPLAINT_KINDS = ("complaint", "consult", "suggestion", "after_sales")


class PosOrder(models.Model):
    _name = "pos.order"
    _inherit = ["pos.order", "retail.fact.till"]

    helpdesk_ticket_count = fields.Integer(
        string="Number of Complaints", compute="_compute_helpdesk_ticket_count"
    )

    def _compute_helpdesk_ticket_count(self):
        # The number is no secret: a cashier sees that a receipt was complained about.
        counts = dict(
            self.env["helpdesk.ticket"]
            .sudo()
            ._read_group([("pos_order_id", "in", self.ids)], ["pos_order_id"], ["__count"])
        )
        for order in self:
            order.helpdesk_ticket_count = counts.get(order, 0)

    # === SOLD LINES === #

    # What is paid at a till is sold, written in the transaction of the payment: once, after
    # the goods have left and are valued, where that happens in the same call.

    def _process_saved_order(self, draft):
        held = self.with_context(retail_fact_till_hold=True)
        result = super(PosOrder, held)._process_saved_order(draft)
        self._fact_write_paid()
        return result

    def action_pos_order_paid(self):
        result = super().action_pos_order_paid()
        if not self.env.context.get("retail_fact_till_hold"):
            self._fact_write_paid()
        return result

    def _fact_write_paid(self):
        paid = self._fact_counted()
        if paid:
            paid._fact_settle_sales_orders()
            # Who sells may not read every member's guide.
            paid.sudo().lines._retail_fill_guides()
            paid._fact_write()
            paid._retail_finish_remedies()

    def _compute_total_cost_at_session_closing(self, stock_moves):
        result = super()._compute_total_cost_at_session_closing(stock_moves)
        self._fact_write()
        return result

    def _retail_finish_remedies(self):
        """What came back with these orders is the refund that requests waited for."""
        # Cashiers don't read remedies; the refund itself is theirs.
        refunds = self.sudo().filtered("lines.refunded_orderline_id")
        receipts = refunds.lines.refunded_orderline_id.order_id
        if not receipts:
            return
        remedies = self.env["retail.complaint.remedy"].sudo()
        waiting = remedies.search(
            [("state", "=", "till"), ("ticket_id.pos_order_id", "in", receipts.ids)]
        )
        for remedy in waiting:
            lines = remedy._till_lines().refund_orderline_ids & refunds.lines
            if lines:
                remedy._retail_finish_at_till(lines.order_id[0])

    # === COMPLAINTS === #

    def retail_open_complaint(self, values):
        """Open a ticket about this paid order at the till; return what the till shows of it.

        values: request_uuid (the till's number of the request), kind, text, line_uuids.
        The same request sent again returns the ticket of the first time.
        """
        self.ensure_one()
        self.check_access("read")
        ticket = self._retail_find_complaint(values["request_uuid"])
        if not ticket:
            # Cashiers open complaints without the rights of the service desk.
            ticket = (
                self.env["helpdesk.ticket"]
                .sudo()
                .create(self._prepare_retail_complaint_values(values))
            )
        return {"id": ticket.id, "number": ticket.number}

    def _retail_find_complaint(self, request_uuid):
        return (
            self.env["helpdesk.ticket"]
            .sudo()
            .search(
                [("pos_request_uuid", "=", request_uuid), ("pos_order_id", "=", self.id)], limit=1
            )
        )

    def _prepare_retail_complaint_values(self, values):
        text = (values.get("text") or "").strip()
        if not text:
            raise UserError(self.env._("Write what happened before you send the complaint."))
        if self.state not in ("paid", "done"):
            raise UserError(self.env._("Only a paid order can be complained about."))
        if values["kind"] not in COMPLAINT_KINDS:
            raise UserError(
                self.env._("There is no kind of complaint %(kind)s.", kind=values["kind"])
            )
        return {
            **self._prepare_retail_ticket_defaults(),
            **self._prepare_retail_ticket_lines(values.get("line_uuids")),
            **self.env["helpdesk.ticket"]._retail_intake_values(text),
            "retail_kind": values["kind"],
            "pos_request_uuid": values["request_uuid"],
        }

    def _prepare_retail_ticket_lines(self, uuids):
        """Return what a ticket about these lines of the order knows of them."""
        lines = self.lines.filtered(lambda line: line.uuid in set(uuids or []))
        return {
            "retail_product_ids": [(6, 0, lines.product_id.ids)],
            "pos_line_ids": [(6, 0, lines.ids)],
        }

    def _prepare_retail_ticket_defaults(self):
        """Return what a ticket about this order knows from the order."""
        partner = self.partner_id
        return {
            "pos_order_id": self.id,
            "retail_kind": "complaint",
            "partner_id": partner.id,
            "partner_name": partner.name,
            "partner_email": partner.email,
            "company_id": self.company_id.id,
            "retail_store_id": self.config_id.retail_store_id.id,
        }

    def action_open_complaint(self):
        """Open the form of a new complaint about this order."""
        self.ensure_one()
        defaults = self._prepare_retail_ticket_defaults()
        # The form takes the mail from the customer, masked for who may not see it.
        defaults.pop("partner_email")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Complaint"),
            "res_model": "helpdesk.ticket",
            "view_mode": "form",
            "context": {f"default_{name}": value for name, value in defaults.items()},
        }

    def action_view_complaints(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Complaints"),
            "res_model": "helpdesk.ticket",
            "view_mode": "list,form",
            "domain": [("pos_order_id", "=", self.id)],
            "context": {"default_pos_order_id": self.id},
        }
