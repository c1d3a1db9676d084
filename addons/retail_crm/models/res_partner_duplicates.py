from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import SQL

TRIGGERS = {"phone", "email", "country_id", "is_member", "company_id", "retail_shared_phone"}
NAMED = 3  # duplicates that a message names
# In the context of who saves a member that can't be asked any more: a duplicate is noted, not
# refused. An object, so that no client can send it.
FILE_LATER = object()


class ResPartner(models.Model):
    _inherit = "res.partner"

    retail_shared_phone = fields.Boolean(
        string="Shares This Phone",
        tracking=True,
        help="The number belongs to several members, such as the land line of a shop or of a "
        "family: the same number at another member is no duplicate.",
    )
    retail_external_key = fields.Char(
        string="Key in the Older System",
        copy=False,
        readonly=True,
        help="An import finds the member again by it.",
    )

    _retail_external_key_uniq = models.UniqueIndex(
        "(retail_external_key) WHERE retail_external_key IS NOT NULL",
        "Another member has this key of the older system.",
    )
    _retail_member_phone_idx = models.Index(
        "(phone_sanitized) WHERE is_member AND phone_sanitized IS NOT NULL"
    )
    _retail_member_mail_idx = models.Index(
        "(email_normalized) WHERE is_member AND email_normalized IS NOT NULL"
    )

    # === SAVING === #

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        members = partners.filtered("is_member")
        if members:
            members._retail_check_duplicates()
        return partners

    def write(self, vals):
        if TRIGGERS.isdisjoint(vals):
            return super().write(vals)
        before = {partner.id: partner._retail_contact_key() for partner in self}
        result = super().write(vals)
        changed = self.filtered(
            lambda partner: (
                partner.is_member and partner._retail_contact_key() != before.get(partner.id)
            )
        )
        if changed:
            changed._retail_check_duplicates()
        return result

    @api.onchange("phone", "email", "retail_shared_phone")
    def _onchange_retail_duplicates(self):
        """Tell of a duplicate while the form is still being filled in."""
        if not self.is_member:
            return None
        found = self._retail_find_duplicates([self._retail_contact_row()])
        if not found:
            return None
        others = self.browse(other_id for _id, other_id, _kind in found)
        return {
            "warning": {
                "title": self.env._("Perhaps the Same Member"),
                "message": self._retail_duplicate_message(self, others),
            }
        }

    def _retail_contact_key(self):
        """Return what a duplicate is told by; a change of it is looked at again."""
        self.ensure_one()
        contact = self.sudo()  # the number may be masked for the user who saves something else
        return (
            contact.is_member,
            contact.phone_sanitized,
            contact.email_normalized,
            contact.company_id,
            contact.retail_shared_phone,
        )

    def _retail_contact_row(self):
        """Return the contact as ``_retail_find_duplicates`` takes it."""
        self.ensure_one()
        return {
            "id": self._origin.id or 0,
            "phone": (not self.retail_shared_phone and self.phone_sanitized) or None,
            "mail": self.email_normalized or None,
            "company": self.company_id.id or None,
        }

    def _retail_check_duplicates(self):
        """Stop, or warn, when another member has the phone or the mail of one of these."""
        rows = [partner._retail_contact_row() for partner in self.sudo()]
        values = {value for row in rows for value in (row["phone"], row["mail"]) if value}
        if not values:
            return
        self.env["retail.member.guard"]._touch(values)
        found = self._retail_find_duplicates(rows)
        for partner in self.filtered(lambda partner: partner.id in {row[0] for row in found}):
            others = self.browse(row[1] for row in found if row[0] == partner.id)
            partner._retail_report_duplicates(others)

    @api.model
    def _retail_find_duplicates(self, rows):
        """Return {(row id, other member's id, "phone"|"mail")}, of archived members too.

        ``rows`` are dicts with id (0: not saved yet), phone (E.164), mail (normalised),
        company (id or None); members of two companies are no duplicates. One query.
        """
        rows = [row for row in rows if row["phone"] or row["mail"]]
        if not rows:
            return set()
        self.flush_model(["phone_sanitized", "email_normalized", "is_member", "company_id"])
        query = SQL(
            """WITH saved AS (
                   SELECT * FROM unnest(%(ids)s::int[], %(phones)s::varchar[],
                                        %(mails)s::varchar[], %(companies)s::int[])
                              AS saved (id, phone, mail, company_id)
               )
               SELECT saved.id, other.id, 'phone' FROM saved
                 JOIN res_partner other ON other.phone_sanitized = saved.phone
                WHERE other.is_member AND other.id <> saved.id
                  AND COALESCE(other.company_id = saved.company_id, TRUE)
               UNION
               SELECT saved.id, other.id, 'mail' FROM saved
                 JOIN res_partner other ON other.email_normalized = saved.mail
                WHERE other.is_member AND other.id <> saved.id
                  AND COALESCE(other.company_id = saved.company_id, TRUE)""",
            ids=[row["id"] for row in rows],
            phones=[row["phone"] for row in rows],
            mails=[row["mail"] for row in rows],
            companies=[row["company"] for row in rows],
        )
        return set(self.env.execute_query(query))

    # === TELLING === #

    def _retail_report_duplicates(self, others):
        """Refuse, or note and tell, by the setting of the company."""
        self.ensure_one()
        message = self._retail_duplicate_message(self, others)
        company = self.sudo().company_id or self.env.company
        later = self.env.context.get("retail_duplicates") is FILE_LATER
        if company.retail_duplicate_mode == "block" and not later:
            reachable = others.with_context(active_test=False)._filtered_access("read")
            if reachable:
                raise RedirectWarning(
                    message,
                    reachable[0]._retail_member_action(),
                    self.env._("Open the other member"),
                )
            raise UserError(message)
        self.message_post(body=message, subtype_xmlid="mail.mt_note")
        self.env.user._bus_send(
            "simple_notification",
            {
                "type": "warning",
                "title": self.env._("Perhaps the Same Member"),
                "message": message,
                "sticky": True,
            },
        )

    @api.model
    def _retail_duplicate_message(self, partner, others):
        """Return the text about members with the same phone or mail, for people."""
        others = others.sudo()  # their cards are masked
        cards = ", ".join(other._retail_card() for other in others[:NAMED])
        if len(others) > NAMED:
            cards = self.env._(
                "%(cards)s and %(count)s more", cards=cards, count=len(others) - NAMED
            )
        same_phone = partner.sudo().phone_sanitized in others.mapped("phone_sanitized")
        if partner.sudo().phone_sanitized and same_phone:
            return self.env._(
                "The phone of %(name)s is the phone of %(cards)s. Go on with that member, merge "
                "the two, or tick “Shares This Phone” if several members really use the number.",
                name=partner.name or "",
                cards=cards,
            )
        return self.env._(
            "The email of %(name)s is the email of %(cards)s. Go on with that member, merge the "
            "two, or correct the email.",
            name=partner.name or "",
            cards=cards,
        )

    def _retail_card(self):
        """Return who a member is without telling the phone: "Wang Fang (M001, …5678)"."""
        self.ensure_one()
        marks = [self.member_code, self.phone_sanitized and f"…{self.phone_sanitized[-4:]}"]
        if not self.active:
            marks.append(self.env._("archived"))
        marks = ", ".join(filter(None, marks))
        return f"{self.name} ({marks})" if marks else self.name or ""

    def _retail_member_action(self):
        """Return the action that opens this member."""
        self.ensure_one()
        form = self.env.ref("retail_crm.retail_member_view_form")
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.id,
            "views": [[form.id, "form"]],
            "name": self.env._("Member"),
        }
