from odoo import api, fields, models
from odoo.exceptions import ValidationError


class RetailPromotionTier(models.Model):
    _name = "retail.promotion.tier"
    _description = "Promotion Step"
    _inherit = ["retail.promotion.part"]
    _order = "promotion_id, at, id"

    currency_id = fields.Many2one(related="promotion_id.currency_id")
    at = fields.Float(
        string="From",
        required=True,
        digits="Product Price",
        help="Amount or quantity from which the step holds.",
    )
    gives = fields.Selection(
        [("amount", "Amount off"), ("rate", "Percent off")], required=True, default="amount"
    )
    amount = fields.Monetary(string="Amount Off")
    percent = fields.Float(string="Percent Off", digits=(5, 2))

    _at_positive = models.Constraint("CHECK(at > 0)", "A step starts above zero.")
    _at_uniq = models.Constraint(
        "UNIQUE(promotion_id, at)", "Two steps of a promotion can't start at the same point."
    )

    @api.constrains("at", "gives", "amount", "percent", "promotion_id")
    def _check_reward(self):
        for tier in self:
            if tier.gives == "rate":
                if not 0 < tier.percent <= 100:
                    raise ValidationError(
                        self.env._("A step takes more than 0 and at most 100 percent off.")
                    )
            elif tier.amount <= 0:
                raise ValidationError(self.env._("A step takes an amount above zero off."))
            elif tier.promotion_id.tier_by == "amount" and tier.amount > tier.at:
                raise ValidationError(
                    self.env._(
                        "The step from %(at)s can't take %(amount)s off: that is more than "
                        "the customer spends.",
                        at=tier.at,
                        amount=tier.amount,
                    )
                )
