from odoo import api, fields, models


class PosOrder(models.Model):
    _inherit = "pos.order"

    retail_new_member = fields.Json(
        copy=False,
        readonly=True,
        help="The customer of the order, as the till took them down without a connection; "
        "kept where no member could be made of it.",
    )

    @api.model
    def _process_order(self, order, existing_order):
        """The member who was taken down with the order is its customer."""
        new = order.get("retail_new_member")
        if new and not order.get("partner_id"):
            session = self.env["pos.session"].browse(order.get("session_id"))
            member = self.env["res.partner"]._retail_enrol_later(session.config_id, new)
            order["partner_id"] = member.id
            if member:
                # The member has the data now; a name and a phone unmasked stay nowhere else.
                order["retail_new_member"] = False
        return super()._process_order(order, existing_order)
