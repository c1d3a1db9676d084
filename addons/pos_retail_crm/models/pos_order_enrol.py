from odoo import api, fields, models

READERS = "retail_crm.group_contact_data"


class PosOrder(models.Model):
    _inherit = "pos.order"

    retail_new_member = fields.Json(
        copy=False,
        readonly=True,
        help="The customer of the order, as the till took them down without a connection.",
    )
    retail_failed_member = fields.Text(
        string="New Member Not Filed",
        copy=False,
        readonly=True,
        groups=READERS,
        help="What the till took down of a new member, where no member could be made of it.",
    )

    @api.model
    def _process_order(self, order, existing_order):
        """The member who was taken down with the order is its customer."""
        new = order.pop("retail_new_member", False)
        failed = False
        if new and not order.get("partner_id"):
            session = self.env["pos.session"].browse(order.get("session_id"))
            member = self.env["res.partner"]._retail_enrol_later(session.config_id, new)
            order["partner_id"] = member.id
            failed = not member and _in_words(new)
        order_id = super()._process_order(order, existing_order)
        if new:
            # The cashier leaves a name and a phone here that only others may read.
            self.browse(order_id).sudo().retail_failed_member = failed
        return order_id

    def action_clear_failed_member(self):
        """Forget what could not be filed: the member was found, or made by hand."""
        self.check_access("write")
        self.retail_failed_member = False


def _in_words(new):
    """Return what a till sent as text; it may be anything."""
    if not isinstance(new, dict):
        return str(new)
    return ", ".join(f"{name}: {value}" for name, value in new.items() if name != "uuid" and value)
