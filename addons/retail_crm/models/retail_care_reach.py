"""By which ways a member can and may be reached."""

from odoo import api, models
from odoo.tools import SQL

# Form: what the member must have, and must have agreed to.
NEEDS = {
    "mail": ("has_mail", "mail_allowed"),
    "sms": ("has_phone", "sms_allowed"),
    "call": ("has_phone", "call_allowed"),
    "letter": ("has_street", None),
    "visit": (None, None),
}


class RetailCarePlan(models.Model):
    _inherit = "retail.care.plan"

    @api.model
    def _needs(self):
        """Return {form: (what the member must have, what he must have agreed to)}."""
        return NEEDS

    @api.model
    def _reach_sql(self):
        """Return the columns on ``member`` that the needs name."""
        return SQL(
            """COALESCE(member.email_normalized, '') != '' AS has_mail,
               COALESCE(member.phone, '') != '' AS has_phone,
               COALESCE(member.street, '') != '' AS has_street,
               COALESCE(member.retail_consent_mail, FALSE) AND NOT EXISTS (
                   SELECT 1 FROM mail_blacklist refused
                    WHERE refused.email = member.email_normalized AND refused.active
               ) AS mail_allowed,
               COALESCE(member.retail_consent_sms, FALSE) AND NOT EXISTS (
                   SELECT 1 FROM phone_blacklist refused
                    WHERE refused.number = member.phone_sanitized AND refused.active
               ) AS sms_allowed,
               COALESCE(member.retail_consent_phone, FALSE) AS call_allowed"""
        )

    def _closed(self, row):
        """Return why the way of this line is closed to the member of the row; None when open."""
        if self._lacks_template():
            return "no_template"
        address, agreement = self._needs()[self.form]
        if address and not row[address]:
            return "no_address"
        return "no_consent" if agreement and not row[agreement] else None

    def _closed_to(self, partner):
        """Return why this way is closed to a member now; None when open."""
        self.env.flush_all()
        row = self.env.execute_query_dict(
            SQL(
                "SELECT member.do_not_contact OR NOT member.active AS refused, %s"
                " FROM res_partner member WHERE member.id = %s",
                self._reach_sql(),
                partner.id,
            )
        )[0]
        return "do_not_contact" if row["refused"] else self._closed(row)
