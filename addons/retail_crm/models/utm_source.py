from odoo import fields, models


class UtmSource(models.Model):
    _inherit = "utm.source"

    retail_member_source = fields.Boolean(
        string="Source of Members",
        help="Offered on the form of a member; other sources belong to mailings and adverts.",
    )
    retail_needs_referrer = fields.Boolean(
        string="Recommended by a Member",
        help="Members won this way should name who recommended them; their form warns "
        "as long as nobody is named.",
    )
