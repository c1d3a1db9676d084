from odoo import api, models

from ..crm_engine.masking import is_masked


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    @api.model
    def _contact_fields_own(self):
        return {
            **super()._contact_fields_own(),
            "partner_email": ("partner_id", "email"),
            "email_cc": ("partner_id", "email"),
            "description": ("partner_id", "html"),
            "solution": ("partner_id", "prose"),
            "customer_answer_note": ("partner_id", "prose"),
        }

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._contact_unmask(values) for values in vals_list])

    def write(self, vals):
        self._contact_check_partner(vals)
        return super().write(self._contact_unmask(self._contact_restore(vals)))

    @api.model
    def _contact_unmask(self, vals):
        """A masked mail that a form sends back means the customer's own, or no change."""
        names = [name for name in ("partner_email", "email_cc") if is_masked(vals.get(name))]
        vals = {name: value for name, value in vals.items() if name not in names}
        if "partner_email" in names and vals.get("partner_id"):
            # The ticket keeps the whole address, whoever opened it.
            partner = self.env["res.partner"].sudo().browse(vals["partner_id"])
            vals["partner_email"] = partner.email
        return vals

    def _retail_erased_values(self, gone):
        """Return what an erased member's request says from now on; gone: instead of words."""
        return {
            "name": gone,
            "description": gone,
            "partner_name": self.partner_id.name,
            "partner_email": False,
        }
