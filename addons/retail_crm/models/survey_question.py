from odoo import fields, models

FACTORS = [
    ("product", "Products"),
    ("logistics", "Delivery"),
    ("service", "Service"),
    ("experience", "Buying Experience"),
    ("recommend", "Would Recommend"),
]


class SurveyQuestion(models.Model):
    _inherit = "survey.question"

    retail_factor = fields.Selection(
        FACTORS,
        string="Measures",
        index="btree_not_null",
        help="What of the satisfaction a question on a scale asks for. Would Recommend, from 0 to "
        "10, gives the net promoter score.",
    )
