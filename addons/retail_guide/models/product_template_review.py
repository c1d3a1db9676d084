from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: What customers see: a change of it takes the approval away.
REVIEWED = ("name", "list_price", "description_sale", "image_1920")
#: What only the buttons write.
GUARDED = {
    "retail_review_state",
    "retail_submitted_by_id",
    "retail_submitted_at",
    "retail_reviewed_by_id",
    "retail_reviewed_at",
}
CHECKS = ("retail_check_text", "retail_check_image", "retail_check_price", "retail_check_law")
#: Texts in which forbidden words are looked for.
TEXTS = ("name", "description_sale", "retail_material", "retail_size", "retail_usage")
LEAST_DESCRIPTION = 20  # characters
#: Field -> points of a complete product; 100 together.
POINTS = {
    "image_1920": 25,
    "description_sale": 20,
    "list_price": 15,
    "categ_id": 10,
    "product_brand_id": 10,
    "retail_material": 5,
    "retail_size": 5,
    "retail_usage": 5,
    "retail_image_back": 5,
}


class ProductTemplate(models.Model):
    """Products are approved by a second person before they are published."""

    _inherit = "product.template"

    retail_review_state = fields.Selection(
        [
            ("draft", "Not Reviewed"),
            ("submitted", "To Review"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
        ],
        string="Review",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        help="Only an approved product can be published in a web shop. A new name, price,"
        " description or picture must be approved again.",
    )
    retail_submitted_by_id = fields.Many2one(
        "res.users", string="Submitted By", readonly=True, copy=False
    )
    retail_submitted_at = fields.Datetime(string="Submitted On", readonly=True, copy=False)
    retail_reviewed_by_id = fields.Many2one(
        "res.users", string="Reviewed By", readonly=True, copy=False
    )
    retail_reviewed_at = fields.Datetime(string="Reviewed On", readonly=True, copy=False)
    retail_reject_reason = fields.Text(string="What Must Change", copy=False)
    retail_check_text = fields.Boolean(string="Name and description are true", copy=False)
    retail_check_image = fields.Boolean(string="The pictures show this product", copy=False)
    retail_check_price = fields.Boolean(string="The price is right", copy=False)
    retail_check_law = fields.Boolean(string="Nothing in it is against the law", copy=False)
    retail_completeness = fields.Integer(
        string="Complete (%)",
        compute="_compute_retail_completeness",
        store=True,
        aggregator="avg",
        help="How much of what customers look for is there.",
    )
    retail_missing = fields.Char(string="Missing", compute="_compute_retail_missing")

    # === COMPUTE METHODS === #

    @api.depends(*POINTS)
    def _compute_retail_completeness(self):
        for template in self:
            template.retail_completeness = sum(
                points for name, points in POINTS.items() if template._retail_has(name)
            )

    @api.depends(*POINTS)
    def _compute_retail_missing(self):
        for template in self:
            names = [name for name in POINTS if not template._retail_has(name)]
            labels = self.fields_get(names, ["string"])
            template.retail_missing = ", ".join(labels[name]["string"] for name in names)

    def _retail_has(self, name):
        if name == "description_sale":
            return len((self.description_sale or "").strip()) >= LEAST_DESCRIPTION
        return bool(self[name])

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """A new product is not reviewed, whoever makes it."""
        return super().create(
            [
                {name: value for name, value in values.items() if name not in GUARDED}
                for values in vals_list
            ]
        )

    def write(self, vals):
        if vals.keys() & GUARDED:
            raise UserError(self.env._("Press the buttons to submit or review a product."))
        if vals.get("is_published"):
            self._check_retail_approved()
        reviewed = self.browse()
        if vals.keys() & set(REVIEWED):
            reviewed = self.filtered(lambda template: template.retail_review_state != "draft")
        before = {template: template._retail_reviewed_content() for template in reviewed}
        result = super().write(vals)
        for template, content in before.items():
            if template._retail_reviewed_content() != content:
                template._retail_back_to_draft()
        return result

    def _retail_reviewed_content(self):
        return tuple(self[name] for name in REVIEWED)

    def _retail_write_review(self, values):
        """Write what ``write`` refuses to users."""
        return super().write(values)

    # === BUSINESS METHODS === #

    def action_retail_submit(self):
        """Ask for the approval of a product; forbidden words must go first."""
        self.check_access("write")
        words = self.env["retail.forbidden.word"]
        for template in self:
            if template.retail_review_state in ("submitted", "approved"):
                raise UserError(
                    self.env._("%(product)s is submitted or approved.", product=template.name)
                )
            if not template.list_price > 0:
                raise UserError(self.env._("Give %(product)s a price.", product=template.name))
            found = words._find(template._retail_texts())
            if found:
                raise UserError(
                    self.env._(
                        "%(product)s can't be submitted. Take these words out: %(words)s.",
                        product=template.name,
                        words=", ".join(found.mapped("display_name")),
                    )
                )
        self._retail_write_review(
            {
                "retail_review_state": "submitted",
                "retail_submitted_by_id": self.env.uid,
                "retail_submitted_at": fields.Datetime.now(),
                "retail_reject_reason": False,
                **dict.fromkeys(CHECKS, False),
            }
        )

    def _retail_texts(self):
        """Return the texts of a product in all languages."""
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        return [
            self.with_context(lang=language)[name] or "" for language in languages for name in TEXTS
        ]

    def action_retail_approve(self):
        """Approve a submitted product, once each point of the checklist is ticked."""
        self._check_retail_reviewer()
        for template in self:
            unticked = [name for name in CHECKS if not template[name]]
            if unticked:
                labels = self.fields_get(unticked, ["string"])
                raise UserError(
                    self.env._(
                        "Tick on the page Review of %(product)s what you have checked: %(points)s.",
                        product=template.name,
                        points=", ".join(labels[name]["string"] for name in unticked),
                    )
                )
        self._retail_end_review("approved")

    def action_retail_reject(self):
        self._check_retail_reviewer()
        for template in self:
            if not (template.retail_reject_reason or "").strip():
                raise UserError(
                    self.env._(
                        "Write on the page Review of %(product)s what must change.",
                        product=template.name,
                    )
                )
        self._retail_end_review("rejected")

    def _retail_end_review(self, state):
        self._retail_write_review(
            {
                "retail_review_state": state,
                "retail_reviewed_by_id": self.env.uid,
                "retail_reviewed_at": fields.Datetime.now(),
            }
        )

    def action_retail_draft(self):
        """Take a product back, to change it."""
        self.check_access("write")
        self._retail_back_to_draft()

    def _retail_back_to_draft(self):
        values = {"retail_review_state": "draft"}
        if "is_published" in self._fields:  # a web shop is installed
            values["is_published"] = False
        self._retail_write_review(values)

    def _check_retail_reviewer(self):
        if not self.env.user.has_group("retail_crm.group_store_manager"):
            raise AccessError(self.env._("Store managers review products."))
        for template in self:
            if template.retail_review_state != "submitted":
                raise UserError(self.env._("%(product)s isn't submitted.", product=template.name))
            if template.retail_submitted_by_id == self.env.user:
                raise UserError(
                    self.env._(
                        "You have submitted %(product)s yourself: a colleague reviews it.",
                        product=template.name,
                    )
                )

    def _check_retail_approved(self):
        for template in self:
            if template.retail_review_state != "approved":
                raise UserError(
                    self.env._(
                        "%(product)s can't be published: it isn't approved. Submit it for review.",
                        product=template.name,
                    )
                )
