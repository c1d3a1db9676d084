from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain


class RetailCareStrategy(models.Model):
    """When to care for which members: each occasion makes one task per member.

    How it is done stands in the plan lines. A trigger is a method
    ``_occasion_sql_<trigger>(day)``, see ``retail_care_occasion.py``.
    """

    _name = "retail.care.strategy"
    _description = "Care Strategy"
    _inherit = ["mail.thread"]
    _order = "sequence, id"

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(
        default=10,
        help="Strategies run in this order: when a member may not be contacted any more often, "
        "the first ones have had their turn.",
    )
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        tracking=True,
        help="Gets the tasks that nobody else can be given.",
    )
    category_id = fields.Many2one("retail.care.category", string="Kind", index=True)
    trigger = fields.Selection(
        [
            ("new_member", "New member"),
            ("no_purchase", "No purchase for some days"),
            ("birthday", "Birthday"),
            ("festival", "Festival"),
            ("after_purchase", "Some days after a purchase"),
            ("class_change", "Class has changed"),
            ("class_drop", "Class is about to drop"),
            ("churn_risk", "Likely to stay away"),
            ("manual", "By hand"),
        ],
        required=True,
        default="no_purchase",
        tracking=True,
    )
    days = fields.Integer(default=60, required=True, tracking=True)
    days_help = fields.Char(compute="_compute_days_help")
    festival_id = fields.Many2one("retail.festival", ondelete="restrict")
    product_ids = fields.Many2many(
        "product.product", "retail_care_strategy_product_rel", string="Products"
    )
    product_categ_ids = fields.Many2many(
        "product.category",
        "retail_care_strategy_product_categ_rel",
        string="Product Categories",
        help="With the categories below them.",
    )
    class_change = fields.Selection(
        [("any", "Up or down"), ("up", "Up"), ("down", "Down")],
        string="Change",
        default="any",
        required=True,
    )
    risk_percent = fields.Integer(
        string="Likely Lost From (%)",
        default=70,
        required=True,
        help="Members whose chance of having left, by their own rhythm of buying, is as high.",
    )
    class_ids = fields.Many2many(
        "retail.customer.class",
        "retail_care_strategy_class_rel",
        string="Classes",
        help="Members of these classes; of all when empty.",
    )
    tag_ids = fields.Many2many(
        "res.partner.category",
        "retail_care_strategy_tag_rel",
        string="Tags",
        help="Members with one of these tags or of the tags below them; all when empty.",
    )
    segment_ids = fields.Many2many(
        "retail.segment",
        "retail_care_strategy_segment_rel",
        string="Segments",
        help="Members of these segments; of all, also those who never bought, when empty.",
    )
    store_ids = fields.Many2many(
        "stock.warehouse",
        "retail_care_strategy_store_rel",
        string="Home Stores",
        domain="[('is_store', '=', True), ('company_id', '=', company_id)]",
        check_company=True,
        help="Members of these home stores; of all when empty.",
    )
    plan_ids = fields.One2many(
        "retail.care.plan",
        "strategy_id",
        copy=True,
        default=lambda self: [Command.create({"form": "call"})],
    )
    has_gap = fields.Boolean(compute="_compute_has_gap")
    assign = fields.Selection(
        [
            ("guide", "The member's guide"),
            ("round", "In turn"),
            ("load", "Who has least to do"),
        ],
        string="Given To",
        required=True,
        default="guide",
        help="The member's guide; where there is none, or by the other rules, the care group, "
        "else the guides of the home store. In turn: who had the fewest tasks of this strategy.",
    )
    team_ids = fields.Many2many(
        "res.users",
        "retail_care_strategy_user_rel",
        string="Care Group",
        domain="[('share', '=', False)]",
        help="Those among whom the tasks are shared out; the guides of the home store when empty.",
    )
    respects_cap = fields.Boolean(
        string="Counts Contacts",
        default=True,
        help="Nobody gets a task who was contacted as often as the settings allow. Without it, "
        "as for a birthday wish, the task is made all the same.",
    )
    holdout_percent = fields.Float(
        string="Held Out (%)",
        help="So many of a hundred members get nothing, so that the others can be compared with "
        "them. Who is held out stays so.",
    )
    effect_days = fields.Integer(
        string="Effect Within",
        default=30,
        required=True,
        help="Days before and after an occasion whose purchases are compared.",
    )
    due_days = fields.Integer(
        string="Due After", default=3, help="Days from the making of a task until it is due."
    )
    max_tries = fields.Integer(
        default=3,
        help="After so many tries without reaching the member, or without being able to send, "
        "the task is given up.",
    )
    retry_days = fields.Integer(
        string="Try Again After", default=2, help="Days until the next try, unless a date is given."
    )
    last_run_at = fields.Datetime(string="Last Run", readonly=True, copy=False)
    task_ids = fields.One2many("retail.care.task", "strategy_id", string="Tasks")
    open_task_count = fields.Integer(compute="_compute_task_counts", string="Open Tasks")
    task_count = fields.Integer(compute="_compute_task_counts")
    failed_task_count = fields.Integer(compute="_compute_task_counts", string="Failed")
    held_count = fields.Integer(compute="_compute_held_count", string="Held Back")

    _days_positive = models.Constraint(
        "CHECK(days >= 0 AND (days > 0 OR trigger != 'no_purchase'))",
        "The days can't be negative, and without a purchase there must be one at least.",
    )
    _tries_positive = models.Constraint("CHECK(max_tries > 0)", "There must be at least one try.")
    _delays_positive = models.Constraint(
        "CHECK(due_days >= 0 AND retry_days > 0)",
        "A task can't be due before it is made, and the next try is a day later at least.",
    )
    _shares = models.Constraint(
        "CHECK(holdout_percent >= 0 AND holdout_percent <= 90"
        " AND risk_percent BETWEEN 1 AND 99 AND effect_days BETWEEN 1 AND 365)",
        "At most 90 percent are held out; the risk lies between 1 and 99 percent, and the effect "
        "is looked for within 1 to 365 days.",
    )

    # === COMPUTE METHODS === #

    @api.depends("trigger")
    @api.depends_context("lang")
    def _compute_days_help(self):
        texts = self._days_texts()
        for strategy in self:
            strategy.days_help = texts.get(strategy.trigger, False)

    def _days_texts(self):
        """Return {trigger: what its number of days means}; triggers without days aren't in it."""
        _ = self.env._
        return {
            "new_member": _("days after the member was entered"),
            "no_purchase": _("days since the last purchase; who never bought is left out"),
            "birthday": _("days before the birthday"),
            "festival": _("days before the festival"),
            "after_purchase": _("days after the purchase"),
            "class_change": _("days after the change"),
            "class_drop": _("days before the class drops"),
        }

    @api.depends("plan_ids.lacks_template")
    def _compute_has_gap(self):
        for strategy in self:
            strategy.has_gap = any(strategy.plan_ids.mapped("lacks_template"))

    def _compute_task_counts(self):
        task = self.env["retail.care.task"]
        domain = Domain("strategy_id", "in", self.ids)
        total = dict(task._read_group(domain, ["strategy_id"], ["__count"]))
        still = dict(task._read_group(domain & task._open_domain(), ["strategy_id"], ["__count"]))
        failed = domain & Domain("state", "=", "failed")
        failed = dict(task._read_group(failed, ["strategy_id"], ["__count"]))
        for strategy in self:
            strategy.task_count = total.get(strategy, 0)
            strategy.open_task_count = still.get(strategy, 0)
            strategy.failed_task_count = failed.get(strategy, 0)

    def _compute_held_count(self):
        held = self.env["retail.care.held"]
        domain = [("strategy_id", "in", self.ids)]
        counts = dict(held._read_group(domain, ["strategy_id"], ["__count"]))
        for strategy in self:
            strategy.held_count = counts.get(strategy, 0)

    # === CONSTRAINT METHODS === #

    @api.constrains("trigger", "festival_id")
    def _check_trigger(self):
        for strategy in self:
            if strategy.trigger == "festival" and not strategy.festival_id:
                raise ValidationError(self.env._("Choose the festival before which to care."))

    @api.constrains("trigger", "class_ids", "tag_ids", "segment_ids", "store_ids")
    def _check_audience(self):
        for strategy in self:
            if strategy.trigger == "manual" and not strategy._is_narrowed():
                raise ValidationError(
                    self.env._(
                        "%(name)s would go to every member at once. Say who is meant: classes, "
                        "tags, segments or home stores.",
                        name=strategy.name,
                    )
                )

    def _is_narrowed(self):
        return bool(self.class_ids or self.tag_ids or self.segment_ids or self.store_ids)

    @api.constrains("plan_ids")
    def _check_plan(self):
        for strategy in self:
            if not strategy.plan_ids:
                raise ValidationError(
                    self.env._(
                        "%(name)s doesn't say how to care: add a line to its plan.",
                        name=strategy.name,
                    )
                )

    # === BUTTONS === #

    def action_generate(self):
        """Make today's tasks now and tell how many there are."""
        self.check_access("write")
        if self.filtered(lambda strategy: not strategy.active):
            raise UserError(self.env._("An archived strategy makes no tasks."))
        count = self._generate()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._("Tasks made: %(count)s.", count=count),
                "type": "success" if count else "info",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_preview(self):
        """Show who would get what today and who wouldn't, and why, without making any."""
        self.ensure_one()
        self.check_access("write")
        self.env["retail.care.preview"]._fill(self)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_crm.retail_care_preview_action"
        )
        action["domain"] = [("strategy_id", "=", self.id), ("create_uid", "=", self.env.uid)]
        return action

    def action_view_tasks(self):
        """Open the tasks of this strategy."""
        return self._action_of("retail_crm.retail_care_task_action_all")

    def action_view_failed(self):
        action = self.action_view_tasks()
        return {**action, "context": {**action["context"], "search_default_failed": 1}}

    def action_view_held(self):
        """Open who was held back, and why."""
        return self._action_of("retail_crm.retail_care_held_action")

    def action_view_effect(self):
        return self._action_of("retail_crm.retail_care_effect_action")

    def _action_of(self, xml_id):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        action["domain"] = [("strategy_id", "=", self.id)]
        action["context"] = {"default_strategy_id": self.id}
        return action
