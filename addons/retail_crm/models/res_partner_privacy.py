from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

from ..crm_engine.masking import MASKS, is_masked
from ..crm_engine.prose import PROSE

REVEAL_MINUTES = 10
SERVE_MINUTES = 12 * 60  # the rest of a working day
LOOKUP_MINUTES = 60
DEFAULT_LOOKUP_LIMIT = 120  # in LOOKUP_MINUTES: a till serves one customer in half a minute
FINDERS = "retail_crm.group_guide,retail_crm.group_cashier,retail_crm.group_service"
DISPLAY_CONTACTS = ("show_email", "show_address")  # context keys of core's display name


class ResPartner(models.Model):
    _inherit = "res.partner"

    retail_grant_ids = fields.One2many(
        "retail.contact.grant", "partner_id", groups="base.group_system"
    )
    retail_contact_hidden = fields.Boolean(
        string="Contact Data Hidden", compute="_compute_retail_contact_hidden"
    )
    # Asked by record rules, on partners and on everything that shows a member.
    retail_in_reach = fields.Boolean(
        compute="_compute_retail_in_reach",
        search="_search_retail_in_reach",
        groups="base.group_system",
    )

    @api.depends_context("uid", "su")
    @api.depends("is_member", "commercial_partner_id.is_member")
    def _compute_retail_contact_hidden(self):
        masked = self._contact_masked() if self._contact_hidden() else ()
        for partner in self:
            partner.retail_contact_hidden = partner._origin.id in masked

    # === WHOSE MEMBER === #

    @api.depends_context("uid")
    @api.depends(
        "is_member",
        "retail_store_id.retail_staff_ids",
        "retail_guide_id",
        "sale_order_ids.user_id",
        "retail_grant_ids",
    )
    def _compute_retail_in_reach(self):
        # Rules ask it past the rules, and of archived members, too.
        everyone = self.sudo().with_context(active_test=False)
        found = everyone.search(Domain("id", "in", self.ids) & self._retail_reach_domain())
        for partner in self:
            partner.retail_in_reach = partner._origin.id in found._ids

    @api.model
    def _search_retail_in_reach(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._retail_reach_domain()
        return domain if True in value else ~domain

    @api.model
    def _retail_reach_domain(self):
        """Return the domain of the partners with whom a guide or cashier has to do.

        Who is no member; the members of the own stores and of none; those one looks after,
        sold to, or just found by their whole number.
        """
        uid = self.env.uid
        own_id, store_ids = self.env["res.users"]._retail_own()
        return Domain.OR(
            [
                Domain("is_member", "=", False),
                Domain("retail_store_id", "in", [False, *store_ids]),
                Domain("retail_guide_id", "=", uid),
                Domain("id", "=", own_id),
                Domain("sale_order_ids", "any!", [("user_id", "=", uid)]),
                Domain("retail_grant_ids", "any!", [("user_id", "=", uid), ("until", ">", "now")]),
            ]
        )

    # === MASKING === #

    @api.model
    def _contact_fields_own(self):
        return {
            **super()._contact_fields_own(),
            "phone": ("", "phone"),
            "phone_sanitized": ("", "phone"),
            "phone_mobile_search": ("", "phone"),
            "email": ("", "email"),
            "email_normalized": ("", "email"),
            "email_formatted": ("", "email"),
            "street": ("", "text"),
            "street2": ("", "text"),
            "contact_address": ("", "address"),
            "contact_address_inline": ("", "address"),
            "comment": ("", "html"),
            "retail_preference": ("", "prose"),
            "retail_special_need": ("", "prose"),
        }

    def _contact_masked(self):
        """Return the ids of those whose contact data the current user sees masked.

        Members and the contacts below a member, but for the user's own and those revealed.
        A constant number of queries for any number of partners.
        """
        if not self.ids:
            return set()
        # Whether someone is a member is asked past the rules: the reader may not read them.
        self.flush_model(["is_member", "commercial_partner_id"])
        members = dict(
            self.env.execute_query(
                SQL(
                    """SELECT partner.id, commercial.id
                         FROM res_partner partner
                    LEFT JOIN res_partner commercial
                           ON commercial.id = partner.commercial_partner_id
                        WHERE partner.id IN %s
                          AND (partner.is_member OR commercial.is_member)""",
                    tuple(self.ids),
                )
            )
        )
        own = self.env.user.partner_id.id
        members.pop(own, None)
        if not members:
            return set()
        shown = self.env["retail.contact.grant"]._granted_ids("reveal")
        return {id_ for id_, parent in members.items() if id_ not in shown and parent not in shown}

    @api.model
    def _contact_shown_domain(self):
        """Return the domain of the partners whose contact data the current user sees."""
        shown = self.env["retail.contact.grant"]._granted_ids("reveal")
        strangers = Domain("is_member", "=", False) & Domain(
            "commercial_partner_id", "any!", Domain("is_member", "=", False)
        )
        return strangers | Domain("id", "in", [self.env.user.partner_id.id, *shown])

    def _contact_mask(self, kind, value):
        """Mask one value; in an address the street within its text, in prose what is typed."""
        if kind in PROSE:
            return PROSE[kind][0](value, self.env.company.country_id.code)
        if kind != "address":
            return MASKS[kind](value)
        for street in (self.street, self.street2):
            if street:
                value = value.replace(street, MASKS["text"](street))
        return value

    @api.depends_context("uid")
    def _compute_display_name(self):
        """Names carry no mail or street of a member, also where core reads them by sudo()."""
        keys = [key for key in DISPLAY_CONTACTS if self.env.context.get(key)]
        if not keys or not self.with_user(self.env.uid)._contact_hidden():
            return super()._compute_display_name()
        masked = self.browse(self._origin._contact_masked())
        plain = masked.with_context(**dict.fromkeys(keys, False))
        super(ResPartner, self - masked)._compute_display_name()
        super(ResPartner, plain)._compute_display_name()
        with_address = self.env.context.get("show_address")
        for partner, named in zip(masked, plain, strict=True):
            name = named.display_name
            if with_address:
                address = partner._display_address(without_company=True)
                name = f"{name}\n{partner._contact_mask('address', address)}"
            partner.display_name = name
        return None

    @api.model
    def _search_display_name(self, operator, value):
        domain = super()._search_display_name(operator, value)
        return self._contact_guard(Domain(domain)) if self._contact_hidden() else domain

    @api.model
    def _search_phone_mobile_search(self, operator, value):
        """A whole number finds its members also for users who don't see numbers."""
        domain = super()._search_phone_mobile_search(operator, value)
        if not self._contact_hidden() or operator in ("=", "!=", "in", "not in"):
            return domain
        whole = value.removesuffix("%") if isinstance(value, str) else ""
        number = self._retail_phone_number(whole)
        guarded = Domain(domain) & self._contact_shown_domain()
        if number and operator not in Domain.NEGATIVE_OPERATORS:
            guarded |= Domain("phone_sanitized", "=", number)
        return guarded

    @api.model
    def _contact_guard_condition(self, condition):
        if condition.field_expr == "phone_mobile_search":
            return condition  # guarded by its own search method
        return super()._contact_guard_condition(condition)

    @api.model
    def _retail_phone_number(self, text):
        """Return the E.164 form of a whole phone number in any usual form, else False."""
        return self._phone_format_number(text, self.env.company.country_id)

    def _build_vcard(self):
        if self._contact_hidden() and self.ids and self.id in self._contact_masked():
            raise AccessError(self.env._("Show the contact data before you take the card along."))
        return super()._build_vcard()

    # === WRITING === #

    @api.model_create_multi
    def create(self, vals_list):
        for values in vals_list:
            self._contact_refuse_masked(values)
        return super().create(vals_list)

    def write(self, vals):
        """A masked value that comes back changes nothing; a member doesn't leave the mask."""
        vals = self._contact_drop_masked(self._contact_restore(vals))
        if not self._contact_hidden():
            return super().write(vals)
        masked = self._contact_masked()
        result = super().write(vals)
        if {"is_member", "parent_id", "commercial_partner_id"} & vals.keys():
            if masked - self._contact_masked():
                raise AccessError(
                    self.env._(
                        "This would show contact data of a member that you have no right to see."
                    )
                )
        return result

    def _contact_drop_masked(self, vals):
        kinds = {name: kind for name, (_path, kind) in self._contact_fields().items()}
        names = [
            name for name, kind in kinds.items() if kind not in PROSE and is_masked(vals.get(name))
        ]
        for name in names:
            kind = kinds[name]
            # The true values are compared, whatever the user may see.
            if any(
                not partner[name] or partner._contact_mask(kind, partner[name]) != vals[name]
                for partner in self.sudo()
            ):
                self._contact_refuse_masked(vals)
        return {name: value for name, value in vals.items() if name not in names}

    # === SHOWING AND FINDING === #

    def action_retail_reveal(self):
        """Show the contact data of this member to the user for some minutes, and file it."""
        self.retail_reveal()
        # The whole page: what the chatter has read stays masked otherwise.
        return {"type": "ir.actions.client", "tag": "reload"}

    def retail_reveal(self, reason=None):
        """Let the user see the contact data of these members for REVEAL_MINUTES.

        reason: free text for the audit log. Needs the right to read the members.
        """
        self.check_access("read")
        if not self.env.user.has_group("retail_crm.group_retail_user"):
            raise AccessError(self.env._("Only staff of the shop may see contact data of members."))
        self.env["retail.audit.log"]._log("reveal", self, detail=reason)
        self.env["retail.contact.grant"]._grant("reveal", self, REVEAL_MINUTES)

    @api.model
    def retail_find_exact(self, text):
        """Find members of any store by an exact phone, mail or card code.

        Return [{id, name, member_code, phone, email, class, store}], contact data masked as for
        any list. Who finds a member may serve them for the rest of the day. Every try is filed.
        """
        if not self._retail_may_find():
            raise AccessError(
                self.env._("Only guides, cashiers and customer service may look up members.")
            )
        text = (text or "").strip()
        if not text:
            raise UserError(self.env._("Type the whole phone, mail or card code."))
        self._retail_check_lookup_limit()
        log = self.env["retail.audit.log"]
        members = self._retail_search_exact(text)
        if not members:
            log._log("lookup", detail=self.env._("Nobody has %(text)s.", text=text))
            return []
        log._log("lookup", members)
        self.env["retail.contact.grant"]._grant("serve", members, SERVE_MINUTES)
        return [member._retail_greeting() for member in members.with_env(self.env)]

    @api.model
    def _retail_may_find(self):
        """Tell whether the current user serves customers, so looks up members of any store."""
        return self.env.user.has_groups(FINDERS)

    @api.model
    def _retail_check_lookup_limit(self):
        """Refuse who looks up more members than a day at the counter takes, and file it."""
        # A limit of the whole system, that users don't read.
        parameters = self.env["ir.config_parameter"].sudo()
        limit = int(parameters.get_param("retail_crm.lookup_limit", DEFAULT_LOOKUP_LIMIT))
        log = self.env["retail.audit.log"]
        if limit <= 0 or log._count_recent("lookup", LOOKUP_MINUTES) < limit:
            return
        log._log_apart("lookup_refused")
        raise UserError(
            self.env._(
                "You have looked up %(limit)s members within an hour, and more are not allowed."
                " Try again later, or ask the administrator to raise the number in the settings.",
                limit=limit,
            )
        )

    def action_retail_open(self):
        """Open the member found on the member's own form."""
        return self._retail_member_action()

    @api.model
    def _retail_search_exact(self, text):
        """Return the members who have this phone, mail or card code, past the user's rules."""
        companies = Domain("company_id", "in", [False, *self.env.companies.ids])
        # A member of another store is no secret to who has their card or number.
        domain = Domain("is_member", "=", True) & companies & self._retail_whole_domain(text)
        return self.sudo().search(domain)

    @api.model
    def _retail_whole_domain(self, text):
        """Return the domain of the partners with exactly this phone, mail or card code."""
        domain = Domain("member_code", "=ilike", text.replace("%", r"\%").replace("_", r"\_"))
        number = self._retail_phone_number(text)
        if number:
            domain |= Domain("phone_sanitized", "=", number)
        mail = email_normalize(text)
        if mail:
            domain |= Domain("email_normalized", "=", mail)
        return domain

    def _retail_greeting(self):
        """Return the few facts by which a guide greets a member."""
        self.ensure_one()
        row = self.read(["name", "member_code", "phone", "email"])[0]
        # Names of the class and of another store are no secret.
        member = self.sudo()
        row["class"] = member.retail_class_id.name or ""
        row["store"] = member.retail_store_id.name or ""
        return row
