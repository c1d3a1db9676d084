from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pos_retail_slice_percent = fields.Float(
        related="pos_config_id.retail_slice_percent", readonly=False
    )
    pos_retail_slice_hours = fields.Integer(
        related="pos_config_id.retail_slice_hours", readonly=False
    )
