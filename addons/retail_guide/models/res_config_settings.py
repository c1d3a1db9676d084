from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    retail_forecast_weeks = fields.Integer(
        related="company_id.retail_forecast_weeks", readonly=False
    )
    retail_lead_days = fields.Integer(related="company_id.retail_lead_days", readonly=False)
    retail_safety_days = fields.Integer(related="company_id.retail_safety_days", readonly=False)
    retail_review_days = fields.Integer(related="company_id.retail_review_days", readonly=False)
    retail_slow_days = fields.Integer(related="company_id.retail_slow_days", readonly=False)
