from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pos_sale_channel_id = fields.Many2one(
        related="pos_config_id.sale_channel_id", readonly=False, string="Sales Channel (Till)"
    )
    pos_retail_member_limit = fields.Integer(
        related="pos_config_id.retail_member_limit", readonly=False
    )
    pos_retail_receipt_words = fields.Boolean(
        related="pos_config_id.retail_receipt_words", readonly=False
    )
    pos_retail_receipt_qr = fields.Boolean(
        related="pos_config_id.retail_receipt_qr", readonly=False
    )
