from odoo import api, fields, models


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    pos_order_id = fields.Many2one(
        "pos.order",
        string="Till Order",
        index="btree_not_null",
        ondelete="restrict",
        help="The receipt that this ticket is about.",
    )
    pos_line_ids = fields.Many2many(
        "pos.order.line",
        "retail_ticket_pos_line_rel",
        string="Receipt Lines",
        readonly=True,
        copy=False,
        groups="point_of_sale.group_pos_user",
    )
    pos_line_text = fields.Text(
        string="Lines of the Receipt",
        compute="_compute_pos_line_text",
        compute_sudo=True,
        help="What was bought with it; who has no rights on tills reads it here.",
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

    @api.depends("pos_line_ids")
    def _compute_pos_line_text(self):
        for ticket in self:
            ticket.pos_line_text = "\n".join(
                f"{line.qty:g} × {line.full_product_name or line.product_id.display_name}, "
                f"{line.order_id.currency_id.format(line.price_subtotal_incl)}"
                for line in ticket.pos_line_ids
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
