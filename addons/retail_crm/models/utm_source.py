from odoo import fields, models


class UtmSource(models.Model):
    _inherit = "utm.source"

    retail_needs_referrer = fields.Boolean(
        string="Recommended by a Member",
        help="Members won this way should name who recommended them; their form warns "
        "as long as nobody is named.",
    )
