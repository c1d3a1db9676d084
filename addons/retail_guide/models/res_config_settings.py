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
    retail_short_sale = fields.Selection(
        related="company_id.retail_short_sale", readonly=False, required=True
    )
    retail_online_margin = fields.Integer(related="company_id.retail_online_margin", readonly=False)
    retail_online_turnover = fields.Integer(
        related="company_id.retail_online_turnover", readonly=False
    )
    retail_online_repeat = fields.Integer(related="company_id.retail_online_repeat", readonly=False)
