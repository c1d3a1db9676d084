from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

PROMOTER, PASSIVE = 9, 7  # of 10; below PASSIVE is a detractor


class RetailSurveyAsked(models.Model):
    """A member asked in a round, and how satisfied he is by his answers.

    Stock's ``survey.user_input`` holds the answers and the secret link; this row shows what the
    service may see of them.
    """

    _name = "retail.survey.asked"
    _description = "Member Asked"
    _order = "round_id desc, id"
    _rec_name = "partner_id"

    round_id = fields.Many2one(
        "retail.survey.round", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="round_id.company_id", store=True, index=True)
    way = fields.Selection(related="round_id.way")
    partner_id = fields.Many2one(
        "res.partner",
        string="Member",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    partner_phone = fields.Char(related="partner_id.phone", string="Phone")
    store_id = fields.Many2one(related="partner_id.retail_store_id", string="Home Store")
    input_id = fields.Many2one(
        "survey.user_input", readonly=True, ondelete="set null", index="btree_not_null", copy=False
    )
    state = fields.Selection(
        [("asked", "Asked"), ("answered", "Answered")],
        default="asked",
        required=True,
        readonly=True,
    )
    answered_at = fields.Datetime(string="Answered On", readonly=True)
    score = fields.Float(
        string="Satisfaction (%)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="The mean of the answers, in percent of their scales.",
    )
    promoter = fields.Selection(
        [("promoter", "Would Recommend"), ("passive", "Undecided"), ("detractor", "Would Not")],
        string="Recommends",
        readonly=True,
        help="9 or 10 of 10, 7 or 8, and 0 to 6.",
    )
    answers = fields.Text(compute="_compute_answers", compute_sudo=True)
    ticket_id = fields.Many2one(
        "helpdesk.ticket", string="Complaint", readonly=True, copy=False, ondelete="set null"
    )
    mail_id = fields.Many2one("mail.mail", readonly=True, copy=False, ondelete="set null")
    problem = fields.Char(
        compute="_compute_problem", compute_sudo=True, help="Why the mail couldn't be sent."
    )
    start_url = fields.Char(compute="_compute_start_url", groups="base.group_system")

    _round_partner_uniq = models.Constraint(
        "UNIQUE(round_id, partner_id)", "A member is asked once in a round."
    )

    @api.depends("input_id")
    def _compute_start_url(self):
        for asked in self:
            link = asked.input_id and asked.input_id.get_start_url()
            asked.start_url = link and asked.get_base_url() + link

    @api.depends("input_id.user_input_line_ids")
    def _compute_answers(self):
        for asked in self:
            lines = asked.input_id.user_input_line_ids.filtered(lambda line: not line.skipped)
            asked.answers = "\n".join(
                f"{line.question_id.title}: {line.display_name}" for line in lines
            )

    def _compute_problem(self):
        for asked in self:
            mail = asked.mail_id
            asked.problem = mail.state == "exception" and mail.failure_reason

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        for asked in rows:
            asked._open_input()
        return rows

    def _open_input(self):
        """Make the member's own link to the survey."""
        self.ensure_one()
        deadline = fields.Datetime.add(fields.Datetime.now(), days=self.round_id.answer_days)
        # The roles that run a round have no right on the Surveys app; the link is the member's.
        survey = self.round_id.survey_id.sudo()
        self.input_id = survey._create_answer(
            partner=self.partner_id.sudo(),
            check_attempts=False,
            **({"deadline": deadline} if self.way == "mail" else {}),
        )

    # === ASK === #

    def _send(self):
        """Queue a mail with the link to each member."""
        template = self.env.ref("retail_crm.mail_template_satisfaction", raise_if_not_found=False)
        if not template:
            raise UserError(
                self.env._(
                    "The mail template of satisfaction surveys was deleted. Update the app Retail "
                    "Members and Service to get it back, or ask by phone."
                )
            )
        for asked in self:
            # The link is secret for the users who run the round.
            asked.mail_id = template.sudo().send_mail(asked.id)

    def action_send_again(self):
        """Put mails that couldn't be sent back into the queue."""
        self.check_access("write")
        # Users have no right on queued mails; these are their own.
        self.sudo().mail_id.filtered(lambda mail: mail.state == "exception").mark_outgoing()

    def action_interview(self):
        """Open the survey, to enter what the member says on the phone."""
        self.ensure_one()
        self.check_access("write")
        if self.state == "answered":
            raise UserError(
                self.env._("%(member)s has answered already.", member=self.partner_id.name)
            )
        return {
            "type": "ir.actions.act_url",
            # The interviewer enters the answers through the member's own link.
            "url": self.sudo().start_url,
            "target": "new",
        }

    # === ANSWERS === #

    def _take_answers(self):
        """Work out the scores of those who answered; a low answer opens a complaint, once."""
        for asked in self.filtered(lambda row: row.state == "asked"):
            scores = asked._scores()
            asked.write(
                {
                    "state": "answered",
                    "answered_at": fields.Datetime.now(),
                    "score": sum(scores) / len(scores) if scores else False,
                    "promoter": asked._promoter(),
                }
            )
            if scores and min(scores) <= asked.round_id.low_score:
                asked._open_complaint()

    def _rated_lines(self):
        return self.input_id.user_input_line_ids.filtered(
            lambda line: (
                line.answer_type == "scale" and not line.skipped and line.question_id.retail_factor
            )
        )

    def _scores(self):
        """Return the answers that measure something, in percent of their scales."""
        return [
            100
            * (line.value_scale - line.question_id.scale_min)
            / (line.question_id.scale_max - line.question_id.scale_min)
            for line in self._rated_lines()
        ]

    def _promoter(self):
        """Return whether the member would recommend us; False where that wasn't answered."""
        lines = self._rated_lines().filtered(
            lambda line: line.question_id.retail_factor == "recommend"
        )
        if not lines:
            return False
        if lines[0].value_scale >= PROMOTER:
            return "promoter"
        return "passive" if lines[0].value_scale >= PASSIVE else "detractor"

    def _open_complaint(self):
        self.ensure_one()
        # The member answers as a visitor; the complaint is opened by the shop.
        tickets = self.env["helpdesk.ticket"].with_user(SUPERUSER_ID)
        channel = self.env.ref("retail_crm.ticket_channel_survey", raise_if_not_found=False)
        self.ticket_id = tickets.with_company(self.company_id).create(
            {
                "name": self.env._("Low score in %(round)s", round=self.round_id.name),
                "description": Markup("<br/>").join(self.answers.splitlines()),
                "retail_kind": "complaint",
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "retail_store_id": self.partner_id.retail_store_id.id,
                **({"channel_id": channel.id} if channel else {}),
            }
        )
