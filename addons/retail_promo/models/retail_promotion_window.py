from odoo import api, fields, models
from odoo.exceptions import ValidationError

DAY_FIELDS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_HOURS = 24


class RetailPromotionWindow(models.Model):
    _name = "retail.promotion.window"
    _description = "Promotion Hours"
    _inherit = ["retail.promotion.part"]
    _order = "promotion_id, hour_from, id"

    monday = fields.Boolean(string="Mon", default=True)
    tuesday = fields.Boolean(string="Tue", default=True)
    wednesday = fields.Boolean(string="Wed", default=True)
    thursday = fields.Boolean(string="Thu", default=True)
    friday = fields.Boolean(string="Fri", default=True)
    saturday = fields.Boolean(string="Sat", default=True)
    sunday = fields.Boolean(string="Sun", default=True)
    hour_from = fields.Float(string="From", required=True)
    hour_to = fields.Float(
        string="Until",
        required=True,
        default=DAY_HOURS,
        help="An end that is not after the start lies on the next day.",
    )

    @api.constrains("hour_from", "hour_to", *DAY_FIELDS)
    def _check_hours(self):
        for window in self:
            if not (0 <= window.hour_from < DAY_HOURS and 0 <= window.hour_to <= DAY_HOURS):
                raise ValidationError(self.env._("Hours lie between 0:00 and 24:00."))
            if not window._weekdays():
                raise ValidationError(self.env._("Choose at least one weekday for the hours."))

    def _weekdays(self):
        """Return the days of the window, 1 (Monday) to 7 (Sunday)."""
        return [day for day, field in enumerate(DAY_FIELDS, start=1) if self[field]]
