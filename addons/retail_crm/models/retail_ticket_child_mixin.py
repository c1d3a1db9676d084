from odoo import api, fields, models
from odoo.fields import Domain


class RetailTicketChildMixin(models.AbstractModel):
    """What belongs to a customer's request is read by whoever reads the request."""

    _name = "retail.ticket.child.mixin"
    _description = "Part of a Customer's Request"

    ticket_id = fields.Many2one(
        "helpdesk.ticket", string="Request", required=True, ondelete="cascade", index=True
    )
    ticket_in_reach = fields.Boolean(
        string="Request Readable",
        compute="_compute_ticket_in_reach",
        search="_search_ticket_in_reach",
    )

    @api.depends_context("uid", "allowed_company_ids")
    @api.depends("ticket_id")
    def _compute_ticket_in_reach(self):
        readable = self._readable_tickets().search([("id", "in", self.ticket_id.ids)])
        for record in self:
            record.ticket_in_reach = record.ticket_id in readable

    def _search_ticket_in_reach(self, operator, value):
        if operator != "in":
            return NotImplemented
        readable = self._readable_tickets()._search(Domain.TRUE)
        domain = Domain("ticket_id", "in", readable)
        return domain if True in value else ~domain

    @api.model
    def _readable_tickets(self):
        # Rules ask past the rules: the ticket's own decide, for the user who asks.
        tickets = self.env["helpdesk.ticket"].with_context(active_test=False)
        return tickets.with_user(self.env.uid)
