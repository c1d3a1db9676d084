from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    retail_duplicate_mode = fields.Selection(
        [("block", "Refuse to save"), ("warn", "Save and warn")],
        string="Same Phone or Email Twice",
        default="block",
        required=True,
        help="What happens when a member is saved with the phone or email of another member.",
    )
    retail_communication_lock_hours = fields.Integer(
        string="Lock Communications After (hours)",
        default=24,
        help="So long a communication can be changed; then it is only corrected by a new one.",
    )
    retail_communication_keep_months = fields.Integer(
        string="Keep Communications at Hand (months)",
        default=24,
        help="Older ones are archived every night; the filter Archived finds them. 0: never.",
    )
    retail_communication_failed_percent = fields.Float(
        string="Block a Way Above (% failed)",
        default=20.0,
        help="A way of contact is shown as blocked when more of its messages failed in the last "
        "24 hours.",
    )

    retail_spend_medium = fields.Monetary(
        string="Spend Level Medium From",
        default=1000.0,
        help="Members who spent as much in the last 12 months have the spend level Medium.",
    )
    retail_spend_high = fields.Monetary(
        string="Spend Level High From",
        default=5000.0,
        help="Members who spent as much in the last 12 months have the spend level High.",
    )
    retail_spend_top = fields.Monetary(
        string="Spend Level Top From",
        default=20000.0,
        help="Members who spent as much in the last 12 months have the spend level Top.",
    )

    retail_churn_days = fields.Integer(
        string="Members Are Lost After (Days)",
        default=90,
        required=True,
        help="Without a purchase for as many days a member counts as lost; a class can have its "
        "own number.",
    )
    retail_cluster_count = fields.Integer(
        string="Member Clusters",
        default=5,
        required=True,
        help="Into as many groups of members who buy alike the refresh of every night parts them.",
    )
    retail_survey_quarterly = fields.Boolean(
        string="Ask Members Each Quarter",
        help="At the beginning of a quarter some members, drawn at random, are asked by mail how "
        "satisfied they are.",
    )
    retail_survey_sample = fields.Integer(
        string="Members to Ask", default=50, required=True, help="Drawn at random each quarter."
    )
    retail_care_cap_count = fields.Integer(
        string="Contacts per Member at Most",
        default=3,
        help="Care makes no task for members who were contacted so often, by whatever way, in the "
        "days beside it. 0: no limit.",
    )
    retail_care_cap_days = fields.Integer(string="Within (days)", default=30, required=True)
    retail_care_escalate_days = fields.Integer(
        string="Tell the Manager After (days)",
        default=3,
        required=True,
        help="A care task that is overdue for more days is told to the manager of the store; the "
        "guide is reminded on the first day.",
    )

    retail_complaint_close_days = fields.Integer(
        string="Close Resolved Requests After (Days)",
        default=7,
        help="A resolved request that the customer doesn't answer closes by itself after as many "
        "days; 0: never.",
    )

    retail_complaint_reopen_days = fields.Integer(
        string="Customers Reopen Within (Days)",
        default=14,
        help="So many days after it was resolved a customer can take the own request up again in "
        "the portal; 0: never.",
    )
    retail_return_days = fields.Integer(
        string="Goods Come Back Within (Days)",
        default=7,
        help="Later returns, exchanges and refunds need a store manager; 0: at any time.",
    )

    _retail_complaint_close_days = models.Constraint(
        "CHECK(retail_complaint_close_days >= 0 AND retail_return_days >= 0"
        " AND retail_complaint_reopen_days >= 0)",
        "Days of service can't be negative.",
    )
    _retail_survey_sample = models.Constraint(
        "CHECK(retail_survey_sample > 0)", "Ask at least one member each quarter."
    )
    _retail_cluster_count = models.Constraint(
        "CHECK(retail_cluster_count BETWEEN 2 AND 12)", "Choose 2 to 12 clusters of members."
    )
    _retail_care_limits = models.Constraint(
        "CHECK(retail_care_cap_count >= 0 AND retail_care_cap_days > 0"
        " AND retail_care_escalate_days >= 0)",
        "Contacts and days can't be negative, and contacts are counted over one day at least.",
    )
    _retail_churn_days = models.Constraint(
        "CHECK(retail_churn_days > 0)", "A member can be lost after one day at the earliest."
    )
    _retail_communication_limits = models.Constraint(
        "CHECK(retail_communication_lock_hours >= 0 AND retail_communication_keep_months >= 0"
        " AND retail_communication_failed_percent >= 0)",
        "Hours, months and percentages of communications can't be negative.",
    )
    _retail_spend_levels = models.Constraint(
        "CHECK(retail_spend_medium <= retail_spend_high AND retail_spend_high <= retail_spend_top)",
        "Each spend level must begin at a higher amount than the one below it.",
    )
