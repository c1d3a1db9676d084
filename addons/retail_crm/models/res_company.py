from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    retail_duplicate_mode = fields.Selection(
        [("block", "Refuse to save"), ("warn", "Save and warn")],
        string="Same Phone or Email Twice",
        default="block",
        required=True,
        help="What happens when a member is saved with the phone or email of another member.",
    )
