from odoo import api, models

TEXTS = ("subject", "content", "next_action")


class RetailCommunication(models.Model):
    _inherit = "retail.communication"

    @api.model
    def _contact_fields_own(self):
        return {
            **super()._contact_fields_own(),
            **dict.fromkeys((*TEXTS, "display_name"), ("partner_id", "prose")),
        }

    @api.model_create_multi
    def create(self, vals_list):
        """A correction begins with the text that its author was shown."""
        default = self.env.context.get("default_corrects_id")
        vals_list = [
            self.browse(vals.get("corrects_id", default))._contact_restore(vals)
            for vals in vals_list
        ]
        return super().create(vals_list)

    def write(self, vals):
        self._contact_check_partner(vals)
        return super().write(self._contact_restore(vals))

    def action_correct(self):
        action = super().action_correct()
        if self._contact_hidden():
            defaults = {name: action["context"][f"default_{name}"] for name in TEXTS}
            self._contact_mask_values([(self, defaults)])
            action["context"] |= {f"default_{name}": text for name, text in defaults.items()}
        return action

    def _propose_phones(self, findings):
        """Propose no number that stands masked in the text."""
        if self._origin and self._contact_hidden() and self.partner_id._origin._contact_masked():
            return []
        return super()._propose_phones(findings)
