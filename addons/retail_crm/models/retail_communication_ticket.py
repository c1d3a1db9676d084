from odoo import api, models

from .helpdesk_ticket_stage import OPEN_CODES


class RetailCommunication(models.Model):
    _inherit = "retail.communication"

    @api.model_create_multi
    def create(self, vals_list):
        """What was said with the customer about an open request moves its clocks."""
        communications = super().create(vals_list)
        # Whoever talks to the customer may not be the one who owns the request.
        for communication in communications.sudo().filtered("ticket_id"):
            ticket = communication.ticket_id
            if ticket.retail_stage_code in OPEN_CODES:
                ticket._retail_go_on()
                ticket._retail_told()
        return communications
