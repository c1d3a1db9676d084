from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class RetailStockAlarmRule(models.Model):
    """How much of a product, or of each product of a category, is too little or too much."""

    _name = "retail.stock.alarm.rule"
    _description = "Stock Alarm Rule"
    _order = "company_id, id"

    name = fields.Char(compute="_compute_name")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    product_id = fields.Many2one(
        "product.product",
        index="btree_not_null",
        domain="[('is_storable', '=', True), ('company_id', 'in', (False, company_id))]",
        check_company=True,
    )
    categ_id = fields.Many2one(
        "product.category",
        string="Category",
        index="btree_not_null",
        help="Each product of the category and of those below is watched by itself.",
    )
    store_id = fields.Many2one(
        "stock.warehouse",
        domain="[('company_id', '=', company_id)]",
        check_company=True,
        help="Empty: each store of the company is watched by itself.",
    )
    location_id = fields.Many2one(
        "stock.location",
        string="Only at This Place",
        domain="[('warehouse_id', '=', store_id), ('usage', '=', 'internal')]",
        check_company=True,
        help="Empty: all places of the store together.",
    )
    min_qty = fields.Float(
        string="Lower Limit",
        digits="Product Unit",
        help="Alarm when less than this is on hand. 0: no lower limit.",
    )
    max_qty = fields.Float(
        string="Upper Limit",
        digits="Product Unit",
        help="Alarm when this or more is on hand. 0: no upper limit.",
    )
    repeat_hours = fields.Integer(
        string="Tell Again After (hours)",
        default=24,
        help="Until somebody acknowledges the alarm. 0: tell once.",
    )
    recipient_ids = fields.One2many("retail.stock.alarm.recipient", "rule_id", copy=True)
    alarm_ids = fields.One2many("retail.stock.alarm", "rule_id")
    open_count = fields.Integer(compute="_compute_open_count", string="Open Alarms")

    _limits = models.Constraint(
        "CHECK(min_qty >= 0 AND max_qty >= 0 AND min_qty + max_qty > 0"
        " AND (max_qty = 0 OR max_qty > min_qty))",
        "Give a lower limit, an upper limit, or both; the upper one is the larger.",
    )
    _subject = models.Constraint(
        "CHECK((product_id IS NULL) != (categ_id IS NULL))",
        "Choose either a product or a category.",
    )
    _repeat = models.Constraint("CHECK(repeat_hours >= 0)", "Hours can't be negative.")

    # === COMPUTE METHODS === #

    @api.depends("product_id", "categ_id", "store_id", "location_id")
    def _compute_name(self):
        for rule in self:
            subject = rule.product_id.display_name or rule.categ_id.display_name or ""
            place = rule.location_id.display_name or rule.store_id.name or self.env._("every store")
            rule.name = f"{subject}, {place}"

    def _compute_display_name(self):
        for rule in self:
            rule.display_name = rule.name

    @api.depends("alarm_ids.state")
    def _compute_open_count(self):
        counts = dict(
            self.env["retail.stock.alarm"]._read_group(
                [("rule_id", "in", self.ids), ("state", "!=", "resolved")],
                ["rule_id"],
                ["__count"],
            )
        )
        for rule in self:
            rule.open_count = counts.get(rule, 0)

    @api.constrains("store_id", "location_id")
    def _check_place(self):
        for rule in self.filtered("location_id"):
            if rule.location_id.warehouse_id != rule.store_id:
                raise ValidationError(
                    self.env._(
                        "%(place)s isn't in the store of the rule.",
                        place=rule.location_id.display_name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._check_now()
        return rules

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() - {"recipient_ids", "repeat_hours"}:
            self._check_now()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_alarmed(self):
        for rule in self:
            if rule.sudo().alarm_ids:  # as above: alarms aren't the user's to write
                raise UserError(
                    self.env._(
                        "%(rule)s has raised alarms. Archive it: it raises no more, and they stay.",
                        rule=rule.name,
                    )
                )

    # === BUSINESS METHODS === #

    def action_check(self):
        """Compare with the stock at once, which moves and the hourly job do otherwise."""
        self.check_access("write")
        self._check_now()

    def _check_now(self):
        alarms = self.env["retail.stock.alarm"].sudo()  # nobody writes alarms by hand
        stale = self.filtered(lambda rule: not rule.active)
        alarms.search([("rule_id", "in", stale.ids), ("state", "!=", "resolved")])._resolve()
        rules = self - stale
        if rules:
            alarms._check(rule_ids=rules.ids)

    def action_open_alarms(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "retail_guide.retail_stock_alarm_action"
        )
        action["domain"] = [("rule_id", "=", self.id)]
        return action
