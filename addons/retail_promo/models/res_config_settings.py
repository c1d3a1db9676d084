from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    retail_promo_on_orders = fields.Boolean(
        related="company_id.retail_promo_on_orders", readonly=False
    )
    retail_promo_tax_basis = fields.Selection(
        related="company_id.retail_promo_tax_basis", readonly=False, required=True
    )
    retail_promo_account_id = fields.Many2one(
        related="company_id.retail_promo_account_id", readonly=False
    )
    retail_promo_briefing = fields.Selection(
        related="company_id.retail_promo_briefing", readonly=False, required=True
    )
    retail_promo_briefing_days = fields.Integer(
        related="company_id.retail_promo_briefing_days", readonly=False
    )
