from odoo import fields, models, tools
from odoo.tools import SQL


class RetailComplaintReport(models.Model):
    """Requests as figures: how many by what, how fast, how content, at which cost."""

    _name = "retail.complaint.report"
    _inherit = ["retail.ticket.child.mixin"]
    _description = "Analysis of Requests"
    _auto = False
    _rec_name = "ticket_id"
    _order = "received_at desc, id desc"

    received_at = fields.Datetime(string="Received", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    retail_store_id = fields.Many2one("stock.warehouse", string="Store", readonly=True)
    channel_id = fields.Many2one("helpdesk.ticket.channel", readonly=True)
    retail_kind = fields.Selection(
        selection=lambda self: self.env["retail.complaint.deadline"]._selection_of_ticket(
            "retail_kind"
        ),
        string="Kind",
        readonly=True,
    )
    category_id = fields.Many2one("helpdesk.ticket.category", readonly=True)
    area_id = fields.Many2one("helpdesk.ticket.category", string="Main Category", readonly=True)
    cause_id = fields.Many2one("retail.complaint.cause", readonly=True)
    team_id = fields.Many2one("helpdesk.ticket.team", string="Department", readonly=True)
    user_id = fields.Many2one("res.users", string="Owner", readonly=True)
    stage_id = fields.Many2one("helpdesk.ticket.stage", readonly=True)
    respond_hours = fields.Float(
        string="Hours to First Answer",
        readonly=True,
        aggregator="avg",
        help="Working hours, without waits for the customer.",
    )
    resolve_hours = fields.Float(
        string="Hours to Solution",
        readonly=True,
        aggregator="avg",
        help="Working hours, without waits for the customer.",
    )
    handling_hours = fields.Float(
        string="Handling Time (Hours)",
        readonly=True,
        aggregator="avg",
        help="From receipt to solution by the wall clock.",
    )
    satisfaction = fields.Float(
        string="Satisfaction (0-100)",
        readonly=True,
        aggregator="avg",
        help="The customer's last score: 1 star is 0, 5 stars are 100.",
    )
    late_share = fields.Float(
        string="Late (%)", readonly=True, aggregator="avg", help="At least one clock was missed."
    )
    escalated_share = fields.Float(string="Escalated (%)", readonly=True, aggregator="avg")
    reopen_count = fields.Integer(string="Times Reopened", readonly=True)
    remedy_cost = fields.Float(
        string="Cost of Remedies", readonly=True, help="In the company's currency."
    )

    def init(self):
        tools.drop_view_if_exists(self.env.cr, self._table)
        self.env.cr.execute(
            SQL("CREATE VIEW %s AS (%s)", SQL.identifier(self._table), self._view_sql())
        )

    def _view_sql(self):
        """Return one row per request; clocks and scores are those of the last round."""
        return SQL(
            """SELECT ticket.id,
                      ticket.id AS ticket_id,
                      ticket.create_date AS received_at,
                      ticket.company_id,
                      ticket.retail_store_id,
                      ticket.channel_id,
                      ticket.retail_kind,
                      ticket.category_id,
                      COALESCE(category.parent_id, category.id) AS area_id,
                      ticket.cause_id,
                      ticket.team_id,
                      ticket.user_id,
                      ticket.stage_id,
                      clocks.respond_minutes / 60.0 AS respond_hours,
                      clocks.resolve_minutes / 60.0 AS resolve_hours,
                      EXTRACT(EPOCH FROM ticket.resolved_date - ticket.create_date) / 3600.0
                          AS handling_hours,
                      (score.rating - 1) * 25 AS satisfaction,
                      CASE WHEN clocks.missed OR ticket.next_deadline < NOW() AT TIME ZONE 'UTC'
                           THEN 100.0 ELSE 0.0 END AS late_share,
                      CASE WHEN ticket.escalated THEN 100.0 ELSE 0.0 END AS escalated_share,
                      COALESCE(ticket.reopen_count, 0) AS reopen_count,
                      COALESCE(ticket.remedy_cost, 0) AS remedy_cost
                 FROM helpdesk_ticket ticket
            LEFT JOIN helpdesk_ticket_category category ON category.id = ticket.category_id
            LEFT JOIN LATERAL (
                      SELECT MAX(minutes) FILTER (WHERE clock = 'respond') AS respond_minutes,
                             MAX(minutes) FILTER (WHERE clock = 'resolve') AS resolve_minutes,
                             BOOL_OR(state = 'missed') AS missed
                        FROM retail_complaint_clock
                       WHERE ticket_id = ticket.id AND done_at IS NOT NULL
                         AND round = COALESCE(ticket.reopen_count, 0)
                      ) clocks ON TRUE
            LEFT JOIN LATERAL (
                      SELECT rating FROM rating_rating
                       WHERE res_model = 'helpdesk.ticket' AND res_id = ticket.id
                         AND consumed AND rating >= 1
                    ORDER BY write_date DESC, id DESC LIMIT 1
                      ) score ON TRUE
                WHERE ticket.retail_kind IS NOT NULL AND ticket.active
                  AND ticket.retail_stage_code != 'invalid'"""
        )
