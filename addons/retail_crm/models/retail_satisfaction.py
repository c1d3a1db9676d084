from odoo import fields, models
from odoo.tools import SQL

from .survey_question import FACTORS


class RetailSatisfaction(models.Model):
    """What members think of us, from all sources on one scale: a row per rated thing.

    Scores go from 0 to 100. A rating of a ticket (1 to 5) tells of the service; an answer of a
    survey tells of the factor of its question; stars for a receipt (1 to 5) name theirs, and
    may come from somebody who is no member.
    """

    _name = "retail.satisfaction"
    _description = "Satisfaction"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "partner_id"

    day = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Member", readonly=True)
    store_id = fields.Many2one("stock.warehouse", readonly=True)
    source = fields.Selection(
        [("ticket", "Rated Request"), ("survey", "Survey"), ("receipt", "Receipt Page")],
        readonly=True,
    )
    factor = fields.Selection(FACTORS, readonly=True)
    score = fields.Float(string="Satisfaction (%)", digits=(16, 1), readonly=True, aggregator="avg")
    nps = fields.Float(
        string="Net Promoter Score",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="The mean of 100 for who would recommend us, -100 for who would not, else 0.",
    )
    ticket_id = fields.Many2one("helpdesk.ticket", string="Request", readonly=True)
    round_id = fields.Many2one("retail.survey.round", readonly=True)

    @property
    def _table_query(self):
        parts = [SQL("(%s)", part) for part in self._sources_sql()]
        return SQL(
            "SELECT row_number() OVER (ORDER BY day, source, key, factor) AS id, found.*"
            " FROM (%s) found",
            SQL(" UNION ALL ").join(parts),
        )

    def _sources_sql(self):
        """Return the queries of all sources; others add theirs with the same columns."""
        return [self._ticket_sql(), self._survey_sql(), self._receipt_sql()]

    def _ticket_sql(self):
        return SQL(
            """
            SELECT rating.id AS key, rating.write_date::date AS day, ticket.company_id,
                   ticket.partner_id, ticket.retail_store_id AS store_id, 'ticket' AS source,
                   'service' AS factor, (rating.rating - 1) * 25 AS score, NULL::int AS nps,
                   ticket.id AS ticket_id, NULL::int AS round_id
              FROM rating_rating rating
              JOIN helpdesk_ticket ticket ON ticket.id = rating.res_id
             WHERE rating.res_model = 'helpdesk.ticket' AND rating.consumed
               AND rating.rating >= 1 AND ticket.retail_kind IS NOT NULL
            """
        )

    def _survey_sql(self):
        return SQL(
            """
            SELECT line.id AS key, asked.answered_at::date AS day, asked.company_id,
                   asked.partner_id, member.retail_store_id AS store_id, 'survey' AS source,
                   question.retail_factor AS factor,
                   100.0 * (line.value_scale - question.scale_min)
                         / (question.scale_max - question.scale_min) AS score,
                   CASE WHEN question.retail_factor = 'recommend' THEN CASE asked.promoter
                        WHEN 'promoter' THEN 100 WHEN 'passive' THEN 0 ELSE -100 END
                   END AS nps,
                   asked.ticket_id, asked.round_id
              FROM retail_survey_asked asked
              JOIN survey_user_input_line line ON line.user_input_id = asked.input_id
              JOIN survey_question question ON question.id = line.question_id
              JOIN res_partner member ON member.id = asked.partner_id
             WHERE asked.state = 'answered' AND line.answer_type = 'scale'
               AND NOT COALESCE(line.skipped, FALSE) AND question.retail_factor IS NOT NULL
            """
        )

    def _receipt_sql(self):
        return SQL(
            """
            SELECT said.id AS key, said.day, said.company_id, said.partner_id, said.store_id,
                   'receipt' AS source, rated.factor, (rated.stars::int - 1) * 25 AS score,
                   NULL::int AS nps, said.ticket_id, NULL::int AS round_id
              FROM retail_receipt_opinion said
        CROSS JOIN LATERAL (VALUES ('product', said.product_stars),
                                   ('service', said.service_stars),
                                   ('experience', said.experience_stars)) rated (factor, stars)
             WHERE rated.stars IS NOT NULL
            """
        )
