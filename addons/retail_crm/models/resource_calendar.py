from odoo import models
from odoo.fields import Domain

from ..crm_engine.working_time import Shift, WorkingTime


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _retail_working_time(self, company):
        """Return the calendar as the pure clock sees it: shifts, breaks and common leaves."""
        self.ensure_one()
        lines = self.attendance_ids.filtered(lambda line: not line.display_type)
        breaks = lines.filtered(lambda line: line.day_period == "lunch")
        leaves = self.env["resource.calendar.leaves"].search(
            Domain("calendar_id", "in", [False, self.id])
            & Domain("company_id", "in", [False, company.id])
            & Domain("resource_id", "=", False)
            & Domain("time_type", "=", "leave")
        )
        return WorkingTime(
            self.tz,
            [self._retail_shift(line) for line in lines - breaks],
            [self._retail_shift(line) for line in breaks],
            [(leave.date_from, leave.date_to) for leave in leaves],
        )

    def _retail_shift(self, line):
        week = int(line.week_type) if self.two_weeks_calendar and line.week_type else None
        return Shift(
            int(line.dayofweek), round(line.hour_from * 60), round(line.hour_to * 60), week
        )
