from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .promotion_limits import LIMIT_FIELDS

# What makes a promotion give what it gives. Changes only in draft or paused, raises the version.
RULE_FIELDS = frozenset(
    {
        "group_id",
        "priority",
        "sequence",
        "stackable",
        "date_from",
        "window_ids",
        "store_ids",
        "channel_ids",
        "class_ids",
        "member_tag_ids",
        "segment_ids",
        "first_only",
        "spend_amount",
        "spend_days",
        "currency_id",
        "currency_only",
        "product_scope",
        "product_ids",
        "category_ids",
        "brand_ids",
        "tag_ids",
        "exclude_product_ids",
        "exclude_category_ids",
        "exclude_brand_ids",
        "exclude_tag_ids",
        "min_qty",
        "min_amount",
        "target_scope",
        "target_product_ids",
        "target_category_ids",
        "target_brand_ids",
        "target_tag_ids",
    }
)
RULE_FIELDS |= LIMIT_FIELDS
LIVE_FIELDS = frozenset({"date_to", "state", "active", "version", "company_id"})
LEDGER_FIELDS = frozenset({"discount_account_id", "analytic_distribution"})
LIFE_FIELDS = frozenset({"state", "version", "discount_product_id", "used_up_at"})
OPEN_STATES = ("draft", "paused")


def _set_field(comodel, relation, string, **kwargs):
    """Return a many2many whose records can't be deleted while a promotion names them."""
    return fields.Many2many(
        comodel, relation, "promotion_id", "value_id", string=string, ondelete="restrict", **kwargs
    )


