from odoo import fields, models

OPEN_CODES = ("new", "accepted", "investigating", "solution_proposed")
ENDED_CODES = ("resolved", "closed", "invalid")


class HelpdeskTicketStage(models.Model):
    _inherit = "helpdesk.ticket.stage"

    retail_code = fields.Selection(
        [
            ("new", "New"),
            ("accepted", "Accepted"),
            ("investigating", "Investigating"),
            ("solution_proposed", "Solution Proposed"),
            ("resolved", "Resolved"),
            ("closed", "Closed"),
            ("invalid", "Invalid"),
        ],
        string="Complaint Step",
        copy=False,
        help="The step of a complaint that this stage stands for; empty for stages of other "
        "tickets.",
    )

    _retail_code_uniq = models.UniqueIndex(
        "(retail_code, COALESCE(company_id, 0)) WHERE retail_code IS NOT NULL AND active",
        "There is a stage for this step of a complaint.",
    )
