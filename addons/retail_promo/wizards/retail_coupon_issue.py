from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

MOST = 20000  # coupons in one batch: a list that somebody still prints or sends
MANAGER = "retail_crm.group_promotion"
NOBODY_S = ("anybody", "shared")


class RetailCouponIssue(models.TransientModel):
    _name = "retail.coupon.issue"
    _description = "Issue Coupons"

    promotion_id = fields.Many2one(
        "retail.promotion",
        required=True,
        ondelete="cascade",
        domain="[('needs_coupon', '=', True), ('state', 'not in', ('ended', 'cancelled'))]",
    )
    company_id = fields.Many2one(related="promotion_id.company_id")
    name = fields.Char(string="Batch", required=True, help="What you know these coupons by.")
    audience = fields.Selection(
        [
            ("anybody", "Anybody: codes to hand out"),
            ("shared", "Anybody: one code for many uses"),
            ("class", "Members of classes"),
            ("tag", "Members with tags"),
            ("segment", "Members of segments"),
            ("store", "Members of stores"),
            ("members", "Chosen members"),
        ],
        string="For",
        required=True,
        default="anybody",
    )
    quantity = fields.Integer(string="How Many", default=100)
    shared_code = fields.Char(
        string="Code", help="As it is printed, for example SUMMER10. Empty: a random one."
    )
    uses_most = fields.Integer(
        string="Uses in All", default=500, help="How often the code holds in all. 0: no end."
    )
    uses_member = fields.Integer(
        string="Uses per Member",
        default=1,
        help="How often each member may use it; it holds for members only then. 0: for anybody, "
        "as often as they like.",
    )
    per_member = fields.Integer(string="Each Gets", default=1)
    class_ids = fields.Many2many("retail.customer.class", string="Classes")
    tag_ids = fields.Many2many("res.partner.category", string="Tags")
    segment_ids = fields.Many2many("retail.segment", string="Segments")
    store_ids = fields.Many2many(
        "stock.warehouse",
        string="Stores",
        domain="[('is_store', '=', True), ('company_id', '=', company_id)]",
    )
    partner_ids = fields.Many2many(
        "res.partner", string="Members", domain="[('is_member', '=', True)]"
    )
    valid_from = fields.Date(default=fields.Date.context_today)
    valid_until = fields.Date(help="That day included. Empty: as the promotion says.")
    clock_store_id = fields.Many2one(
        "stock.warehouse",
        string="By the Clock Of",
        domain="[('is_store', '=', True), ('company_id', '=', company_id)]",
        help="In whose time zone the last day ends. Empty: the company's.",
    )
    partner_brand = fields.Char(
        string="Partner Firm",
        help="When another firm hands the coupons out or pays for them: they are counted apart.",
    )
    note = fields.Text()
    send_mail = fields.Boolean(
        string="Send by Mail",
        help="To the members who have agreed to mails and have an address. The others' coupons "
        "wait on their form.",
    )
    coupon_count = fields.Integer(string="Coupons to Issue", compute="_compute_coupon_count")

    @api.depends("audience", "quantity", "per_member", "class_ids", "tag_ids",
                 "segment_ids", "store_ids", "partner_ids")  # fmt: skip
    def _compute_coupon_count(self):
        for wizard in self:
            if wizard.audience in NOBODY_S:
                wizard.coupon_count = 1 if wizard.audience == "shared" else wizard.quantity
            else:
                members = self.env["res.partner"].search_count(wizard._member_domain())
                wizard.coupon_count = members * wizard.per_member

    def _member_domain(self):
        """Return the domain of the members who get coupons; nobody while nothing is chosen."""
        chosen = {
            "class": Domain("retail_class_id", "in", self.class_ids.ids),
            "tag": Domain("category_id", "in", self.tag_ids.ids),
            "segment": Domain("retail_segment_id", "in", self.segment_ids.ids),
            "store": Domain("retail_store_id", "in", self.store_ids.ids),
            "members": Domain("id", "in", self.partner_ids.ids),
        }[self.audience]
        companies = Domain("company_id", "in", [False, self.promotion_id.company_id.id])
        return Domain("is_member", "=", True) & companies & chosen

    def action_issue(self):
        """Issue the coupons and open their batch."""
        self.ensure_one()
        self._check_right()
        self._check_numbers()
        partners = self._recipients()
        batch = self.env["retail.coupon.batch"].create(self._prepare_batch_values())
        coupons = self.promotion_id._issue_coupons(
            partners,
            batch,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            store=self.clock_store_id,
            batch=batch,
            shared=self._shared_values(),
        )
        batch.write(
            {
                "date_from": coupons[0].retail_date_from,
                "date_until": coupons[0].expiration_date,
            }
        )
        if self.send_mail:
            agreed = coupons.filtered("partner_id.retail_consent_mail")
            agreed.filtered("partner_id.email")._retail_send()
        return {
            "type": "ir.actions.act_window",
            "res_model": batch._name,
            "res_id": batch.id,
            "view_mode": "form",
        }

    def _check_right(self):
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(self.env._("Promotion managers issue coupons: ask one."))

    def _check_numbers(self):
        count = self.coupon_count
        if self.audience not in NOBODY_S and self.per_member < 1:
            raise UserError(self.env._("Each member gets one coupon at least."))
        if min(self.uses_most, self.uses_member) < 0:
            raise UserError(self.env._("A code can't be used less than no times."))
        if count < 1:
            raise UserError(
                self.env._("This would issue no coupon: nobody is chosen, or the number is 0.")
            )
        if count > MOST:
            raise UserError(
                self.env._(
                    "%(count)s coupons are too many for one batch: at most %(most)s.",
                    count=count,
                    most=MOST,
                )
            )

    def _recipients(self):
        """Return for whom each coupon is: members, or None for nobody's."""
        if self.audience in NOBODY_S:
            return [None] * self.coupon_count
        members = self.env["res.partner"].search(self._member_domain(), order="id")
        return [member for member in members for _number in range(self.per_member)]

    def _shared_values(self):
        """Return the values of the one code for many uses, None for all other coupons."""
        if self.audience != "shared":
            return None
        return self.promotion_id._prepare_shared_values(
            self.shared_code, self.uses_most, self.uses_member
        )

    def _prepare_batch_values(self):
        labels = dict(self._fields["audience"]._description_selection(self.env))
        chosen = {
            "anybody": self.env["res.partner"],
            "shared": self.env["res.partner"],
            "class": self.class_ids,
            "tag": self.tag_ids,
            "segment": self.segment_ids,
            "store": self.store_ids,
            "members": self.env["res.partner"],
        }[self.audience]
        names = ", ".join(chosen.mapped("display_name"))
        label = labels[self.audience]
        return {
            "name": self.name,
            "promotion_id": self.promotion_id.id,
            "partner_brand": self.partner_brand,
            "audience": f"{label}: {names}" if names else label,
            "note": self.note,
        }
