from odoo import fields, models


class RetailCustomerClass(models.Model):
    _inherit = "retail.customer.class"

    points_multiplier = fields.Float(
        default=1.0,
        digits=(6, 2),
        tracking=True,
        help="Members of this class collect so many times the points of a purchase. 1: the usual.",
    )

    _points_multiplier_positive = models.Constraint(
        "CHECK(points_multiplier >= 0)", "A multiplier of points can't be negative."
    )
