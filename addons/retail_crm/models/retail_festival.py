from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ..crm_engine.birthdays import LunarBirthday, coming_birthdays


class RetailFestival(models.Model):
    """A day of the year on which members are greeted, by one of the two calendars or by list."""

    _name = "retail.festival"
    _description = "Festival"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    calendar = fields.Selection(
        [
            ("solar", "Same Day Each Year"),
            ("lunar", "Lunar Calendar"),
            ("listed", "Listed Days"),
        ],
        required=True,
        default="solar",
        help="Listed Days: for festivals that no rule gives, such as a sale that is fixed anew "
        "each year.",
    )
    month = fields.Integer(default=1, required=True)
    day = fields.Integer(
        default=1,
        required=True,
        help="A lunar 30th falls on the 29th in months without it: 12-30 is always the last day "
        "of the lunar year. 29 February falls on the 28th in other years.",
    )
    day_ids = fields.One2many("retail.festival.day", "festival_id", string="Days")
    next_day = fields.Date(string="Next", compute="_compute_next_day")

    @api.depends("calendar", "month", "day", "day_ids.day")
    def _compute_next_day(self):
        today = fields.Date.context_today(self)
        for festival in self:
            festival.next_day = festival._coming_day(today)

    @api.depends("name", "next_day")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for festival in self:
            day = festival.next_day and format_date(self.env, festival.next_day)
            festival.display_name = f"{festival.name} ({day})" if day else festival.name

    @api.constrains("calendar", "month", "day")
    def _check_day(self):
        for festival in self:
            if festival.calendar == "listed":
                continue
            if festival._key() not in coming_birthdays(fields.Date.context_today(self)):
                raise ValidationError(
                    self.env._(
                        "%(name)s: there is no day %(day)s in month %(month)s of this calendar.",
                        name=festival.name,
                        day=festival.day,
                        month=festival.month,
                    )
                )

    def _key(self):
        """Return the key under which the calendar of the coming year has the day."""
        if self.calendar == "lunar":
            return LunarBirthday(self.month, self.day).key
        return f"S{self.month:02d}-{self.day:02d}"

    def _coming_day(self, first):
        """Return the day of the festival on or after a day; False when none is known."""
        self.ensure_one()
        if self.calendar == "listed":
            days = [line.day for line in self.day_ids if line.day and line.day >= first]
            return min(days, default=False)
        return coming_birthdays(first).get(self._key(), False)
