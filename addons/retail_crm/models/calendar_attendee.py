from odoo import models


class CalendarAttendee(models.Model):
    """Who comes to a store visit is written to in the own language."""

    _inherit = "calendar.attendee"

    def _notify_attendees(self, mail_template, notify_author=False, force_send=False):
        """Stock's templates name no language: without one they speak that of the sender."""
        comers = self.filtered("event_id.retail_visit_state")
        options = {"notify_author": notify_author, "force_send": force_send}
        for lang, attendees in comers.grouped(lambda comer: comer.partner_id.lang).items():
            spoken = mail_template and mail_template.with_context(lang=lang)
            super(CalendarAttendee, attendees)._notify_attendees(spoken, **options)
        return super(CalendarAttendee, self - comers)._notify_attendees(mail_template, **options)
