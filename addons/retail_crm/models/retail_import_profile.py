from odoo import api, fields, models
from odoo.fields import Domain


class RetailImportProfile(models.Model):
    _name = "retail.import.profile"
    _description = "Import Profile"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Short name by which scripts and interfaces choose this profile.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    target = fields.Selection(
        selection="_selection_target", required=True, string="What the File Holds"
    )
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, help="Empty: for all companies."
    )
    mapping_ids = fields.One2many("retail.import.mapping", "profile_id", copy=True)
    can_run = fields.Boolean(compute="_compute_can_run", search="_search_can_run")
    field_choices = fields.Json(compute="_compute_field_choices")
    field_help = fields.Html(compute="_compute_field_help", sanitize=False)
    encoding = fields.Selection(
        [
            ("utf-8", "UTF-8"),
            ("gb18030", "Simplified Chinese (GB18030, GBK)"),
            ("big5hkscs", "Traditional Chinese (Big5)"),
            ("cp1252", "Western European (Windows-1252)"),
        ],
        help="Of text files (.csv). Empty: found out by itself between UTF-8 and GB18030.",
    )
    delimiter = fields.Selection(
        [(",", "Comma"), (";", "Semicolon"), ("\t", "Tab"), ("|", "Vertical Bar")],
        help="Of text files (.csv). Empty: found out by itself.",
    )
    date_order = fields.Selection(
        [("dmy", "Day/Month/Year"), ("mdy", "Month/Day/Year")],
        help="How dates such as 3/4/2025 are meant. Empty: such dates are refused; "
        "2025-04-03 and date cells need no choice.",
    )
    amounts_tax = fields.Selection(
        [("included", "Tax included"), ("excluded", "Without tax"), ("none", "No tax at all")],
        string="Amounts Are",
        default="included",
        required=True,
        help="Where the file states no tax, it is worked out from the taxes of the product.",
    )
    unknown_member = fields.Selection(
        [("refuse", "Refuse the row"), ("ignore", "Import without a member")],
        string="Unknown Members",
        default="refuse",
        required=True,
    )

    _code_uniq = models.UniqueIndex(
        "(lower(code), COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "The company has an import profile with this code.",
    )

    @api.model
    def _selection_target(self):
        """Return the targets on offer; addons with further targets add theirs."""
        return [
            ("history", self.env._("Sales History")),
            ("member", self.env._("Members")),
            ("post", self.env._("Posts and Chats")),
        ]

    @api.depends("target")
    @api.depends_context("uid")
    def _compute_can_run(self):
        allowed = self._get_allowed_targets()
        for profile in self:
            profile.can_run = profile.target in allowed

    @api.model
    def _search_can_run(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("target", "in", self._get_allowed_targets())
        return domain if True in value else ~domain

    @api.model
    def _get_allowed_targets(self):
        """Return the names of the targets that the user may import."""
        return [
            target
            for target, _label in self._selection_target()
            if self.env.user.has_group(self.env[f"retail.import.target.{target}"]._import_group)
        ]

    def _get_target(self):
        """Return the target's model."""
        self.ensure_one()
        return self.env[f"retail.import.target.{self.target}"]

    @api.depends("target")
    @api.depends_context("lang")
    def _compute_field_choices(self):
        for profile in self:
            specs = profile._get_target()._import_fields() if profile.target else {}
            profile.field_choices = [[name, str(spec["label"])] for name, spec in specs.items()]

    @api.depends("target")
    @api.depends_context("lang")
    def _compute_field_help(self):
        for profile in self:
            profile.field_help = profile.target and profile._get_target()._import_help()

    def _get_chosen_columns(self):
        """Return {column name: field or ""} as users mapped them."""
        return {line.header: line.field_name or "" for line in self.mapping_ids}
