from odoo import api, fields, models
from odoo.tools import format_date, html2plaintext

from .retail_member_merge import ADDRESS

SHOWN = 120  # characters of a value


class RetailMemberMergeLine(models.TransientModel):
    _name = "retail.member.merge.line"
    _description = "Field in a Merge of Members"
    _order = "id"

    wizard_id = fields.Many2one("retail.member.merge", required=True, ondelete="cascade")
    field_name = fields.Char(required=True, readonly=True)
    label = fields.Char(string="Field", compute="_compute_label")
    kept_value = fields.Char(string="Member to Keep", compute="_compute_values")
    other_value = fields.Char(string="Merged Into It", compute="_compute_values")
    source_id = fields.Many2one(
        "retail.member.merge.candidate",
        string="Take the Value Of",
        required=True,
        domain="[('wizard_id', '=', wizard_id)]",
        ondelete="cascade",
    )

    @api.depends("field_name")
    def _compute_label(self):
        labels = self.env["res.partner"].sudo().fields_get(attributes=["string"])
        for line in self:
            if line.field_name == "address":
                line.label = self.env._("Address")
            else:
                line.label = labels[line.field_name]["string"]

    @api.depends("field_name", "wizard_id.survivor_id")
    def _compute_values(self):
        for line in self:
            survivor = line.wizard_id.survivor_id
            others = line.wizard_id.candidate_ids - survivor
            line.kept_value = line._text(survivor.partner_id)
            line.other_value = " / ".join(line._text(other.partner_id) or "–" for other in others)

    def _text(self, partner):
        """Return a member's value as people read it; contact data as far as they may see it."""
        self.ensure_one()
        if self.field_name == "address":
            parts = [self._value_text(partner, name) for name in ADDRESS]
            return ", ".join(filter(None, parts))
        return self._value_text(partner, self.field_name)

    def _value_text(self, partner, name):
        # What the values lead to (a class, a user) may be closed to the user, but for its name.
        value, field = partner.sudo()[name], partner._fields[name]
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if not value:
            return ""
        if field.type == "many2one":
            return value.display_name
        if field.type == "selection":
            return str(dict(field._description_selection(self.env))[value])
        if field.type in ("date", "datetime"):
            return format_date(self.env, value)
        if field.type == "html":
            return html2plaintext(value)[:SHOWN]
        # As the user reads it: contact data may be masked.
        return str(partner.read([name])[0][name])[:SHOWN]
