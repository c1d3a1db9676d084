from odoo import models


class PosOrder(models.Model):
    _name = "pos.order"
    _inherit = ["pos.order", "retail.communication.mixin"]

    def _communication_link(self):
        return "pos_order_id"

    def _communication_values(self):
        return {
            **super()._communication_values(),
            "partner_id": self.partner_id.id,
            "subject": self.env._("Receipt %(receipt)s", receipt=self.pos_reference),
            "company_id": self.company_id.id,
        }