class RetailPromotion(models.Model):
    _name = "retail.promotion"
    _description = "Promotion"
    _inherit = ["mail.thread", "mail.activity.mixin", "analytic.mixin"]
    _order = "priority, sequence, id"
    _check_company_auto = True

    # What
    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("published", "Published"),
            ("running", "Running"),
            ("paused", "Paused"),
            ("ended", "Ended"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        group_expand=True,
    )
    version = fields.Integer(default=1, readonly=True, copy=False)
    version_ids = fields.One2many(
        "retail.promotion.version", "promotion_id", string="Kept Versions"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="A promotion that names amounts holds for baskets in this currency only.",
    )
    currency_only = fields.Boolean(
        string="This Currency Only",
        help="For baskets in the currency of the promotion, though it names no amounts.",
    )
    description = fields.Html(translate=True, help="What customers and staff read about it.")
    image_1920 = fields.Image("Picture", max_width=1920, max_height=1920)

    # Who
    class_ids = _set_field("retail.customer.class", "retail_promotion_class_rel", "Member Classes")
    member_tag_ids = _set_field(
        "res.partner.category",
        "retail_promotion_member_tag_rel",
        "Member Tags",
        help="For members that have at least one of these tags.",
    )
    segment_ids = _set_field(
        "retail.segment",
        "retail_promotion_segment_rel",
        "Member Segments",
        help="For members whom the last night's refresh put into one of these segments.",
    )
    first_only = fields.Boolean(
        string="First Purchase Only",
        help="For members who have never bought anything from this company.",
    )
    spend_amount = fields.Monetary(
        string="Spent Before",
        currency_field="company_currency_id",
        help="For members who have bought for at least this much in the days before, tax "
        "included, less what they returned. 0: everybody.",
    )
    spend_days = fields.Integer(
        string="In the Last Days",
        default=90,
        help="How many days back purchases count. 0: all that was ever bought.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )

    # When
    date_from = fields.Datetime(string="Start", tracking=True, copy=False)
    date_to = fields.Datetime(
        string="End", tracking=True, copy=False, help="The promotion holds until just before."
    )
    window_ids = fields.One2many(
        "retail.promotion.window", "promotion_id", string="Hours", copy=True
    )

    # Where
    store_ids = _set_field(
        "stock.warehouse",
        "retail_promotion_store_rel",
        "Stores",
        domain="[('is_store', '=', True), ('company_id', '=', company_id)]",
    )
    channel_ids = _set_field(
        "sale.channel",
        "retail_promotion_channel_rel",
        "Channels",
        domain="[('code', '!=', False)]",
    )

    # On which products
    product_scope = fields.Selection(
        [("all", "All products"), ("some", "Some products")], required=True, default="all"
    )
    product_ids = _set_field(
        "product.product", "retail_promotion_product_rel", "Products", check_company=True
    )
    category_ids = _set_field("product.category", "retail_promotion_category_rel", "Categories")
    brand_ids = _set_field("product.brand", "retail_promotion_brand_rel", "Brands")
    tag_ids = _set_field("product.tag", "retail_promotion_tag_rel", "Tags")
    exclude_product_ids = _set_field(
        "product.product", "retail_promotion_no_product_rel", "Except Products"
    )
    exclude_category_ids = _set_field(
        "product.category", "retail_promotion_no_category_rel", "Except Categories"
    )
    exclude_brand_ids = _set_field(
        "product.brand", "retail_promotion_no_brand_rel", "Except Brands"
    )
    exclude_tag_ids = _set_field("product.tag", "retail_promotion_no_tag_rel", "Except Tags")
    min_qty = fields.Float(string="From Quantity", digits="Product Unit")
    min_amount = fields.Monetary(string="From Amount")

    # How much
    target_scope = fields.Selection(
        [("same", "The same products"), ("some", "Other products")],
        string="Discount On",
        required=True,
        default="same",
    )
    target_product_ids = _set_field(
        "product.product", "retail_promotion_target_product_rel", "Discounted Products"
    )
    target_category_ids = _set_field(
        "product.category", "retail_promotion_target_category_rel", "Discounted Categories"
    )
    target_brand_ids = _set_field(
        "product.brand", "retail_promotion_target_brand_rel", "Discounted Brands"
    )
    target_tag_ids = _set_field("product.tag", "retail_promotion_target_tag_rel", "Discounted Tags")

    # With which others
    group_id = fields.Many2one(
        "retail.promotion.group",
        required=True,
        check_company=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._default_group_id(),
    )
    group_mode = fields.Selection(related="group_id.mode")
    priority = fields.Integer(default=10, help="The smaller number goes first in its group.")
    sequence = fields.Integer(default=10)
    stackable = fields.Boolean(
        string="Stacks",
        help="Other promotions may discount the same products after this one.",
    )

    # In the ledger
    discount_product_id = fields.Many2one(
        "product.product", readonly=True, copy=False, ondelete="restrict"
    )
    discount_account_id = fields.Many2one(
        "account.account",
        check_company=True,
        domain="[('account_type', 'in', ('income', 'income_other', 'expense'))]",
        default=lambda self: self.env.company.sudo().retail_promo_account_id,
        help="The ledger account that carries what this promotion gives away.",
    )

    # What came of it
    application_ids = fields.One2many("retail.promotion.application", "promotion_id")
    granted_order_count = fields.Integer(string="Orders", compute="_compute_granted")
    granted_amount = fields.Monetary(
        string="Given Away",
        compute="_compute_granted",
        currency_field="company_currency_id",
    )

    _period = models.Constraint(
        "CHECK(date_from IS NULL OR date_to IS NULL OR date_from < date_to)",
        "A promotion ends after it starts.",
    )
    _minimums = models.Constraint(
        "CHECK(min_qty >= 0 AND min_amount >= 0 AND spend_amount >= 0 AND spend_days >= 0)",
        "Minimums can't be negative.",
    )

    # === COMPUTE METHODS === #

    @api.model
    def _default_group_id(self):
        return self.env.company._retail_promo_default_group()

    def _compute_granted(self):
        rows = self.env["retail.promotion.application"]
        granted = [("promotion_id", "in", self.ids), ("state", "=", "granted")]
        amounts = dict(rows._read_group(granted, ["promotion_id"], ["amount_company:sum"]))
        # A refund takes back what it returns, but it is no order that got the promotion.
        sales = [*granted, ("amount_company", ">", 0)]
        orders = dict(rows._read_group(sales, ["promotion_id"], ["document:count_distinct"]))
        for promotion in self:
            promotion.granted_order_count = orders.get(promotion, 0)
            promotion.granted_amount = amounts.get(promotion, 0.0)

    def _has_amounts(self):
        """Tell whether the rules name amounts, which mean something in one currency only."""
        self.ensure_one()
        return bool(self.min_amount)

    def _one_currency(self):
        """Tell whether the promotion holds in its own currency only."""
        return self.currency_only or self._has_amounts()

    @api.model
    def _rule_fields(self):
        """Return the fields that change only in draft or paused, and then raise the version."""
        return RULE_FIELDS

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su and vals.get("state", "draft") != "draft":
                raise UserError(self.env._("A promotion is made as a draft."))
            if LEDGER_FIELDS & vals.keys():
                self._check_ledger_right()
        promotions = super().create(vals_list)
        self._clear_engine_cache()
        return promotions

    def write(self, vals):
        self._check_write(vals)
        result = super().write(vals)
        rules = self._rule_fields()
        if (rules | LIVE_FIELDS) & vals.keys():
            self._clear_engine_cache()
            if (rules | {"date_to"}) & vals.keys():
                self._keep_version()
        if "name" in vals or LEDGER_FIELDS & vals.keys():
            self._sync_discount_product()
        return result

    def copy_data(self, default=None):
        default = default or {}
        rows = super().copy_data(default)
        for promotion, row in zip(self, rows, strict=True):
            if "name" not in default:
                row["name"] = self.env._("%(name)s (copy)", name=promotion.name)
            for name in LEDGER_FIELDS - default.keys():
                row.pop(name, None)
        return rows

    def copy(self, default=None):
        copies = super().copy(default)
        kept = LEDGER_FIELDS - (default or {}).keys()
        for promotion, duplicate in zip(self, copies, strict=True):
            # The accountant's choice stays, also where the manager copies.
            values = {name: promotion.sudo()[name] for name in kept}
            duplicate.sudo().write(promotion._convert_to_write(values))
        return copies

    def unlink(self):
        result = super().unlink()
        self._clear_engine_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for promotion in self:
            if promotion.state not in ("draft", "cancelled"):
                raise UserError(
                    self.env._(
                        "%(name)s was published: end it and archive it, it can't be deleted.",
                        name=promotion.name,
                    )
                )
            if promotion.sudo().with_context(active_test=False).application_ids:
                raise UserError(
                    self.env._(
                        "%(name)s was used on orders: archive it, it can't be deleted.",
                        name=promotion.name,
                    )
                )

    def _check_write(self, vals):
        """Refuse what the state or the role of the user doesn't allow."""
        names = vals.keys()
        if not self.env.su:
            if LIFE_FIELDS & names:
                raise UserError(self.env._("Use the buttons to change the state of a promotion."))
            if LEDGER_FIELDS & names:
                self._check_ledger_right()
            if names - LEDGER_FIELDS and not self.env.user.has_group("retail_crm.group_promotion"):
                raise AccessError(
                    self.env._("You may choose the account and the analytics of a promotion only.")
                )
        if self._rule_fields() & names:
            self._check_rules_open()
        if "date_to" in vals:
            self._check_new_end()
        if "company_id" in vals and any(
            promotion.company_id.id != vals["company_id"] and promotion.discount_product_id
            for promotion in self
        ):
            raise UserError(self.env._("A published promotion stays in its company. Copy it."))

    def _check_ledger_right(self):
        if not (self.env.su or self.env.user.has_group("retail_crm.group_accountant")):
            raise AccessError(
                self.env._("Accountants choose the account and the analytics of a promotion.")
            )

    def _check_rules_open(self):
        for promotion in self:
            if promotion.state not in OPEN_STATES:
                raise UserError(
                    self.env._(
                        "%(name)s is %(state)s: pause it to change its rules.",
                        name=promotion.name,
                        state=promotion._state_text(),
                    )
                )

    def _check_new_end(self):
        for promotion in self:
            if promotion.state in ("ended", "cancelled"):
                raise UserError(
                    self.env._("%(name)s is over. Copy it to run it again.", name=promotion.name)
                )

    def _state_text(self):
        selection = dict(self._fields["state"]._description_selection(self.env))
        return selection[self.state]

    def _rules_touched(self):
        """Steps, hours or gifts changed: check, keep a version, forget the cache."""
        self._check_rules_open()
        self._clear_engine_cache()
        self._keep_version()
        for promotion in self:
            promotion._check_group_mode()
