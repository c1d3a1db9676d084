from odoo import fields, models


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    pos_order_id = fields.Many2one(
        "pos.order",
        string="Till Order",
        index="btree_not_null",
        ondelete="restrict",
        help="The receipt that this ticket is about.",
    )
    pos_request_uuid = fields.Char(
        copy=False,
        readonly=True,
        help="The till's number of its request: the same request sent twice makes one ticket.",
    )

    _pos_request_uuid_uniq = models.UniqueIndex(
        "(pos_request_uuid) WHERE pos_request_uuid IS NOT NULL",
        "A ticket was already made from this request of the till.",
    )

    def action_view_pos_order(self):
        """Open the till order that the ticket is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "pos.order",
            "view_mode": "form",
            "view_id": self.env.ref("point_of_sale.view_pos_pos_form").id,
            "res_id": self.pos_order_id.id,
        }
