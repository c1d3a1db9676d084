from odoo import api, models

HIDDEN = ("phone", "email")


class IrQwebFieldContact(models.AbstractModel):
    _inherit = "ir.qweb.field.contact"

    @api.model
    def value_to_html(self, value, options):
        """Leave phone and mail of a member out of what a user without the right prints."""
        reader = self.with_user(self.env.uid)
        if value and reader._contact_hidden() and value.id in value._contact_masked():
            shown = options.get("fields") or ["name", "address", *HIDDEN]
            options = {**options, "fields": [name for name in shown if name not in HIDDEN]}
        return super().value_to_html(value, options)
