from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    retail_forecast_weeks = fields.Integer(
        string="Weeks of Sales", default=52, help="The forecast learns from so many weeks of sales."
    )
    retail_lead_days = fields.Integer(
        string="Lead Time (Days)",
        default=7,
        help="From ordering to the shelf, for products whose vendor has no lead time.",
    )
    retail_safety_days = fields.Integer(
        string="Safety (Days)",
        default=3,
        help="So many days of usual demand stay in stock for what can't be foreseen.",
    )
    retail_review_days = fields.Integer(
        string="Days between Orders",
        default=7,
        help="An order brings the stock up to the demand of so many days more.",
    )
    retail_slow_days = fields.Integer(
        string="Slow after (Days)",
        default=90,
        help="What is in stock and hasn't sold for so many days is a slow mover.",
    )

    retail_online_margin = fields.Integer(
        string="Weight of the Margin", default=40, help="In the choice of products for online."
    )
    retail_online_turnover = fields.Integer(
        string="Weight of the Turnover", default=30, help="In the choice of products for online."
    )
    retail_online_repeat = fields.Integer(
        string="Weight of Buying Again", default=30, help="In the choice of products for online."
    )
    retail_short_sale = fields.Selection(
        [
            ("refuse", "Refuse to confirm the order"),
            ("warn", "Confirm it with a warning"),
            ("allow", "Confirm it"),
        ],
        string="Selling What Is Not in Stock",
        default="warn",
        required=True,
        help="Of orders that a store delivers. What comes until the day of delivery counts as "
        "in stock. Orders that were paid first are never refused.",
    )

    _retail_forecast_days = models.Constraint(
        "CHECK(retail_forecast_weeks BETWEEN 4 AND 260 AND retail_lead_days >= 0"
        " AND retail_safety_days >= 0 AND retail_review_days >= 1 AND retail_slow_days >= 1)",
        "The forecast needs 4 to 260 weeks of sales; days between orders and days until a product "
        "is slow are 1 or more, lead time and safety are not negative.",
    )

    _retail_online_weights = models.Constraint(
        "CHECK(LEAST(retail_online_margin, retail_online_turnover, retail_online_repeat) >= 0"
        " AND retail_online_margin + retail_online_turnover + retail_online_repeat > 0)",
        "The weights of the choice for online are 0 or more, and not all of them 0.",
    )
