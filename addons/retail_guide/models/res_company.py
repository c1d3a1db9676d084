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

    _retail_forecast_days = models.Constraint(
        "CHECK(retail_forecast_weeks BETWEEN 4 AND 260 AND retail_lead_days >= 0"
        " AND retail_safety_days >= 0 AND retail_review_days >= 1 AND retail_slow_days >= 1)",
        "The forecast needs 4 to 260 weeks of sales; days between orders and days until a product "
        "is slow are 1 or more, lead time and safety are not negative.",
    )
