from odoo import api, models
from odoo.addons.retail_crm.crm_engine.masking import is_masked


class PosOrder(models.Model):
    _inherit = "pos.order"

    @api.model
    def _contact_fields_own(self):
        return {
            **super()._contact_fields_own(),
            "email": ("partner_id", "email"),
            "mobile": ("partner_id", "phone"),
        }

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([_without_masked(values) for values in vals_list])

    def write(self, vals):
        return super().write(_without_masked(vals))

    def action_send_receipt(self, email, ticket_image, basic_image):
        """Send to the member's own address when the till shows it masked."""
        if is_masked(email):
            # The cashier doesn't see the address; the member gets the receipt all the same.
            email = self.partner_id.sudo().email
        return super().action_send_receipt(email, ticket_image, basic_image)


def _without_masked(values):
    """A masked value that the till sends back changes nothing."""
    names = [name for name in ("email", "mobile") if is_masked(values.get(name))]
    return {name: value for name, value in values.items() if name not in names}
