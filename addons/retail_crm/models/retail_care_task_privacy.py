from odoo import api, models


class RetailCareTask(models.Model):
    _inherit = "retail.care.task"

    @api.model
    def _contact_fields_own(self):
        texts = dict.fromkeys(("result_note", "problem", "suggestion"), ("partner_id", "prose"))
        return {**super()._contact_fields_own(), **texts}

    def write(self, vals):
        self._contact_check_partner(vals)
        return super().write(self._contact_restore(vals))
