from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..crm_engine.birthdays import (
    chinese_day,
    chinese_month,
    coming_birthdays,
    parse,
    solar_key,
)
from .retail_member_figure_mixin import joined_domain


class RetailMemberBirthdayMixin(models.AbstractModel):
    """A member's birthday by the calendar that the member keeps, and the day it falls on next.

    Stored is the day of the year only, so nothing can be out of date: a search joins the 1,086
    days that a birthday can have, each with its next date, to the members.
    """

    _name = "retail.member.birthday.mixin"
    _description = "Birthday of a Member"

    retail_lunar_birthday = fields.Char(
        string="Lunar Birthday",
        help="For members who keep their birthday by the Chinese lunar calendar: month and day, "
        "such as 8-15 or 八月十五, in a leap month L4-1 or 闰四月初一. With a year before it "
        "the solar birthday is filled in, too.",
    )
    retail_lunar_words = fields.Char(
        string="Lunar Birthday in Words", compute="_compute_retail_lunar_words"
    )
    retail_birthday_key = fields.Char(
        string="Day of the Birthday",
        compute="_compute_retail_birthday_key",
        store=True,
        index="btree_not_null",
        export_string_translation=False,
        help="Day of the year in its calendar, by which coming birthdays are found.",
    )
    retail_next_birthday = fields.Date(
        string="Next Birthday",
        compute="_compute_retail_next_birthday",
        search="_search_retail_next_birthday",
        help="By the lunar calendar when the member keeps it so, else by the solar one. A day "
        "that the year or the month lacks is kept on the last one before it.",
    )
    retail_birthday_month = fields.Integer(
        string="Birthday Month",
        compute="_compute_retail_birthday_month",
        search="_search_retail_birthday_month",
        help="Month of this year in which the birthday is kept, 1 to 12; 0 when it isn't known.",
    )

    # === READING AND TELLING === #

    @api.depends("retail_lunar_birthday")
    @api.depends_context("lang")
    def _compute_retail_lunar_words(self):
        chinese = (self.env.lang or "").startswith("zh")
        for partner in self:
            text = partner.retail_lunar_birthday
            partner.retail_lunar_words = text and self._retail_tell_lunar(parse(text)[0], chinese)

    @api.model
    def _retail_tell_lunar(self, birthday, chinese):
        month, day = birthday.month, birthday.day
        names = {
            "month": chinese_month(month) if chinese else month,
            "day": chinese_day(day) if chinese else day,
        }
        if birthday.leap:
            return self.env._("Lunar leap month %(month)s, day %(day)s", **names)
        return self.env._("Lunar month %(month)s, day %(day)s", **names)

    @api.model
    def _retail_read_lunar(self, text):
        """Return (lunar birthday as it is stored, solar day or None); raises UserError."""
        try:
            birthday, born = parse(text)
        except ValueError as error:
            raise UserError(
                self.env._(
                    "Lunar birthday: “%(value)s” is no day of the lunar calendar, or not in "
                    "that year. Write month and day, such as 8-15 or 八月十五, in a leap month "
                    "L4-1 or 闰四月初一.",
                    value=text,
                )
            ) from error
        return birthday.key, born

    @api.onchange("retail_lunar_birthday")
    def _onchange_retail_lunar_birthday(self):
        if self.retail_lunar_birthday:
            key, born = self._retail_read_lunar(self.retail_lunar_birthday)
            self.retail_lunar_birthday = key
            self.birthdate_date = self.birthdate_date or born

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._retail_lunar_values(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._retail_lunar_values(vals))

    @api.model
    def _retail_lunar_values(self, vals):
        text = vals.get("retail_lunar_birthday")
        return vals | {"retail_lunar_birthday": self._retail_read_lunar(text)[0]} if text else vals

    # === THE COMING BIRTHDAY === #

    @api.depends("birthdate_date", "retail_lunar_birthday")
    def _compute_retail_birthday_key(self):
        for partner in self:
            solar = partner.birthdate_date and solar_key(partner.birthdate_date)
            partner.retail_birthday_key = partner.retail_lunar_birthday or solar

    @api.depends("retail_birthday_key")
    def _compute_retail_next_birthday(self):
        coming = coming_birthdays(fields.Date.context_today(self))
        for partner in self:
            partner.retail_next_birthday = coming.get(partner.retail_birthday_key, False)

    @api.depends("retail_birthday_key")
    def _compute_retail_birthday_month(self):
        coming = self._retail_birthdays_of_the_year()
        for partner in self:
            day = coming.get(partner.retail_birthday_key)
            partner.retail_birthday_month = day.month if day else 0

    @api.model
    def _retail_birthdays_of_the_year(self):
        return coming_birthdays(fields.Date.context_today(self).replace(month=1, day=1))

    def _field_to_sql(self, alias, field_expr, query=None):
        """Join the days of the coming year where a search, sort or group needs them."""
        if field_expr != "retail_next_birthday" or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        coming = coming_birthdays(fields.Date.context_today(self))
        birthday = query.make_alias(alias, "next_birthday")
        query.add_join(
            "LEFT JOIN",
            birthday,
            SQL(
                "(SELECT * FROM unnest(%s, %s) AS day(key, day))", list(coming), [*coming.values()]
            ),
            SQL(
                "%s = %s",
                SQL.identifier(birthday, "key"),
                self._field_to_sql(alias, "retail_birthday_key", query),
            ),
        )
        return SQL.identifier(birthday, "day")

    def _search_retail_next_birthday(self, operator, value):
        return joined_domain("retail_next_birthday", operator, value)

    def _search_retail_birthday_month(self, operator, value):
        if operator != "in":
            return NotImplemented
        coming = self._retail_birthdays_of_the_year()
        keys = [key for key, day in coming.items() if day.month in value]
        return Domain("retail_birthday_key", "in", keys if all(value) else [*keys, False])
