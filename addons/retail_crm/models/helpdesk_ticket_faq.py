from odoo import api, fields, models

from .helpdesk_ticket_stage import OPEN_CODES


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    faq_ids = fields.Many2many(
        "retail.faq",
        string="Answers That May Fit",
        compute="_compute_faq_ids",
        help="Found by the words of the request while it is typed.",
    )

    @api.depends("name", "description", "retail_kind", "company_id", "retail_stage_code")
    @api.depends_context("lang")
    def _compute_faq_ids(self):
        articles = self.env["retail.faq"]
        for ticket in self:
            asked = ticket.retail_kind and ticket.retail_stage_code in (*OPEN_CODES, False)
            ticket.faq_ids = asked and articles._for(
                ticket.name, ticket.description, ticket.company_id
            )
