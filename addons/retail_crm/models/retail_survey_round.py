import random
from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

SEEDS = 1_000_000


class RetailSurveyRound(models.Model):
    """Some members, drawn at random, asked how satisfied they are.

    The draw is the same for the same seed and members, and is done once.
    """

    _name = "retail.survey.round"
    _description = "Satisfaction Survey Round"
    _inherit = ["mail.thread"]
    _order = "asked_day desc, id desc"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    survey_id = fields.Many2one(
        "survey.survey",
        required=True,
        ondelete="restrict",
        default=lambda self: self._default_survey(),
        domain="[('question_and_page_ids.retail_factor', '!=', False)]",
        help="Surveys with a question on a scale that measures something.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("asked", "Asked"), ("closed", "Closed")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    way = fields.Selection(
        [("mail", "By Mail"), ("phone", "By Phone")],
        required=True,
        default="mail",
        help="By mail each member gets a link; by phone the service asks and enters the answers.",
    )
    sample_size = fields.Integer(required=True, default=50, help="Members to draw at random.")
    seed = fields.Integer(
        required=True,
        copy=False,
        default=lambda self: random.SystemRandom().randrange(SEEDS),
        help="The same seed draws the same members from the same ones.",
    )
    bought_days = fields.Integer(
        string="Bought Within (Days)", required=True, default=90, help="Who else isn't asked."
    )
    rest_days = fields.Integer(
        string="Not Asked For (Days)",
        required=True,
        default=180,
        help="Who was asked within these days isn't asked again.",
    )
    store_ids = fields.Many2many(
        "stock.warehouse",
        "retail_survey_round_store_rel",
        string="Home Stores",
        domain="[('is_store', '=', True), ('company_id', '=', company_id)]",
        check_company=True,
        help="Members of these home stores; of all when empty.",
    )
    answer_days = fields.Integer(
        string="Days to Answer", required=True, default=14, help="Afterwards the link is closed."
    )
    low_score = fields.Integer(
        required=True,
        default=20,
        help="An answer of as many percent of its scale, or fewer, opens a complaint.",
    )
    asked_day = fields.Date(string="Asked On", readonly=True, copy=False)
    quarter = fields.Char(
        readonly=True, copy=False, help="Of the round that begins by itself each quarter."
    )
    asked_ids = fields.One2many("retail.survey.asked", "round_id", string="Members Asked")
    asked_count = fields.Integer(string="Asked", compute="_compute_results")
    answered_count = fields.Integer(string="Answered", compute="_compute_results")
    low_count = fields.Integer(string="Complaints", compute="_compute_results")
    score = fields.Float(
        string="Satisfaction (%)",
        digits=(16, 1),
        compute="_compute_results",
        help="The mean of all answers, in percent of their scales.",
    )
    nps = fields.Float(
        string="Net Promoter Score",
        digits=(16, 1),
        compute="_compute_results",
        help="Percent of members who would recommend us (9 or 10 of 10), less the percent of "
        "those who would not (0 to 6).",
    )

    _numbers = models.Constraint(
        "CHECK(sample_size > 0 AND bought_days > 0 AND rest_days >= 0 AND answer_days > 0"
        " AND low_score BETWEEN 0 AND 100)",
        "Draw at least one member, give at least a day to answer, and choose a low score of 0 to "
        "100 percent.",
    )
    _quarter_uniq = models.UniqueIndex(
        "(company_id, quarter) WHERE quarter IS NOT NULL", "A quarter has one round per company."
    )

    def _default_survey(self):
        return self.env.ref("retail_crm.survey_satisfaction", raise_if_not_found=False)

    def _compute_results(self):
        asked = self.env["retail.survey.asked"]
        counts = dict(asked._read_group([("round_id", "in", self.ids)], ["round_id"], ["__count"]))
        figures = {
            row[0]: row[1:]
            for row in asked._read_group(
                [("round_id", "in", self.ids), ("state", "=", "answered")],
                ["round_id"],
                ["__count", "ticket_id:count", "score:avg"],
            )
        }
        opinions = defaultdict(Counter)
        for record, promoter, count in asked._read_group(
            [("round_id", "in", self.ids), ("promoter", "!=", False)],
            ["round_id", "promoter"],
            ["__count"],
        ):
            opinions[record][promoter] = count
        for record in self:
            answered, low, score = figures.get(record, (0, 0, 0.0))
            record.asked_count = counts.get(record, 0)
            record.answered_count = answered
            record.low_count = low
            record.score = score or 0.0
            said = opinions[record]
            record.nps = (
                100 * (said["promoter"] - said["detractor"]) / said.total() if said else 0.0
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        for record in self:
            if record.state != "draft":
                raise UserError(
                    self.env._(
                        "Members were asked in the round %(round)s: close it, their answers stay.",
                        round=record.name,
                    )
                )

    # === DRAW === #

    def _audience(self):
        """Return the domain of the members who may be asked in this round."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        rested = fields.Date.subtract(today, days=self.rest_days)
        # Who was asked in another store's round rests as well.
        asked = self.env["retail.survey.asked"].sudo()
        lately = asked._search(
            [
                ("round_id.company_id", "=", self.company_id.id),
                ("round_id.asked_day", ">", rested),
            ]
        )
        domain = Domain(
            [
                ("is_member", "=", True),
                ("parent_id", "=", False),
                ("do_not_contact", "=", False),
                ("retail_last_purchase", ">=", fields.Date.subtract(today, days=self.bought_days)),
                ("retail_survey_asked_ids", "not any", [("id", "in", lately)]),
            ]
        )
        if self.way == "mail":
            domain &= Domain("retail_consent_mail", "=", True) & Domain("email", "!=", False)
        else:
            domain &= Domain("retail_consent_phone", "=", True) & Domain("phone", "!=", False)
        if self.store_ids:
            domain &= Domain("retail_store_id", "in", self.store_ids.ids)
        return domain

    def _draw(self):
        """Return at most ``sample_size`` members of the audience, in the seed's order."""
        self.ensure_one()
        # A round is for all members of its stores, not only for those whom its user looks after.
        partners = self.env["res.partner"].sudo().with_company(self.company_id)
        audience = partners._search(self._audience())
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM res_partner WHERE id IN %s ORDER BY md5(%s || id), id LIMIT %s",
                audience.subselect(),
                f"{self.seed}/",
                self.sample_size,
            )
        )
        return partners.browse(row[0] for row in rows)

    def action_ask(self):
        """Draw the members and ask them: a second click, or a second user, asks nobody twice."""
        for record in self:
            record.check_access("write")
            record.lock_for_update()
            if record.state != "draft":
                raise UserError(
                    self.env._("The members of %(round)s were asked already.", round=record.name)
                )
            members = record._draw()
            if not members:
                raise UserError(
                    self.env._(
                        "No member may be asked: none bought in the last %(days)s days, allows "
                        "to be contacted this way and wasn't asked lately.",
                        days=record.bought_days,
                    )
                )
            record._ask(members)

    def _ask(self, members):
        self.ensure_one()
        self.write(
            {
                "state": "asked",
                "asked_day": fields.Date.context_today(self),
                "asked_ids": [Command.create({"partner_id": member.id}) for member in members],
            }
        )
        if self.way == "mail":
            self.asked_ids._send()

    def action_close(self):
        self.filtered(lambda r: r.state == "asked").state = "closed"

    def action_view_asked(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_crm.retail_survey_asked_action"
        )
        action["domain"] = [("round_id", "=", self.id)]
        return action

    def action_view_satisfaction(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_crm.retail_satisfaction_action"
        )
        action["domain"] = [("round_id", "=", self.id)]
        return action

    # === CRON === #

    @api.model
    def _cron_quarter(self):
        """Ask members of the companies that want it once a quarter; close what is over."""
        today = fields.Date.context_today(self)
        for record in self.search([("state", "=", "asked")]):
            if fields.Date.add(record.asked_day, days=record.answer_days) < today:
                record.action_close()
        quarter = f"{today.year}-Q{(today.month + 2) // 3}"
        for company in self.env["res.company"].search([("retail_survey_quarterly", "=", True)]):
            self.with_company(company)._begin_quarter(quarter)

    def _begin_quarter(self, quarter):
        """Make and ask the round of a quarter, unless it is there or has nobody to ask."""
        company = self.env.company
        if self.search([("company_id", "=", company.id), ("quarter", "=", quarter)], limit=1):
            return
        record = self.create(
            {
                "name": self.env._("Satisfaction %(quarter)s", quarter=quarter),
                "company_id": company.id,
                "quarter": quarter,
                "sample_size": company.retail_survey_sample,
            }
        )
        members = record._draw()
        if members:
            record._ask(members)
