from odoo import api, fields, models


class RetailStockAlarmNotice(models.Model):
    """A mail or SMS by which one colleague was told of an alarm, and what became of it."""

    _name = "retail.stock.alarm.notice"
    _description = "Stock Alarm Notice"
    _order = "id desc"

    alarm_id = fields.Many2one(
        "retail.stock.alarm", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="alarm_id.company_id", store=True)
    user_id = fields.Many2one("res.users", string="To", required=True, readonly=True)
    channel = fields.Selection([("mail", "Mail"), ("sms", "SMS")], required=True, readonly=True)
    state = fields.Selection(
        [("queued", "On Its Way"), ("sent", "Sent"), ("failed", "Failed")],
        required=True,
        default="queued",
        readonly=True,
        index=True,
    )
    failure = fields.Char(readonly=True)
    told_at = fields.Datetime(default=fields.Datetime.now, readonly=True)
    mail_id = fields.Many2one("mail.mail", readonly=True, ondelete="set null")
    sms_id = fields.Many2one("sms.sms", readonly=True, ondelete="set null")

    def _send(self):
        """Put the mail or SMS of each notice into its queue, or say why it can't go."""
        for notice in self:
            if notice.channel == "mail":
                notice._send_mail()
            else:
                notice._send_sms()

    def _send_mail(self):
        if not self.user_id.email:
            self._fail(self.env._("%(user)s has no mail address.", user=self.user_id.name))
            return
        template = self.env.ref("retail_guide.mail_template_stock_alarm")
        self.mail_id = template.send_mail(self.id)

    def _send_sms(self):
        partner = self.user_id.partner_id
        number = partner.phone_sanitized or partner.phone
        if not number:
            self._fail(self.env._("%(user)s has no phone number.", user=self.user_id.name))
            return
        template = self.env.ref("retail_guide.sms_template_stock_alarm")
        body = template._render_field("body", self.ids, compute_lang=True)[self.id]
        self.sms_id = self.env["sms.sms"].create(
            {"number": number, "body": body, "partner_id": partner.id}
        )

    def _fail(self, reason):
        self.write({"state": "failed", "failure": reason})

    @api.model
    def _refresh(self):
        """Note what became of the notices on their way.

        Mails and SMS that went out are deleted by their queues, failed ones stay.
        """
        for notice in self.search([("state", "=", "queued")]):
            mail, sms = notice.mail_id, notice.sms_id
            if mail.state == "exception" or mail.state == "cancel":
                notice._fail(mail.failure_reason or mail.failure_type or mail.state)
            elif sms.state in ("error", "canceled"):
                labels = dict(sms._fields["failure_type"]._description_selection(self.env))
                notice._fail(labels.get(sms.failure_type) or sms.state)
            elif mail.state in (False, "sent", "received") and sms.state in (
                False,
                "process",
                "pending",
                "sent",
            ):
                notice.state = "sent"
