from odoo import models


class HelpdeskTicket(models.Model):
    _name = "helpdesk.ticket"
    _inherit = ["helpdesk.ticket", "retail.visit.mixin"]

    def _visit_booking(self):
        member = self.partner_id
        guide = member.retail_guide_id
        values = self._visit_of(member, self.retail_store_id or member.retail_store_id, guide)
        return {**values, "retail_ticket_id": self.id}
