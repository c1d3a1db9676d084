from odoo import fields, models


class RetailFestivalDay(models.Model):
    _name = "retail.festival.day"
    _description = "Day of a Festival"
    _order = "day"
    _rec_name = "day"

    festival_id = fields.Many2one("retail.festival", required=True, ondelete="cascade", index=True)
    day = fields.Date(required=True)

    _day_uniq = models.Constraint(
        "UNIQUE(festival_id, day)", "This day of the festival is listed already."
    )
