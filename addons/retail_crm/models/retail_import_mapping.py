from odoo import api, fields, models
from odoo.exceptions import ValidationError


class RetailImportMapping(models.Model):
    _name = "retail.import.mapping"
    _description = "Import Column"
    _order = "sequence, id"

    profile_id = fields.Many2one("retail.import.profile", required=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    header = fields.Char(string="Column in the File", required=True)
    field_name = fields.Char(string="Holds", help="Empty: the column is left out.")
    field_choices = fields.Json(related="profile_id.field_choices")

    _header_uniq = models.Constraint(
        "UNIQUE(profile_id, header)", "A column is mapped only once in a profile."
    )
    _field_uniq = models.UniqueIndex(
        "(profile_id, field_name) WHERE field_name IS NOT NULL",
        "Two columns can't hold the same thing.",
    )

    @api.constrains("field_name", "profile_id")
    def _check_field_name(self):
        for line in self.filtered("field_name"):
            if line.field_name not in line.profile_id._get_target()._import_fields():
                raise ValidationError(
                    self.env._(
                        "%(profile)s has nothing called %(field)s.",
                        profile=line.profile_id.display_name,
                        field=line.field_name,
                    )
                )
