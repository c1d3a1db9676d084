from odoo import api, models
from odoo.addons.retail_crm.models.helpdesk_ticket_portal import PURCHASES_SHOWN


class HelpdeskTicket(models.Model):
    """In the portal a customer names the own till receipts, too."""

    _inherit = "helpdesk.ticket"

    def _retail_portal_purchase(self):
        receipt = self.pos_order_id
        return receipt.pos_reference or receipt.name or super()._retail_portal_purchase()

    @api.model
    def _retail_portal_purchases(self, partner, company):
        receipts = self.env["pos.order"].search(
            [
                ("partner_id", "child_of", partner.commercial_partner_id.id),
                ("company_id", "=", company.id),
                ("state", "in", ("paid", "done")),
                ("amount_total", ">=", 0),
            ],
            order="date_order desc",
            limit=PURCHASES_SHOWN,
        )
        found = super()._retail_portal_purchases(partner, company)
        for receipt in receipts:
            label = self._retail_portal_label(
                receipt.pos_reference or receipt.name,
                receipt.date_order,
                receipt.amount_total,
                receipt.currency_id,
            )
            found[f"pos.order,{receipt.id}"] = {
                "label": label,
                "at": receipt.date_order,
                "values": {
                    "pos_order_id": receipt.id,
                    "retail_store_id": receipt.config_id.retail_store_id.id,
                },
            }
        return found
