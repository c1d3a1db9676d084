from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    retail_promo_on_orders = fields.Boolean(
        related="company_id.retail_promo_on_orders", readonly=False
    )
    retail_promo_tax_basis = fields.Selection(
        related="company_id.retail_promo_tax_basis", readonly=False, required=True
    )
    retail_promo_keep_margin = fields.Boolean(
        related="company_id.retail_promo_keep_margin", readonly=False
    )
    retail_promo_min_margin = fields.Float(
        related="company_id.retail_promo_min_margin", readonly=False
    )
    retail_promo_account_id = fields.Many2one(
        related="company_id.retail_promo_account_id", readonly=False
    )
    retail_packet_account_id = fields.Many2one(
        related="company_id.retail_packet_account_id", readonly=False
    )
    retail_promo_briefing = fields.Selection(
        related="company_id.retail_promo_briefing", readonly=False, required=True
    )
    retail_promo_briefing_days = fields.Integer(
        related="company_id.retail_promo_briefing_days", readonly=False
    )
    retail_referral_active = fields.Boolean(
        related="company_id.retail_referral_active", readonly=False
    )
    retail_referral_since = fields.Date(related="company_id.retail_referral_since", readonly=False)
    retail_referral_kind = fields.Selection(
        related="company_id.retail_referral_kind", readonly=False, required=True
    )
    retail_referral_points = fields.Integer(
        related="company_id.retail_referral_points", readonly=False
    )
    retail_referral_promotion_id = fields.Many2one(
        related="company_id.retail_referral_promotion_id", readonly=False
    )
    retail_referral_amount = fields.Monetary(
        related="company_id.retail_referral_amount",
        readonly=False,
        currency_field="retail_referral_currency_id",
    )
    retail_referral_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Referral Currency"
    )
    retail_points_program_id = fields.Many2one(
        related="company_id.retail_points_program_id", readonly=False
    )
    retail_points_value = fields.Float(related="company_id.retail_points_value", readonly=False)
    retail_points_liability_account_id = fields.Many2one(
        related="company_id.retail_points_liability_account_id", readonly=False
    )
    retail_points_expense_account_id = fields.Many2one(
        related="company_id.retail_points_expense_account_id", readonly=False
    )
    retail_points_journal_id = fields.Many2one(
        related="company_id.retail_points_journal_id", readonly=False
    )
    retail_points_posting = fields.Selection(
        related="company_id.retail_points_posting", readonly=False, required=True
    )
