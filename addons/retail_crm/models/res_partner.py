from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.modules.db import FunctionStatus
from odoo.tools import create_index

CONSENTS = ("retail_consent_mail", "retail_consent_sms", "retail_consent_phone")
# Columns that stock searches by name, of which none but the name has an index of its letters.
NAME_COLUMNS = ("complete_name", "email", "ref", "vat", "company_registry")


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = [
        "res.partner",
        "retail.member.figure.mixin",
        "retail.member.birthday.mixin",
        "retail.member.profile.mixin",
        "retail.member.search.mixin",
    ]

    is_member = fields.Boolean(string="Member", index=True, tracking=True)
    member_code = fields.Char(
        copy=False,
        help="Number of the member's card: tills and imports find the member by it.",
    )
    retail_class_id = fields.Many2one(
        "retail.customer.class",
        string="Class",
        compute="_compute_retail_class_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        tracking=True,
    )
    retail_class_tag_ids = fields.Many2many(
        "retail.customer.class", string="Class Tag", compute="_compute_retail_class_tag_ids"
    )
    retail_store_id = fields.Many2one(
        "stock.warehouse",
        string="Home Store",
        domain="[('is_store', '=', True)]",
        index="btree_not_null",
        tracking=True,
    )
    retail_survey_asked_ids = fields.One2many(
        "retail.survey.asked",
        "partner_id",
        string="Satisfaction",
        groups="retail_crm.group_service",
    )
    retail_guide_id = fields.Many2one(
        "res.users",
        string="Guide",
        domain="[('share', '=', False)]",
        index="btree_not_null",
        tracking=True,
    )
    retail_source_id = fields.Many2one(
        "utm.source",
        string="Member Source",
        domain="[('retail_member_source', '=', True)]",
        help="How the member was won.",
    )
    retail_referrer_id = fields.Many2one(
        "res.partner",
        string="Recommended By",
        domain="[('is_member', '=', True), ('id', '!=', id)]",
        index="btree_not_null",
    )
    # Named again here, so that the words are translated with ours.
    gender = fields.Selection([("male", "Male"), ("female", "Female"), ("other", "Other")])
    do_not_contact = fields.Boolean(
        tracking=True,
        help="The member doesn't want to be called, written to or visited: no care task is made, "
        "and open ones are cancelled.",
    )
    retail_care_task_count = fields.Integer(
        string="Care Task Count",
        compute="_compute_retail_care_task_count",
        groups="retail_crm.group_guide,retail_crm.group_service",
    )

    retail_referrer_missing = fields.Boolean(compute="_compute_retail_referrer_missing")
    retail_social_ids = fields.One2many(
        "retail.social.account", "partner_id", string="Social Accounts"
    )
    retail_churn_reason_id = fields.Many2one(
        "retail.churn.reason",
        string="Reason for Leaving",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        groups="retail_crm.group_retail_user",
        help="What the member said, where he stays away.",
    )
    retail_preference = fields.Text(
        string="Preference", help="What the member likes; guides see it with every order."
    )
    retail_special_need = fields.Text(
        string="Special Need",
        help="What must be minded: an allergy, a wheelchair, deliveries after six. Shown as a "
        "warning with every order.",
    )
    retail_consent_mail = fields.Boolean(string="Emails Allowed", tracking=True)
    retail_consent_sms = fields.Boolean(string="Text Messages Allowed", tracking=True)
    retail_consent_phone = fields.Boolean(string="Calls Allowed", tracking=True)
    retail_consent_mail_at = fields.Date(
        string="Emails Since",
        help="Day on which the member agreed to emails, or withdrew it.",
    )
    retail_consent_sms_at = fields.Date(
        string="Text Messages Since",
        help="Day on which the member agreed to text messages, or withdrew it.",
    )
    retail_consent_phone_at = fields.Date(
        string="Calls Since",
        help="Day on which the member agreed to calls, or withdrew it.",
    )
    retail_consent_origin = fields.Selection(
        [
            ("store", "In the Store"),
            ("till", "At the Till"),
            ("phone", "By Phone"),
            ("web", "On the Website"),
            ("import", "Taken Over"),
        ],
        string="Agreed Where",
        tracking=True,
        help="Where the member said so last.",
    )
    retail_class_history_ids = fields.One2many(
        "retail.class.history", "partner_id", string="Class History"
    )

    _member_code_uniq = models.Constraint(
        "UNIQUE(member_code)", "Another member has this member code."
    )
    _retail_phone_backwards_idx = models.Index(
        "(reverse(regexp_replace(COALESCE(phone_sanitized, phone), '[^0-9]', '', 'g'))"
        " text_pattern_ops) WHERE is_member"
    )
    _retail_member_name_idx = models.Index("(complete_name, id DESC) WHERE is_member AND active")

    def init(self):
        """Index the letters of names, as searches compare them, where PostgreSQL can."""
        super().init()
        registry = self.env.registry
        if not registry.has_trigram:
            return
        folded = registry.has_unaccent == FunctionStatus.INDEXABLE
        for name in NAME_COLUMNS:
            column = f"unaccent({name}::text)" if folded else name
            create_index(
                self.env.cr,
                indexname=f"res_partner_retail_{name}_letters_idx",
                tablename=self._table,
                method="gin",
                expressions=[f"{column} gin_trgm_ops"],
            )
        create_index(
            self.env.cr,
            indexname="res_partner_retail_name_index_letters_idx",
            tablename=self._table,
            method="gin",
            expressions=["retail_name_index gin_trgm_ops"],
            where="retail_name_index IS NOT NULL",
        )

    # === COMPUTE METHODS === #

    @api.depends("is_member")
    def _compute_retail_class_id(self):
        """A new member starts in the lowest class; a class once given stays."""
        lowest = self.env["retail.customer.class"].search([], limit=1)
        for partner in self:
            if partner.is_member and not partner.retail_class_id:
                partner.retail_class_id = lowest
            else:
                partner.retail_class_id = partner.retail_class_id

    @api.depends("retail_class_id")
    def _compute_retail_class_tag_ids(self):
        """Show the class as a tag, whose widget shows its colour."""
        for partner in self:
            partner.retail_class_tag_ids = partner.retail_class_id

    @api.depends("retail_source_id.retail_needs_referrer", "retail_referrer_id")
    def _compute_retail_referrer_missing(self):
        for partner in self:
            partner.retail_referrer_missing = (
                partner.retail_source_id.retail_needs_referrer and not partner.retail_referrer_id
            )

    @api.depends("is_member", "retail_class_id.pricelist_id")
    def _compute_product_pricelist(self):
        return super()._compute_product_pricelist()

    def _retail_class_pricelist(self):
        """Return the price list of the member's class if it holds in the current company."""
        pricelist = self.retail_class_id.pricelist_id.filtered("active")
        return pricelist.filtered(lambda found: found.company_id <= self.env.company)

    # === CONSTRAINTS === #

    @api.constrains("is_member", "name", "phone", "email", "parent_id", "active")
    def _check_retail_contact(self):
        """A member must have a name and a way to be reached; contacts of a company needn't."""
        for partner in self:
            if not partner.is_member or not partner.active or partner.parent_id:
                continue
            if not (partner.name or "").strip():
                raise ValidationError(self.env._("A member needs a name. Please enter it."))
            if not partner._retail_reachable():
                raise ValidationError(
                    self.env._(
                        "%(member)s has neither a phone nor an email. Enter at least one of "
                        "them, so that the member can be found and reached.",
                        member=partner.name,
                    )
                )

    def _retail_reachable(self):
        """Tell whether the member has a phone or an email."""
        return bool((self.phone or "").strip() or (self.email or "").strip())

    @api.constrains("retail_referrer_id")
    def _check_retail_referrer_id(self):
        if self._has_cycle("retail_referrer_id"):
            raise ValidationError(self.env._("A member can't be recommended by themselves."))

    def _compute_retail_care_task_count(self):
        counts = dict(
            self.env["retail.care.task"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.retail_care_task_count = counts.get(partner, 0)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        today = fields.Date.context_today(self)
        dated = [
            {f"{name}_at": today for name in CONSENTS if vals.get(name)} | vals
            for vals in vals_list
        ]
        return super().create(dated)

    def write(self, vals):
        for consent in CONSENTS:
            if consent in vals and f"{consent}_at" not in vals:
                changed = self.filtered(lambda p, name=consent: p[name] != bool(vals[name]))
                if changed:
                    super(ResPartner, changed).write(
                        {f"{consent}_at": fields.Date.context_today(self)}
                    )
        before = {}
        if vals.keys() & {"retail_class_id", "is_member"}:
            before = {partner: partner.retail_class_id for partner in self}
        result = super().write(vals)
        if before and not self.env.context.get("retail_class_filed"):
            self._retail_note_classes(before)
        if vals.get("is_member"):
            # The figures are derived from sales; nobody writes them by hand.
            figures = self.env["retail.member.figure"].sudo()
            figures._refresh(self.commercial_partner_id.ids)
        if vals.get("do_not_contact"):
            # Whoever may edit the member may not see the tasks of other guides.
            tasks = self.env["retail.care.task"].sudo()._open_tasks(self)
            tasks._cancel(self.env._("The member doesn't want to be contacted."))
        return result

    def _retail_note_classes(self, before, reason="hand", notes=None):
        """File changes of class: ``before`` is {member: class}, ``notes`` {id: why by a rule}."""
        changes = [
            {
                "partner_id": partner.id,
                "old_class_id": old.id,
                "new_class_id": partner.retail_class_id.id,
                "reason": reason,
                "note": (notes or {}).get(partner.id, False),
            }
            for partner, old in before.items()
            if partner.is_member and partner.retail_class_id != old
        ]
        if changes:
            # The history is written by the system: whoever may change a member may not edit it.
            self.env["retail.class.history"].sudo().create(changes)

    # === ACTIONS === #

    def action_view_care_tasks(self):
        """Open the care tasks of this member."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_crm.retail_care_task_action_all"
        )
        action["domain"] = [("partner_id", "=", self.id)]
        action["context"] = {"default_partner_id": self.id}
        return action

    def action_open_complaint(self):
        """Open the form of a new complaint of this customer."""
        self.ensure_one()
        return self.env["helpdesk.ticket"]._retail_open_action(
            {"default_partner_id": self.id, "default_retail_store_id": self.retail_store_id.id}
        )

    def action_view_retail_purchases(self):
        """Open all that the member bought and returned, with totals."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("retail_crm.retail_sale_fact_action")
        action["name"] = self.env._("Purchases of %(member)s", member=self.display_name)
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {"create": False}
        return action
