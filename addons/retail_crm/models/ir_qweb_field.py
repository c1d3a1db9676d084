from odoo import api, models


class IrQwebField(models.AbstractModel):
    _inherit = "ir.qweb.field"

    @api.model
    def record_to_html(self, record, field_name, options):
        """Print a member's contact data masked for who may not see them."""
        target = record._contact_field(field_name)
        # Reports are rendered for the user who prints, now and then by sudo().
        if target and record[field_name] and record.with_user(self.env.uid)._contact_hidden():
            values = {field_name: record[field_name]}
            record.with_user(self.env.uid)._contact_mask_values([(record, values)])
            if values[field_name] != record[field_name]:
                return self.value_to_html(values[field_name], options)
        return super().record_to_html(record, field_name, options)
