from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .retail_member_profile_mixin import HOURS_OF_BAND

FORMS = [
    ("mail", "Email"),
    ("sms", "SMS"),
    ("call", "Call"),
    ("visit", "Visit"),
    ("letter", "Letter"),
]


class RetailCarePlan(models.Model):
    """How a strategy cares for a group of its members.

    The first line whose group has the member holds. Lines of the same group are variants of each
    other: the members are shared out among them.
    """

    _name = "retail.care.plan"
    _description = "Care Plan"
    _order = "sequence, id"

    strategy_id = fields.Many2one(
        "retail.care.strategy", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="strategy_id.company_id")
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10)
    class_ids = fields.Many2many(
        "retail.customer.class",
        "retail_care_plan_class_rel",
        string="Classes",
        help="For members of these classes; of all when empty.",
    )
    tag_ids = fields.Many2many(
        "res.partner.category",
        "retail_care_plan_tag_rel",
        string="Tags",
        help="For members with one of these tags or of the tags below them; all when empty.",
    )
    segment_ids = fields.Many2many(
        "retail.segment",
        "retail_care_plan_segment_rel",
        string="Segments",
        help="For members of these segments; of all when empty.",
    )
    form = fields.Selection(FORMS, required=True, default="call")
    is_automatic = fields.Boolean(compute="_compute_is_automatic")
    mail_template_id = fields.Many2one(
        "mail.template",
        string="Email Template",
        domain="[('model', '=', 'retail.care.task')]",
        ondelete="set null",
    )
    sms_template_id = fields.Many2one(
        "sms.template",
        string="SMS Template",
        domain="[('model', '=', 'retail.care.task')]",
        ondelete="set null",
    )
    lacks_template = fields.Boolean(compute="_compute_lacks_template")
    script = fields.Html(help="What to say and to ask; shown on every task.")
    from_hour = fields.Float(
        string="Sent From",
        default=9.0,
        required=True,
        help="By the clock of the member's home store.",
    )
    to_hour = fields.Float(
        string="Sent Until",
        default=20.0,
        required=True,
        help="What isn't sent by then waits for the next day.",
    )
    at_usual_time = fields.Boolean(
        string="At the Usual Time",
        help="Sent at the time of day at which the member usually buys, as far as it lies within "
        "these hours.",
    )
    cost = fields.Monetary(
        currency_field="company_currency_id",
        help="What one such contact costs: the message, or the time it takes.",
    )
    variant = fields.Char(
        default="A",
        required=True,
        help="Lines for the same members are variants of each other: give each its letter, and "
        "the effect shows which one does better.",
    )
    share = fields.Integer(
        default=50, required=True, help="Weight beside the other variants: 50 and 50 are halves."
    )

    _window = models.Constraint(
        "CHECK(0 <= from_hour AND from_hour < to_hour AND to_hour <= 24)",
        "Messages are sent between two hours of one day: from 0 to 24, the first one earlier.",
    )
    _share_positive = models.Constraint(
        "CHECK(share > 0 AND cost >= 0)",
        "The share must be above zero, and the cost can't be negative.",
    )

    # === COMPUTE METHODS === #

    @api.depends("strategy_id", "form", "variant")
    @api.depends_context("lang")
    def _compute_display_name(self):
        forms = dict(self._fields["form"]._description_selection(self.env))
        for plan in self:
            plan.display_name = f"{plan.variant or ''} · {forms.get(plan.form, '')}"

    @api.model
    def _automatic_forms(self):
        """Return the forms that the system sends by itself; the others are work for people."""
        return {"mail", "sms"}

    @api.depends("form")
    def _compute_is_automatic(self):
        for plan in self:
            plan.is_automatic = plan.form in self._automatic_forms()

    @api.depends("form", "mail_template_id", "sms_template_id")
    def _compute_lacks_template(self):
        for plan in self:
            plan.lacks_template = plan._lacks_template()

    def _lacks_template(self):
        if self.form == "sms":
            return not self.sms_template_id
        return self.form == "mail" and not self.mail_template_id

    def _hours(self, usual_time):
        """Return from and to what hour a message goes out; usual_time: a band of the day."""
        start, end = HOURS_OF_BAND.get(usual_time, (0, 24))
        start, end = max(start, self.from_hour), min(end, self.to_hour)
        return (start, end) if start < end else (self.from_hour, self.to_hour)

    # === CONSTRAINT METHODS === #

    @api.constrains("form", "mail_template_id", "sms_template_id")
    def _check_template(self):
        for plan in self.filtered("lacks_template"):
            raise ValidationError(
                self.env._(
                    "A line of the plan of %(strategy)s sends messages and has no template: "
                    "choose one.",
                    strategy=plan.strategy_id.name,
                )
            )

    @api.constrains("class_ids", "tag_ids", "segment_ids", "variant", "strategy_id")
    def _check_variant(self):
        for strategy in self.strategy_id:
            for variants in strategy.plan_ids._groups().values():
                names = [plan.variant.strip().lower() for plan in variants]
                if len(set(names)) < len(names):
                    raise ValidationError(
                        self.env._(
                            "Two lines of the plan of %(strategy)s are for the same members. "
                            "Give them different variants, such as A and B, or different groups.",
                            strategy=strategy.name,
                        )
                    )

    def _groups(self):
        """Return {group: its variants} in the order of the lines."""
        groups = {}
        for plan in self.sorted(lambda line: (line.sequence, line.id or 0)):
            key = tuple(
                frozenset(plan[name].ids) for name in ("class_ids", "tag_ids", "segment_ids")
            )
            groups[key] = groups.get(key, self.browse()) | plan
        return groups

    # === TEST SEND === #

    def action_test_send(self):
        """Send the line's message to me, as the first member of the strategy would get it."""
        self.ensure_one()
        self.strategy_id.check_access("write")
        if not self.is_automatic:
            raise UserError(self.env._("Only messages that the system sends can be tried out."))
        if self.lacks_template:
            raise UserError(self.env._("Choose a template first."))
        user = self.env.user
        self._test_send(user.partner_id)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Sent to %(address)s.", address=self._test_address(user)),
            },
        }

    def _test_address(self, user):
        return user.phone if self.form == "sms" else user.email

    def _test_send(self, partner):
        """Send a trial of the message to the partner; raises UserError when that fails."""
        # The trial task is written and taken back again: nobody's list shows it.
        try:
            with self.env.cr.savepoint():
                task = self.env["retail.care.task"].sudo()._new_trial(self, partner)
                failure = task._deliver()[1]
                raise _TrialDone(failure)
        except _TrialDone as done:
            if done.failure:
                raise UserError(
                    self.env._("The trial could not be sent: %(why)s", why=done.failure)
                ) from None


class _TrialDone(Exception):
    """Carries what became of a trial out of the savepoint that takes its task back."""

    def __init__(self, failure):
        super().__init__()
        self.failure = failure
