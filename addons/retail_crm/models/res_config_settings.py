from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    retail_duplicate_mode = fields.Selection(
        related="company_id.retail_duplicate_mode", readonly=False, required=True
    )
    retail_communication_lock_hours = fields.Integer(
        related="company_id.retail_communication_lock_hours", readonly=False
    )
    retail_communication_keep_months = fields.Integer(
        related="company_id.retail_communication_keep_months", readonly=False
    )
    retail_communication_failed_percent = fields.Float(
        related="company_id.retail_communication_failed_percent", readonly=False
    )
    retail_spend_medium = fields.Monetary(
        related="company_id.retail_spend_medium",
        readonly=False,
        currency_field="currency_id",
    )
    retail_spend_high = fields.Monetary(
        related="company_id.retail_spend_high",
        readonly=False,
        currency_field="currency_id",
    )
    retail_spend_top = fields.Monetary(
        related="company_id.retail_spend_top",
        readonly=False,
        currency_field="currency_id",
    )
