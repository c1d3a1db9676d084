from odoo import api, fields, models
from odoo.fields import Domain

from ..crm_engine.service_clock import pick

# Which condition of a rule weighs more than all that follow.
ORDER = ("company", "category", "tag", "customer_class", "kind", "priority")


class RetailComplaintDeadline(models.Model):
    """The hours that a request may take: four clocks, by what it is about and whose it is.

    Of the rules that fit, the one that says most wins; ORDER names what weighs more.
    """

    _name = "retail.complaint.deadline"
    _description = "Complaint Deadlines"
    _order = "company_id, category_id, tag_id, class_id, retail_kind, priority, id"
    _rec_name = "hours"

    company_id = fields.Many2one("res.company", help="All companies when empty.")
    category_id = fields.Many2one(
        "helpdesk.ticket.category",
        ondelete="cascade",
        help="All categories when empty; one of the first level holds for those below it.",
    )
    tag_id = fields.Many2one("helpdesk.ticket.tag", ondelete="cascade", help="Any when empty.")
    class_id = fields.Many2one(
        "retail.customer.class",
        string="Customer Class",
        ondelete="cascade",
        help="All customers when empty.",
    )
    retail_kind = fields.Selection(
        selection=lambda self: self._selection_of_ticket("retail_kind"),
        string="Kind",
        help="All kinds when empty.",
    )
    priority = fields.Selection(
        selection=lambda self: self._selection_of_ticket("priority"),
        help="All priorities when empty.",
    )
    acknowledge_hours = fields.Float(
        string="Acknowledge",
        help="Working hours from receipt until somebody has read it; 0: no such clock.",
    )
    respond_hours = fields.Float(
        string="First Answer",
        help="Working hours from receipt until the customer hears from us; 0: no such clock.",
    )
    hours = fields.Float(
        string="Resolve",
        required=True,
        default=24,
        help="Working hours from receipt to solution; 0: no such clock.",
    )
    inform_hours = fields.Float(
        string="Keep Informed",
        help="Working hours after which an open request's customer must hear from us again; "
        "0: no such clock.",
    )
    warn_percent = fields.Integer(
        string="Warn After (%)",
        default=75,
        help="The owner is warned when so much of the time has passed.",
    )
    escalation_hours = fields.Float(
        string="Hours to Next Level",
        default=8,
        help="Working hours that each level has before the one above it is told; zero when no "
        "level above shall be told.",
    )

    _hours_positive = models.Constraint(
        "CHECK(acknowledge_hours >= 0 AND respond_hours >= 0 AND hours >= 0"
        " AND inform_hours >= 0 AND escalation_hours >= 0)",
        "Working hours can't be negative; 0 switches a clock off.",
    )
    _warn_percent = models.Constraint(
        "CHECK(warn_percent BETWEEN 1 AND 100)", "Warn after 1 to 100 % of the time."
    )
    _case_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), COALESCE(category_id, 0), COALESCE(tag_id, 0),"
        " COALESCE(class_id, 0), COALESCE(retail_kind, ''), COALESCE(priority, ''))",
        "There is a line for this case.",
    )

    @api.model
    def _selection_of_ticket(self, name):
        return self.env["helpdesk.ticket"]._fields[name]._description_selection(self.env)

    @api.depends(
        "company_id", "category_id", "tag_id", "class_id", "retail_kind", "priority", "hours"
    )
    def _compute_display_name(self):
        kinds = dict(self._fields["retail_kind"]._description_selection(self.env))
        priorities = dict(self._fields["priority"]._description_selection(self.env))
        for rule in self:
            case = [
                rule.company_id.name,
                rule.category_id.complete_name,
                rule.tag_id.name,
                rule.class_id.name,
                kinds.get(rule.retail_kind),
                priorities.get(rule.priority),
            ]
            hours = self.env._("%(hours)g working hours", hours=rule.hours)
            rule.display_name = ", ".join([*filter(None, case), hours])

    def _hours(self, clock):
        """Return the working hours of a clock; 0 when it shall not run."""
        return self["hours" if clock == "resolve" else f"{clock}_hours"] if self else 0

    @api.model
    def _find(self, ticket):
        """Return the rule for a request, or an empty record when none fits."""
        category = ticket.category_id
        case = {
            "company": ticket.company_id.ids,
            "category": (category + category.parent_id).ids,
            "tag": ticket.tag_ids.ids,
            "customer_class": ticket.partner_id.commercial_partner_id.retail_class_id.ids,
            "kind": [ticket.retail_kind],
            "priority": [ticket.priority],
        }
        rules = self.search(Domain("company_id", "in", [False, ticket.company_id.id]))
        return pick([(rule, rule._conditions()) for rule in rules], case, ORDER) or self.browse()

    def _conditions(self):
        return {
            "company": self.company_id.id or None,
            "category": self.category_id.id or None,
            "tag": self.tag_id.id or None,
            "customer_class": self.class_id.id or None,
            "kind": self.retail_kind or None,
            "priority": self.priority or None,
        }
