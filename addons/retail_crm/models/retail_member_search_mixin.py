from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

from ..crm_engine.name_index import name_index
from ..crm_engine.search_term import parse


class RetailMemberSearchMixin(models.AbstractModel):
    """Finds a member by what somebody at the counter says or types.

    Words find names (also by pinyin or its initials), card codes and mails; a phone is found in
    any format, and by its last four digits; words in quotes are meant exactly.
    """

    _name = "retail.member.search.mixin"
    _description = "Search of Members"

    retail_name_index = fields.Char(
        string="Letters of the Name",
        compute="_compute_retail_name_index",
        store=True,
        copy=False,
        export_string_translation=False,
        help="Pinyin and first letters by which the member is found.",
    )
    retail_search = fields.Char(
        string="Member Search",
        store=False,
        search="_search_retail_search",
        help="Name, pinyin or its initials, phone, last four digits, mail or card code; words in "
        "quotes are meant exactly.",
    )

    @api.depends("name", "is_member")
    def _compute_retail_name_index(self):
        for partner in self:
            partner.retail_name_index = partner.is_member and name_index(partner.name) or False

    # === SEARCH === #

    def _search_retail_search(self, operator, value):
        if operator in ("in", "not in"):
            if operator == "not in":
                return NotImplemented
            return Domain.OR(self._retail_term_domain(term) for term in value if term)
        if operator not in ("ilike", "like", "=ilike", "=like"):
            return NotImplemented
        return self._retail_term_domain(value)

    def _search_display_name(self, operator, value):
        """Add letters, phones and card codes to what a name finds; keep quotes exact."""
        domain = super()._search_display_name(operator, value)
        if operator not in ("ilike", "like") or not isinstance(value, str) or not value.strip():
            return domain
        term = parse(value)
        if term.exact:
            return self._retail_quoted_domain(term)
        return domain | self._retail_code_domain(term) | self._retail_mail_domain(term)

    def _retail_term_domain(self, value):
        """Return the domain of members whom a typed term finds."""
        term = parse(value)
        if not term.text:
            return Domain.TRUE
        if term.exact:
            return self._retail_quoted_domain(term)
        domain = self._retail_code_domain(term) | self._retail_mail_domain(term)
        if not (term.is_number or term.is_last_digits):
            domain |= Domain("complete_name", "ilike", escape_psql(term.text))
        return domain

    def _retail_quoted_domain(self, term):
        text = escape_psql(term.text)
        return (
            Domain("complete_name", "=ilike", text)
            | Domain("member_code", "=", term.text)
            | self._retail_mail_domain(term)
        )

    def _retail_code_domain(self, term):
        """Return what a term finds besides names: card code, phone, letters of the name."""
        domain = Domain("member_code", "in", [term.text, term.text.upper(), term.text.lower()])
        domain |= self._retail_secret_domain(term)
        if term.is_last_digits or term.is_number:
            domain |= self._retail_phone_domain(term)
        if term.letters:
            domain |= Domain("retail_name_index", "like", f" {term.letters}")
        return domain

    def _retail_phone_domain(self, term):
        """Return the members whose phone ends with the digits.

        A number is compared without the zeros of 0086 or of an area code, so that it is found
        however it was written. Nothing between four digits and a whole number: a number must
        not be spelled out digit by digit.
        """
        digits = term.digits if term.is_last_digits else term.digits.lstrip("0")
        pattern = f"{digits[::-1]}%"

        def to_sql(model, alias, query):
            return SQL(
                "(%(member)s AND reverse(regexp_replace(COALESCE(%(sanitized)s, %(phone)s),"
                " '[^0-9]', '', 'g')) LIKE %(pattern)s)",
                member=SQL.identifier(alias, "is_member", to_flush=model._fields["is_member"]),
                sanitized=SQL.identifier(
                    alias, "phone_sanitized", to_flush=model._fields["phone_sanitized"]
                ),
                phone=SQL.identifier(alias, "phone", to_flush=model._fields["phone"]),
                pattern=pattern,
            )

        return Domain.custom(to_sql=to_sql) if digits else Domain.FALSE

    def _retail_secret_domain(self, term):
        """Return whom an encrypted second phone or WeChat name finds, typed wholly.

        Asked at once and given as ids: a condition on the blind index among the others would
        have PostgreSQL read all partners.
        """
        name = "retail_phone2" if term.is_number else "retail_wechat"
        if term.is_last_digits or " " in term.text:
            return Domain.FALSE
        # Who has the whole value may find its member; the rules still hold for what is shown.
        found = self.sudo().search([(name, "=", term.number or term.text)], limit=10)
        return Domain("id", "in", found.ids) if found else Domain.FALSE

    def _retail_mail_domain(self, term):
        """Return whom a mail finds: the whole address, in any case."""
        if not term.is_mail:
            return Domain.FALSE
        return Domain("email_normalized", "=", term.text.lower()) & Domain("is_member", "=", True)
