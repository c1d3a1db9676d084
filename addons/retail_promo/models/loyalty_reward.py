from odoo import fields, models


class LoyaltyReward(models.Model):
    _inherit = "loyalty.reward"

    retail_bill_percent = fields.Float(
        string="Share of the Bill (%)",
        help="Points pay at most this share of an order, on orders and at tills. 0: all of it.",
    )

    _retail_bill_percent_range = models.Constraint(
        "CHECK(retail_bill_percent >= 0 AND retail_bill_percent <= 100)",
        "The share of the bill that points pay lies between 0 and 100 percent.",
    )
