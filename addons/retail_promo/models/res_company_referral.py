"""What a company gives members who bring new buyers."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    retail_referral_active = fields.Boolean(
        string="Reward Referrals",
        help="Members who recommended a new buyer get a reward for the buyer's first paid order.",
    )
    retail_referral_since = fields.Date(
        string="Rewarded Since",
        compute="_compute_retail_referral_since",
        store=True,
        readonly=False,
        help="Who bought before this day is no new buyer.",
    )
    retail_referral_kind = fields.Selection(
        [("points", "Points"), ("coupon", "A coupon")],
        string="Reward",
        required=True,
        default="points",
    )
    retail_referral_points = fields.Integer(string="Points for a New Buyer", default=100)
    retail_referral_promotion_id = fields.Many2one(
        "retail.promotion",
        string="Coupon for a New Buyer",
        domain="[('needs_coupon', '=', True), ('company_id', '=', id)]",
        ondelete="restrict",
    )
    retail_referral_amount = fields.Monetary(
        string="First Order From", help="Tax included. 0: any amount."
    )

    @api.depends("retail_referral_active")
    def _compute_retail_referral_since(self):
        for company in self.filtered("retail_referral_active"):
            if not company.retail_referral_since:
                company.retail_referral_since = fields.Date.context_today(self)

    @api.constrains(
        "retail_referral_active",
        "retail_referral_kind",
        "retail_referral_points",
        "retail_referral_promotion_id",
        "retail_referral_amount",
    )
    def _check_retail_referral(self):
        for company in self.filtered("retail_referral_active"):
            if company.retail_referral_amount < 0:
                raise ValidationError(self.env._("The first order can't be from below zero."))
            if company.retail_referral_kind == "points" and company.retail_referral_points <= 0:
                raise ValidationError(
                    self.env._("Say how many points a new buyer is worth, at least one.")
                )
            promotion = company.retail_referral_promotion_id
            if company.retail_referral_kind == "coupon" and not promotion.needs_coupon:
                raise ValidationError(
                    self.env._("Choose a promotion that needs a coupon as the reward.")
                )
