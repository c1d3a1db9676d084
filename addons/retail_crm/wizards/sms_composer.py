from odoo import api, fields, models

from ..crm_engine.masking import is_masked

NUMBER = "recipient_single_number_itf"


class SmsComposer(models.TransientModel):
    _inherit = "sms.composer"

    retail_partner_id = fields.Many2one("res.partner", compute="_compute_retail_partner_id")

    @api.depends("res_model", "res_id")
    def _compute_retail_partner_id(self):
        for composer in self:
            composer.retail_partner_id = self._retail_recipient(composer.res_model, composer.res_id)

    @api.model
    def _retail_recipient(self, model, id_):
        """Return the partner to whom a message about a document goes."""
        if not model or not id_ or model not in self.env:
            return self.env["res.partner"]
        record = self.env[model].browse(id_)
        return record._mail_get_partners()[record.id][:1]

    # === MASKING === #

    @api.model
    def _contact_fields_own(self):
        return {
            **super()._contact_fields_own(),
            NUMBER: ("retail_partner_id", "phone"),
            "recipient_single_number": ("retail_partner_id", "phone"),
        }

    def _contact_onchange_partner(self, path, value, values):
        defaults = self.default_get(["res_model", "res_id"])
        document = {**defaults, **values, **value}
        return self._retail_recipient(document.get("res_model"), document.get("res_id"))

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([_without_masked(values) for values in vals_list])

    def write(self, vals):
        return super().write(_without_masked(vals))


def _without_masked(values):
    """The number goes to the recipient whole: a masked one means the one on file."""
    return {name: value for name, value in values.items() if name != NUMBER or not is_masked(value)}
