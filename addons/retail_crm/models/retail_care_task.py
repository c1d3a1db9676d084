from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .retail_care_plan import FORMS

# Contact to come, by somebody or by the system.
OPEN_STATES = ("planned", "assigned", "in_progress", "sending")
# Work of somebody.
WORK_STATES = ("assigned", "in_progress")
CLOSED_STATES = ("done", "evaluated", "sent", "failed", "not_reached", "cancelled")
NEXT_STATES = {
    "planned": {"assigned", "sending", "failed", "cancelled"},
    "assigned": {"planned", "in_progress", "done", "not_reached", "cancelled"},
    "in_progress": {"assigned", "done", "not_reached", "cancelled"},
    "sending": {"planned", "sent", "failed", "cancelled"},
    "sent": {"done", "failed"},
    "failed": {"planned", "sent", "cancelled"},
    "not_reached": {"assigned"},
    "done": {"evaluated"},
    "evaluated": set(),
    "cancelled": set(),
}
# What tells who was cared for, why and with what result: fixed once a task is closed.
FIXED_FIELDS = {
    "strategy_id",
    "partner_id",
    "occasion",
    "user_id",
    "store_id",
    "due_date",
    "form",
    "result",
}


class RetailCareTask(models.Model):
    """One act of care for one member: the to-do of a guide, with script, result and next date,
    or a message that the system sends.

    The task is the to-do itself (list, kanban, calendar); it needs no activity beside it. A
    hundred thousand of them are written by one INSERT per batch, so no field is computed and
    stored here.
    """

    _name = "retail.care.task"
    _description = "Care Task"
    _inherit = ["mail.thread", "retail.care.effect.mixin", "retail.overdue.mixin"]
    _order = "due_date, id"

    strategy_id = fields.Many2one("retail.care.strategy", ondelete="restrict", check_company=True)
    plan_id = fields.Many2one("retail.care.plan", readonly=True, ondelete="set null", copy=False)
    variant = fields.Char(readonly=True, copy=False)
    category_id = fields.Many2one("retail.care.category", string="Kind", index="btree_not_null")
    partner_id = fields.Many2one(
        "res.partner",
        string="Member",
        required=True,
        domain="[('is_member', '=', True), ('do_not_contact', '=', False)]",
        ondelete="cascade",
        index=True,
        tracking=True,
    )
    partner_phone = fields.Char(related="partner_id.phone", string="Phone")
    partner_email = fields.Char(related="partner_id.email", string="Email")
    partner_class_id = fields.Many2one(related="partner_id.retail_class_id", string="Class")
    partner_tag_ids = fields.Many2many(related="partner_id.category_id", string="Tags")
    partner_time = fields.Selection(related="partner_id.retail_favourite_time")
    partner_preference = fields.Text(related="partner_id.retail_preference")
    partner_need = fields.Text(related="partner_id.retail_special_need")
    user_id = fields.Many2one(
        "res.users",
        string="Assigned To",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        tracking=True,
    )
    store_id = fields.Many2one(
        "stock.warehouse",
        string="Home Store",
        domain="[('is_store', '=', True)]",
        default=lambda self: self.env.user.sudo().retail_store_id,
        index="btree_not_null",
    )
    form = fields.Selection(FORMS, required=True, default="call")
    is_automatic = fields.Boolean(compute="_compute_is_automatic")
    occasion = fields.Char(
        required=True,
        readonly=True,
        default=lambda self: str(fields.Date.context_today(self)),
        help="Names the reason for ever: a strategy makes one task per member and occasion.",
    )
    event_day = fields.Date(
        string="Day of the Occasion", readonly=True, help="The day that the reason is about."
    )
    last_purchase_day = fields.Date(string="Last Purchase", readonly=True)
    reason = fields.Char(compute="_compute_reason")
    script = fields.Html(related="plan_id.script")
    cost = fields.Monetary(
        currency_field="company_currency_id", readonly=True, copy=False, help="By the plan."
    )
    due_date = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("assigned", "Assigned"),
            ("in_progress", "In Progress"),
            ("sending", "Sending"),
            ("sent", "Sent"),
            ("done", "Done"),
            ("evaluated", "Evaluated"),
            ("failed", "Failed"),
            ("not_reached", "Not Reached"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="planned",
        readonly=True,
        copy=False,
        group_expand=True,
        tracking=True,
    )
    tries = fields.Integer(
        readonly=True,
        copy=False,
        help="Times the member wasn't reached, or the message couldn't be sent.",
    )
    result = fields.Selection(
        [
            ("will_buy", "Will come or buy"),
            ("bought", "Has bought"),
            ("pleased", "Pleased, nothing needed"),
            ("not_interested", "Not interested"),
            ("unhappy", "Unhappy"),
        ],
        copy=False,
        tracking=True,
    )
    result_note = fields.Text(string="Note", copy=False, help="What the member said.")
    next_date = fields.Date(
        string="Next Contact",
        copy=False,
        help="When the member wasn't reached: the day of the next try. When the task is done: "
        "a new task is made for this day.",
    )
    score = fields.Selection(
        [(str(number), str(number)) for number in range(1, 6)],
        string="Satisfaction",
        copy=False,
        help="How satisfied the member is, as told: 5 is very satisfied.",
    )
    opinion_id = fields.Many2one(
        "retail.care.opinion",
        string="What It Was About",
        copy=False,
        index="btree_not_null",
        help="What the member praised or complained of.",
    )
    sale_order_id = fields.Many2one(
        "sale.order",
        string="Linked Sale",
        domain="[('partner_id', '=', partner_id)]",
        copy=False,
        index="btree_not_null",
        help="The order that came of it.",
    )
    cancel_reason = fields.Char(copy=False, tracking=True)
    done_at = fields.Datetime(string="Done On", readonly=True, copy=False)
    previous_id = fields.Many2one(
        "retail.care.task", string="Follows", readonly=True, index="btree_not_null", copy=False
    )
    _occasion_uniq = models.Constraint(
        "UNIQUE(strategy_id, partner_id, occasion)",
        "The member has a task of this strategy for this occasion.",
    )
    _work_idx = models.Index("(user_id, state, due_date)")
    _send_idx = models.Index("(send_at) WHERE state IN ('planned', 'sending')")
    _effect_idx = models.Index("(effect_until)")

    # === COMPUTE METHODS === #

    @api.depends("strategy_id", "partner_id")
    def _compute_display_name(self):
        for task in self:
            parts = (task.partner_id.name, task.strategy_id.name)
            task.display_name = ": ".join(filter(None, parts))

    @api.depends("form")
    def _compute_is_automatic(self):
        automatic = self.env["retail.care.plan"]._automatic_forms()
        for task in self:
            task.is_automatic = task.form in automatic

    @api.depends("event_day", "previous_id", "strategy_id")
    @api.depends_context("lang")
    def _compute_reason(self):
        for task in self:
            if task.previous_id:
                task.reason = self.env._("Agreed at the contact before.")
            elif task.strategy_id:
                task.reason = task.strategy_id._reason_text(task.event_day)
            else:
                task.reason = False

    @api.model
    def _work_states(self):
        return WORK_STATES

    @api.model
    def _open_states(self):
        return OPEN_STATES

    @api.model
    def _open_domain(self):
        return Domain("state", "in", OPEN_STATES)

    @api.model
    def _open_tasks(self, partners):
        return self.search(Domain("partner_id", "in", partners.ids) & self._open_domain())

    # === CONSTRAINT METHODS === #

    @api.constrains("state", "result", "cancel_reason")
    def _check_closed(self):
        for task in self:
            if task.state == "done" and not (task.result or task.is_automatic):
                raise ValidationError(self.env._("Say with what result the task is done."))
            if task.state == "cancelled" and not task.cancel_reason:
                raise ValidationError(self.env._("Say why the task is cancelled."))

    @api.constrains("partner_id")
    def _check_contact_wanted(self):
        for task in self:
            if task.partner_id.do_not_contact:
                raise ValidationError(
                    self.env._(
                        "%(member)s doesn't want to be contacted.", member=task.partner_id.name
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            # A task begins its life open; whoever makes it can't jump to its end.
            vals.pop("state", None)
        tasks = super().create(vals_list)
        tasks.filtered(lambda task: task.user_id and not task.is_automatic).write(
            {"state": "assigned"}
        )
        return tasks

    def write(self, vals):
        if "state" in vals:
            self._check_next_state(vals["state"])
        elif fixed := FIXED_FIELDS & vals.keys():
            self._check_open(fixed)
        result = super().write(vals)
        if "user_id" in vals and "state" not in vals:
            self._follow_assignee()
        return result

    def _follow_assignee(self):
        """A task with somebody to do it is assigned, one without is planned."""
        manual = self.filtered(lambda task: not task.is_automatic)
        manual.filtered(lambda task: task.state == "planned" and task.user_id).write(
            {"state": "assigned"}
        )
        orphans = manual.filtered(lambda task: task.state != "planned" and not task.user_id)
        orphans.filtered(lambda task: task.state == "in_progress").write({"state": "assigned"})
        orphans.write({"state": "planned"})

    def _check_next_state(self, state, stay=True):
        """Refuse a forbidden step; to stay where one is counts as none unless told so."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for task in self:
            if stay and state == task.state:
                continue
            if state not in NEXT_STATES[task.state]:
                raise UserError(
                    self.env._(
                        "A task that is %(now)s can't become %(next)s.",
                        now=labels[task.state],
                        next=labels[state],
                    )
                )

    def _check_open(self, names):
        if self.filtered(lambda task: task.state in CLOSED_STATES):
            labels = [self._fields[name]._description_string(self.env) for name in sorted(names)]
            raise UserError(
                self.env._(
                    "The task is closed, this can't be changed any more: %(fields)s.",
                    fields=", ".join(labels),
                )
            )

    # === BUSINESS METHODS === #

    def action_start(self):
        """Take the task up; one that nobody has becomes mine."""
        self.filtered(lambda task: not task.user_id).write({"user_id": self.env.uid})
        self.write({"state": "in_progress"})

    def action_done(self):
        """Close the tasks with their results; a next date makes the task that follows."""
        self._check_next_state("done", stay=False)
        self.write({"state": "done", "done_at": fields.Datetime.now()})
        follow_ups = [task._prepare_follow_up() for task in self if task.next_date]
        if follow_ups:
            self.create(follow_ups)

    def _prepare_follow_up(self):
        return {
            "strategy_id": self.strategy_id.id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "user_id": self.user_id.id,
            "store_id": self.store_id.id,
            "plan_id": self.plan_id.id,
            "category_id": self.category_id.id,
            "form": self.form,
            "cost": self.cost,
            "event_day": self.event_day,
            "occasion": f"{self.occasion.split('+')[0]}+{self.next_date}",
            "last_purchase_day": self.last_purchase_day,
            "due_date": self.next_date,
            "previous_id": self.id,
        }

    def action_not_reached(self):
        """Plan the next try, or give the task up when the tries are used."""
        self._check_next_state("not_reached", stay=False)
        today = fields.Date.context_today(self)
        for task in self:
            tries = task.tries + 1
            if tries >= task._max_tries():
                task.write({"tries": tries, "next_date": False, "state": "not_reached"})
                continue
            next_date = task.next_date or today + timedelta(days=task._retry_days())
            if next_date <= today:
                raise UserError(self.env._("The next try must be later than today."))
            task.write(
                {"tries": tries, "due_date": next_date, "next_date": False, "state": "assigned"}
            )

    def _max_tries(self):
        return self.strategy_id.max_tries or 3

    def _retry_days(self):
        return self.strategy_id.retry_days or 2

    def action_replan(self):
        """Take up again a task that was given up; its tries count anew."""
        today = fields.Date.context_today(self)
        for task in self:
            due = max(task.next_date or today, today)
            task.write({"state": "assigned", "tries": 0, "due_date": due, "next_date": False})

    def action_cancel(self):
        """Cancel the tasks; each must say why."""
        self.write({"state": "cancelled"})

    def _cancel(self, reason):
        self.write({"state": "cancelled", "cancel_reason": reason})
