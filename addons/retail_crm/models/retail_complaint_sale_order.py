from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    retail_ticket_ids = fields.One2many(
        "helpdesk.ticket", "sale_order_id", string="Customer Requests"
    )
    retail_ticket_count = fields.Integer(compute="_compute_retail_ticket_count")

    def _compute_retail_ticket_count(self):
        counts = dict(
            self.env["helpdesk.ticket"]._read_group(
                [("sale_order_id", "in", self.ids)], ["sale_order_id"], ["__count"]
            )
        )
        for order in self:
            order.retail_ticket_count = counts.get(order, 0)

    def action_open_complaint(self):
        """Open the form of a new complaint about this order and its goods."""
        self.ensure_one()
        goods = self.order_line.filtered(lambda line: not line.display_type).product_id
        return self.env["helpdesk.ticket"]._retail_open_action(
            {
                "default_partner_id": self.partner_id.id,
                "default_sale_order_id": self.id,
                "default_company_id": self.company_id.id,
                "default_retail_store_id": self.retail_store_id.id,
                "default_retail_product_ids": goods.ids,
                "default_name": self.env._("Complaint about %(order)s", order=self.name),
            }
        )

    def action_view_retail_tickets(self):
        """Open what the customer has asked or complained about this order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_crm.helpdesk_ticket_action_retail"
        )
        action["domain"] = [("sale_order_id", "=", self.id)]
        action["context"] = {"retail_service": True}
        return action
