from odoo import fields, models


class ResUsersRole(models.Model):
    _inherit = "res.users.role"

    retail_level = fields.Integer(
        string="Level",
        default=100,
        help="Who holds a role of a higher level may grant this one to the staff of the own"
        " stores. A new role starts at 100: the system administrator alone grants it.",
    )
