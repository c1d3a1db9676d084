"""Members recommend the shop: the code that a member passes on, and what came of it."""

import secrets

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# Nothing that is mistaken for something else when it is read out.
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LENGTH = 8


class ResPartner(models.Model):
    _inherit = "res.partner"

    retail_referral_code = fields.Char(
        string="Referral Code",
        copy=False,
        readonly=True,
        help="The member passes it on. Who joins with it names this member under 'Recommended "
        "By': type the code there.",
    )

    _retail_referral_code_uniq = models.UniqueIndex(
        "(retail_referral_code) WHERE retail_referral_code IS NOT NULL",
        "Another member has this referral code.",
    )

    def action_retail_referral_code(self):
        """Give members a referral code; who has one keeps it."""
        self.check_access("read")
        for member in self:
            if not member.is_member:
                raise UserError(
                    self.env._("%(name)s is no member: enrol the customer first.", name=member.name)
                )
            if not member.retail_referral_code:
                # A code is made by the system, also for who may not change the member.
                member.sudo().retail_referral_code = "".join(
                    secrets.choice(LETTERS) for _place in range(LENGTH)
                )
        return True

    def _retail_code_domain(self, term):
        domain = super()._retail_code_domain(term)
        return domain | Domain("retail_referral_code", "=", term.text.upper())

    def _retail_same_person(self, other):
        """Tell whether two members are one person, by phone or mail."""
        return self == other or any(
            self[name] and self[name] == other[name]
            for name in ("phone_sanitized", "email_normalized")
        )
