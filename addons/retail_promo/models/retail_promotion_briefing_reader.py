from odoo import fields, models

from .retail_promotion_briefing import ACTIVITY


class RetailPromotionBriefingReader(models.Model):
    _name = "retail.promotion.briefing.reader"
    _description = "Reader of a Briefing"
    _order = "state desc, user_id, id"
    _rec_name = "user_id"

    briefing_id = fields.Many2one(
        "retail.promotion.briefing", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="briefing_id.company_id")
    user_id = fields.Many2one(
        "res.users",
        string="Person",
        required=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        ondelete="cascade",
        index=True,
    )
    state = fields.Selection(
        [("unread", "Unread"), ("acknowledged", "Acknowledged")],
        required=True,
        default="unread",
        readonly=True,
    )
    acknowledged_at = fields.Datetime(string="Acknowledged On", readonly=True)
    reminded_at = fields.Datetime(string="Reminded On", readonly=True)

    _user_uniq = models.Constraint(
        "UNIQUE(briefing_id, user_id)", "This person is on the list already."
    )

    def _notify(self, subject):
        """Send the readers the briefing: a message, and a to-do where none is open."""
        for briefing, readers in self.grouped("briefing_id").items():
            users = readers.user_id.filtered("active")
            if not users:
                continue
            # Readers are people of the house; whether their addresses may be seen is no matter.
            briefing.sudo().message_notify(
                partner_ids=users.partner_id.ids,
                subject=subject,
                body=briefing.text,
                email_layout_xmlid="mail.mail_notification_light",
            )
            planned = briefing.sudo().activity_ids.user_id
            day = (briefing.date_from or fields.Datetime.now()).date()
            # The message tells them; the to-do needs no second mail.
            quiet = briefing.sudo().with_context(mail_activity_quick_update=True)
            for user in users - planned:
                quiet.activity_schedule(
                    ACTIVITY, date_deadline=day, summary=subject, user_id=user.id
                )
