from odoo import fields, models


class RetailStockAlarmRecipient(models.Model):
    """Who is told of the alarms of a rule, and how."""

    _name = "retail.stock.alarm.recipient"
    _description = "Stock Alarm Recipient"
    _order = "id"

    rule_id = fields.Many2one(
        "retail.stock.alarm.rule", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="rule_id.company_id")
    user_id = fields.Many2one(
        "res.users", required=True, domain="[('share', '=', False)]", ondelete="cascade"
    )
    by_mail = fields.Boolean(string="Mail", default=True)
    by_sms = fields.Boolean(string="SMS")

    _user_uniq = models.UniqueIndex("(rule_id, user_id)", "A colleague is named once.")

    def _channels(self):
        self.ensure_one()
        chosen = (("mail", self.by_mail), ("sms", self.by_sms))
        return [channel for channel, is_chosen in chosen if is_chosen]
