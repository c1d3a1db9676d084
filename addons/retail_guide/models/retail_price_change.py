from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class RetailPriceChange(models.Model):
    """A price that a product gets at a moment to come, once a second person has approved it."""

    _name = "retail.price.change"
    _description = "Planned Price"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "product_tmpl_id"

    product_tmpl_id = fields.Many2one(
        "product.template", string="Product", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="product_tmpl_id.company_id", store=True)
    currency_id = fields.Many2one(related="product_tmpl_id.currency_id")
    date = fields.Datetime(string="New Price From", required=True, tracking=True)
    current_price = fields.Float(
        related="product_tmpl_id.list_price", string="Price Now", digits="Product Price"
    )
    new_price = fields.Float(digits="Product Price", required=True, tracking=True)
    old_price = fields.Float(digits="Product Price", readonly=True, string="Price Before")
    state = fields.Selection(
        [
            ("draft", "Planned"),
            ("approved", "Approved"),
            ("applied", "Applied"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    _price = models.Constraint("CHECK(new_price >= 0)", "A price can't be less than 0.")
    _moment_uniq = models.UniqueIndex(
        "(product_tmpl_id, date) WHERE state IN ('draft', 'approved')",
        "Another price is planned for this product at this moment.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """A price begins as a plan, whoever makes it."""
        guarded = ("state", "approved_by_id", "old_price")
        return super().create(
            [{key: vals[key] for key in vals if key not in guarded} for vals in vals_list]
        )

    def write(self, vals):
        if vals.keys() & {"state", "approved_by_id", "old_price"}:
            raise UserError(self.env._("Press the buttons to approve or cancel a planned price."))
        if vals.keys() & {"product_tmpl_id", "date", "new_price"}:
            self._check_state(("draft",))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        self._check_state(("draft", "cancelled"))

    def _check_state(self, states):
        for change in self:
            if change.state not in states:
                raise UserError(
                    self.env._(
                        "The price of %(product)s is approved, applied or cancelled already. Plan"
                        " another one.",
                        product=change.product_tmpl_id.name,
                    )
                )

    # === BUSINESS METHODS === #

    def action_approve(self):
        """Approve another person's plan; the price then comes by itself."""
        self.check_access("write")
        self._check_state(("draft",))
        for change in self:
            if change.create_uid == self.env.user:
                raise AccessError(
                    self.env._(
                        "You have planned the price of %(product)s yourself: a colleague approves"
                        " it.",
                        product=change.product_tmpl_id.name,
                    )
                )
            if change.date <= fields.Datetime.now():
                raise UserError(
                    self.env._(
                        "The moment for %(product)s is past: choose another.",
                        product=change.product_tmpl_id.name,
                    )
                )
        return super().write({"state": "approved", "approved_by_id": self.env.uid})

    def action_cancel(self):
        self.check_access("write")
        self._check_state(("draft", "approved"))
        return super().write({"state": "cancelled"})

    @api.model
    def _cron_apply(self):
        """Give products the approved prices whose moment has come, the earliest first."""
        due = self.search(
            [("state", "=", "approved"), ("date", "<=", fields.Datetime.now())], order="date, id"
        )
        for change in due:
            change._apply()

    def _apply(self):
        """Write the price; the product stays approved, for the price was."""
        self.ensure_one()
        old_price = self.product_tmpl_id.list_price
        self.product_tmpl_id._retail_write_review({"list_price": self.new_price})
        return super().write({"state": "applied", "old_price": old_price})
