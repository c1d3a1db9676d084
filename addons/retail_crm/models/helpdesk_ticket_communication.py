from odoo import models


class HelpdeskTicket(models.Model):
    _name = "helpdesk.ticket"
    _inherit = ["helpdesk.ticket", "retail.communication.mixin"]

    def _communication_link(self):
        return "ticket_id"

    def _communication_values(self):
        return {
            **super()._communication_values(),
            "partner_id": self.partner_id.id,
            "subject": self.name,
            "sale_order_id": self.sale_order_id.id,
            "product_ids": self.retail_product_ids.ids,
            "company_id": self.company_id.id,
        }
