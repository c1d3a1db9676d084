from odoo import api, fields, models
from odoo.fields import Domain


class RetailComplaintDeadline(models.Model):
    """How many working hours a request may take, by kind, priority and company.

    Of the rules that fit, the one that says most wins: company before kind before priority.
    """

    _name = "retail.complaint.deadline"
    _description = "Complaint Deadline"
    _order = "company_id, retail_kind, priority, id"
    _rec_name = "hours"

    company_id = fields.Many2one("res.company", help="All companies when empty.")
    retail_kind = fields.Selection(
        selection=lambda self: self._selection_of_ticket("retail_kind"),
        string="Kind",
        help="All kinds when empty.",
    )
    priority = fields.Selection(
        selection=lambda self: self._selection_of_ticket("priority"),
        help="All priorities when empty.",
    )
    hours = fields.Float(
        string="Working Hours", required=True, default=24, help="From receipt to solution."
    )
    escalation_hours = fields.Float(
        string="Hours to Next Level",
        default=8,
        help="Working hours that the first level has after the deadline before head office is "
        "told; zero when head office shall not be told.",
    )

    _hours_positive = models.Constraint(
        "CHECK(hours > 0 AND escalation_hours >= 0)", "The working hours must be above zero."
    )
    _case_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), COALESCE(retail_kind, ''), COALESCE(priority, ''))",
        "There is a deadline for this company, kind and priority.",
    )

    @api.model
    def _selection_of_ticket(self, name):
        return self.env["helpdesk.ticket"]._fields[name]._description_selection(self.env)

    @api.depends("company_id", "retail_kind", "priority", "hours")
    def _compute_display_name(self):
        kinds = dict(self._fields["retail_kind"]._description_selection(self.env))
        priorities = dict(self._fields["priority"]._description_selection(self.env))
        for rule in self:
            case = [
                rule.company_id.name,
                kinds.get(rule.retail_kind),
                priorities.get(rule.priority),
            ]
            hours = self.env._("%(hours)g working hours", hours=rule.hours)
            rule.display_name = ", ".join([*filter(None, case), hours])

    @api.model
    def _find(self, company, kind, priority):
        """Return the rule for a request, or an empty record when none fits."""

        def fits(field, value):
            return Domain(field, "in", [False, value])

        rules = self.search(
            fits("company_id", company.id) & fits("retail_kind", kind) & fits("priority", priority)
        )
        return rules.sorted(
            lambda rule: (bool(rule.company_id), bool(rule.retail_kind), bool(rule.priority)),
            reverse=True,
        )[:1]
