from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    retail_duplicate_mode = fields.Selection(
        related="company_id.retail_duplicate_mode", readonly=False, required=True
    )
