from odoo import models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "retail.communication.mixin"]

    def _communication_link(self):
        return "sale_order_id"

    def _communication_values(self):
        return {
            **super()._communication_values(),
            "partner_id": self.partner_id.id,
            "subject": self.env._("Order %(order)s", order=self.name),
            "company_id": self.company_id.id,
        }
