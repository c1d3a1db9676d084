from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

OPEN_STATES = ("open", "doing", "verify")


class RetailImprovement(models.Model):
    """A measure against what customers complain about, judged by what they do afterwards.

    open -> doing -> verify -> closed; when the requests did not fall as they should, it is open
    again by itself.
    """

    _name = "retail.improvement"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Improvement"
    _order = "state, due_date, id"
    _check_company_auto = True

    name = fields.Char(string="Problem", required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    category_id = fields.Many2one(
        "helpdesk.ticket.category",
        ondelete="restrict",
        help="Requests of this category, and of those below it, are counted.",
    )
    cause_id = fields.Many2one(
        "retail.complaint.cause",
        ondelete="restrict",
        help="Requests with this cause are counted.",
    )
    store_id = fields.Many2one(
        "stock.warehouse",
        domain="[('is_store', '=', True), ('company_id', '=', company_id)]",
        check_company=True,
        help="Requests of this store are counted; of all when empty.",
    )
    measure = fields.Text(tracking=True, help="What is done about it.")
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        tracking=True,
    )
    due_date = fields.Date(
        string="In Place By", required=True, tracking=True, help="The measure is in place by then."
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("doing", "Doing"),
            ("verify", "Verifying"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="open",
        copy=False,
        group_expand=True,
        tracking=True,
    )
    window_days = fields.Integer(
        string="Days to Compare",
        required=True,
        default=30,
        help="So many days before the measure are compared with as many days after it.",
    )
    aim_percent = fields.Integer(
        string="Aim (% Fewer)", required=True, default=30, help="At least so many fewer requests."
    )
    placed_on = fields.Date(string="In Place Since", readonly=True, copy=False, tracking=True)
    verify_on = fields.Date(string="Judged On", compute="_compute_verify_on", store=True)
    before_count = fields.Integer(string="Requests Before", readonly=True, copy=False)
    after_count = fields.Integer(string="Requests After", readonly=True, copy=False)
    change_percent = fields.Float(
        string="Change (%)", compute="_compute_change_percent", digits=(6, 1)
    )
    ineffective_count = fields.Integer(
        string="Times Ineffective", readonly=True, copy=False, tracking=True
    )

    _numbers = models.Constraint(
        "CHECK(window_days > 0 AND aim_percent BETWEEN 1 AND 100)",
        "Compare at least one day, and aim at 1 to 100 % fewer requests.",
    )

    # === COMPUTE METHODS === #

    @api.depends("placed_on", "window_days")
    def _compute_verify_on(self):
        for improvement in self:
            days = timedelta(days=improvement.window_days)
            improvement.verify_on = improvement.placed_on and improvement.placed_on + days

    @api.depends("before_count", "after_count")
    def _compute_change_percent(self):
        for improvement in self:
            before = improvement.before_count
            change = improvement.after_count - before
            improvement.change_percent = change / before * 100 if before else 0

    @api.constrains("category_id", "cause_id")
    def _check_problem(self):
        for improvement in self:
            if not (improvement.category_id or improvement.cause_id):
                raise ValidationError(
                    self.env._("Name the category or the cause whose requests shall fall.")
                )

    # === COUNTING === #

    def _counted_domain(self, start, end):
        """Return the domain of the requests received from a day on, to before another."""
        domain = Domain("retail_kind", "!=", False) & Domain("company_id", "=", self.company_id.id)
        domain &= Domain("retail_stage_code", "!=", "invalid")
        domain &= Domain("create_date", ">=", fields.Datetime.to_datetime(start))
        domain &= Domain("create_date", "<", fields.Datetime.to_datetime(end))
        if self.category_id:
            domain &= Domain("category_id", "child_of", self.category_id.id)
        if self.cause_id:
            domain &= Domain("cause_id", "=", self.cause_id.id)
        if self.store_id:
            domain &= Domain("retail_store_id", "=", self.store_id.id)
        return domain

    def _before_domain(self):
        days = timedelta(days=self.window_days)
        return self._counted_domain(self.placed_on - days, self.placed_on)

    def _after_domain(self):
        return self._counted_domain(self.placed_on, self.verify_on)

    def _count(self, domain):
        # A number is no secret: confidential requests count, too.
        return self.env["helpdesk.ticket"].sudo().search_count(domain)

    # === LIFE === #

    def action_start(self):
        for improvement in self:
            improvement._expect("open")
            if not (improvement.measure or "").strip():
                raise UserError(self.env._("Write what will be done about it."))
            improvement.state = "doing"
            improvement.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=improvement.due_date,
                user_id=improvement.user_id.id,
                summary=self.env._("Put the measure in place"),
            )

    def action_place(self):
        """The measure is in place from today on: count what was before."""
        for improvement in self:
            improvement._expect("doing")
            improvement.write(
                {
                    "state": "verify",
                    "placed_on": fields.Date.context_today(improvement),
                    "after_count": 0,
                }
            )
            improvement.before_count = improvement._count(improvement._before_domain())
            improvement.activity_unlink(["mail.mail_activity_data_todo"])

    def action_judge(self):
        """Compare before and after: close it, or open it again."""
        for improvement in self:
            improvement._expect("verify")
            if fields.Date.context_today(improvement) < improvement.verify_on:
                raise UserError(
                    self.env._(
                        "The days to compare are not over before %(day)s.",
                        day=improvement.verify_on,
                    )
                )
            improvement.after_count = improvement._count(improvement._after_domain())
            if improvement._is_effective():
                improvement.state = "closed"
            else:
                improvement._reopen()

    def action_cancel(self):
        for improvement in self:
            if improvement.state not in OPEN_STATES:
                raise UserError(self.env._("It has ended."))
        self.state = "cancelled"
        self.activity_unlink(["mail.mail_activity_data_todo"])

    def _expect(self, state):
        if self.state != state:
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(name)s is not %(state)s.", name=self.name, state=states[state].lower()
                )
            )

    def _is_effective(self):
        return self.after_count <= self.before_count * (1 - self.aim_percent / 100)

    def _reopen(self):
        """The measure did not help: another one is needed."""
        body = self.env._(
            "Ineffective: %(before)s requests before, %(after)s after; at least %(aim)s %% fewer "
            "were expected. Another measure is needed.",
            before=self.before_count,
            after=self.after_count,
            aim=self.aim_percent,
        )
        self.write({"state": "open", "ineffective_count": self.ineffective_count + 1})
        self.message_post(body=body)
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=self.user_id.id,
            summary=self.env._("The measure was ineffective: find another"),
            note=body,
        )

    @api.model
    def _cron_judge(self):
        """Judge what can be judged since today."""
        due = self.search([("state", "=", "verify"), ("verify_on", "<=", "today")])
        due.action_judge()

    def action_view_requests(self):
        """Open the requests that are counted, before and after."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_crm.helpdesk_ticket_action_retail"
        )
        day = self.placed_on or fields.Date.context_today(self)
        days = timedelta(days=self.window_days)
        action["domain"] = list(self._counted_domain(day - days, day + days))
        action["context"] = {"retail_service": True}
        return action
