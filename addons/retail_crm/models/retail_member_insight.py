import numpy as np

from odoo import api, fields, models
from odoo.tools import SQL

from ..crm_engine import bgnbd, kmeans
from .retail_member_rows import merge_rows

WEEK = 7.0  # days; the model of buying behaviour counts in weeks
HORIZON = 90  # days ahead for which purchases are expected
LIKELY = 0.5
CHURN_STATES = [
    ("active", "Regular"),
    ("risk", "At Risk"),
    ("churned", "Lost"),
    ("won_back", "Won Back"),
]
VALUES = (
    "recency_days",
    "frequency",
    "amount",
    "interval_days",
    "recency_score",
    "frequency_score",
    "amount_score",
    "segment_id",
    "cluster_id",
    "churn_state",
    "churn_probability",
    "expected_purchases",
)


class RetailMemberInsight(models.Model):
    """What a member's purchases in a company say: scores, segment, and whether he comes again.

    One row per member (commercial partner) and company, derived from ``retail.sale.fact`` every
    night. A purchase counts when something of it was kept; amounts are net of refunds, tax
    included. ``_stage`` gives the same rows for any day of the past.
    """

    _name = "retail.member.insight"
    _description = "Member Insight"
    _rec_name = "partner_id"
    _order = "amount desc, id desc"

    partner_id = fields.Many2one(
        "res.partner", string="Member", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    recency_days = fields.Integer(
        string="Days Since", readonly=True, aggregator="avg", help="Since the last purchase."
    )
    frequency = fields.Integer(
        string="Purchases", readonly=True, help="In the last 12 months, those kept."
    )
    amount = fields.Monetary(
        string="Spent", readonly=True, help="In the last 12 months, tax included, net of refunds."
    )
    interval_days = fields.Float(
        string="Usual Interval (Days)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Mean days from one purchase to the next, over all purchases; none for one purchase.",
    )
    recency_score = fields.Integer(
        string="R", readonly=True, aggregator="avg", help="5: among the fifth who came last."
    )
    frequency_score = fields.Integer(
        string="F", readonly=True, aggregator="avg", help="5: among the fifth who buy most often."
    )
    amount_score = fields.Integer(
        string="M", readonly=True, aggregator="avg", help="5: among the fifth who spend most."
    )
    segment_id = fields.Many2one(
        "retail.segment", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    cluster_id = fields.Many2one(
        "retail.cluster",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="Members who buy alike, found by the figures alone; 1 spends most.",
    )
    churn_state = fields.Selection(
        CHURN_STATES,
        string="State",
        readonly=True,
        index=True,
        help="Lost: no purchase for as many days as the settings, or the class, say. Won back: "
        "bought again within them after so long a silence. At risk: more likely lost than not, or "
        "silent for half of them after a single purchase.",
    )
    churn_probability = fields.Float(
        string="Likely Lost",
        readonly=True,
        aggregator="avg",
        help="Chance that the member has left for good, judged by his own rhythm of buying; "
        "none after a single purchase.",
    )
    expected_purchases = fields.Float(
        digits=(16, 2), readonly=True, help="In the next 90 days, by the same model."
    )
    class_id = fields.Many2one(related="partner_id.retail_class_id", string="Class")
    store_id = fields.Many2one(related="partner_id.retail_store_id", string="Home Store")
    explanation = fields.Text(compute="_compute_explanation")

    _partner_company_uniq = models.Constraint(
        "UNIQUE(partner_id, company_id)", "A member has one insight per company."
    )

    @api.depends("recency_days", "frequency", "interval_days", "churn_probability")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for insight in self:
            insight.explanation = " ".join(insight._sentences())

    def _sentences(self):
        """Return the plain sentences that tell why the member has this segment and state."""
        self.ensure_one()
        _ = self.env._
        found = [
            _(
                "Bought %(count)s times in the last 12 months, the last time %(days)s days ago.",
                count=self.frequency,
                days=self.recency_days,
            )
            if self.recency_days
            else _(
                "Bought %(count)s times in the last 12 months, the last time today.",
                count=self.frequency,
            )
        ]
        if not self.interval_days:
            return found
        found.append(_("Usually comes every %(days)s days.", days=round(self.interval_days) or 1))
        found.append(
            _(
                "By this rhythm %(percent)s%% likely to be lost; %(count)s purchases are expected "
                "in the next 90 days.",
                percent=round(self.churn_probability * 100),
                count=round(self.expected_purchases, 1),
            )
        )
        return found

    # === REFRESH === #

    @api.model
    def _cron_refresh(self):
        self._refresh()
        self.env["retail.churn.month"]._refresh()

    @api.model
    def _refresh(self):
        """Make all rows agree with the sold lines as of today; file the moves between segments.

        Rows that are right already are not written. Returns the number of changed rows.
        """
        today = fields.Date.context_today(self)
        # Nobody enters clusters: the refresh makes those that the settings ask for.
        clusters = self.env["retail.cluster"].sudo()
        clusters._prepare()
        fitted = self._stage(today)
        clusters._file()
        # Nobody enters the parameters: the refresh files them, whoever starts it.
        self.env["retail.churn.model"].sudo()._file(today, fitted)
        self._file_moves(today)
        ((changed,),) = self.env.execute_query(
            merge_rows(self, VALUES, SQL("TABLE retail_insight_stage"))
        )
        self.invalidate_model(flush=False)
        self.env["res.partner"].invalidate_model(
            self.env["res.partner"]._retail_insight_fields(), flush=False
        )
        return changed

    @api.model
    def _stage(self, day):
        """Fill the temporary table ``retail_insight_stage`` with the insight as of a day.

        Its columns are the partner, the company and VALUES, and what they were made of. Returns
        {company id: bgnbd.Parameters} of the companies whose members bought more than once.
        """
        self.env["res.partner"].flush_model(
            ["is_member", "commercial_partner_id", "retail_class_id"]
        )
        self.env["retail.customer.class"].flush_model(["churn_days"])
        self.env["res.company"].flush_model(["retail_churn_days", "retail_cluster_count"])
        self.env["retail.segment"].flush_model()
        self.env.cr.execute("DROP TABLE IF EXISTS retail_insight_stage")
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE retail_insight_stage ON COMMIT DROP AS %s",
                self._scored_sql(day),
            )
        )
        fitted = self._predict()
        self._cluster()
        self.env.cr.execute(self._state_sql())
        return fitted

    def _purchases_sql(self, day):
        """Return the purchases of members up to a day that were kept, a row each."""
        return SQL(
            """
            SELECT member.id AS partner_id, company.id AS company_id, bought.day, bought.amount,
                   member.churn_days
              FROM (
                SELECT partner_id, company_id, min(day) FILTER (WHERE event = 'sold') AS day,
                       sum(total_company) AS amount
                  FROM retail_sale_fact
                 WHERE partner_id IS NOT NULL AND day <= %(day)s
                 GROUP BY partner_id, company_id, basket
              ) bought
              JOIN res_company company ON company.id = bought.company_id
              JOIN (
                SELECT DISTINCT buyer.id, class.churn_days
                  FROM res_partner member
                  JOIN res_partner buyer ON buyer.id = member.commercial_partner_id
                  LEFT JOIN retail_customer_class class ON class.id = buyer.retail_class_id
                 WHERE member.is_member
              ) member ON member.id = bought.partner_id
             WHERE bought.day IS NOT NULL AND bought.amount > 0
            """,
            day=day,
        )

    def _scored_sql(self, day):
        """Return the query of all buyers with their scores and segment as of a day."""
        return SQL(
            """
            WITH buyers AS (
                SELECT purchase.partner_id, purchase.company_id,
                       min(purchase.day) AS first_day, max(purchase.day) AS last_day,
                       count(*)::int AS purchases,
                       max(purchase.day) FILTER (
                           WHERE purchase.day <= %(day)s - limits.days) AS before_silence,
                       min(purchase.day) FILTER (
                           WHERE purchase.day > %(day)s - limits.days) AS after_silence,
                       max(limits.days) AS churn_days,
                       count(*) FILTER (WHERE purchase.day > %(since)s)::int AS frequency,
                       COALESCE(sum(purchase.amount) FILTER (
                           WHERE purchase.day > %(since)s), 0) AS amount
                  FROM (%(purchases)s) purchase
                  JOIN res_company company ON company.id = purchase.company_id
                 CROSS JOIN LATERAL (SELECT COALESCE(
                       NULLIF(purchase.churn_days, 0), company.retail_churn_days) AS days) limits
                 GROUP BY purchase.partner_id, purchase.company_id
            ),
            scored AS (
                SELECT *, %(recency)s AS recency_score, %(frequency)s AS frequency_score,
                       %(amount)s AS amount_score
                  FROM buyers
            )
            SELECT scored.*, segment.segment_id,
                   %(day)s - last_day AS recency_days,
                   CASE WHEN purchases > 1 THEN round(
                        (last_day - first_day)::numeric / (purchases - 1), 1) END AS interval_days,
                   %(day)s - first_day AS known_days,
                   NULL::float8 AS churn_probability, NULL::numeric AS expected_purchases,
                   NULL::varchar AS churn_state, NULL::int AS cluster_id
              FROM scored
              LEFT JOIN (%(segments)s) segment
                     ON segment.recency = scored.recency_score
                    AND segment.value = (scored.frequency_score + scored.amount_score + 1) / 2
            """,
            day=SQL("%s::date", day),
            since=SQL("%s::date", fields.Date.subtract(day, months=12)),
            purchases=self._purchases_sql(day),
            recency=self._fifth_sql("last_day"),
            frequency=self._fifth_sql("frequency"),
            amount=self._fifth_sql("amount"),
            segments=self.env["retail.segment"]._scores_sql(),
        )

    def _fifth_sql(self, column):
        """Return a score of 1 to 5 among the company's buyers; equal values score alike."""
        return SQL(
            "1 + LEAST(4, floor(5 * percent_rank() OVER ("
            "PARTITION BY company_id ORDER BY %s)))::int",
            SQL.identifier(column),
        )

    def _predict(self):
        """Fit each company's buying behaviour, write the chances of those who bought twice."""
        rows = self.env.execute_query(
            SQL(
                "SELECT company_id, partner_id, purchases - 1, last_day - first_day, known_days"
                " FROM retail_insight_stage ORDER BY company_id, partner_id"
            )
        )
        table = np.array(rows, dtype=np.int64).reshape(-1, 5)
        fitted = {}
        for company in np.unique(table[:, 0]):
            of_company = table[table[:, 0] == company]
            x, t_x, t = of_company[:, 2:].T.astype(float) / [[1.0], [WEEK], [WEEK]]
            t = np.maximum(t, 1 / WEEK)  # who came today for the first time is known for a day
            model = bgnbd.fit(x, t_x, t)
            if model is None:
                continue
            fitted[int(company)] = model
            again = x > 0
            chances = 1 - bgnbd.probability_alive(model, x[again], t_x[again], t[again])
            expected = bgnbd.expected_purchases(
                model, x[again], t_x[again], t[again], HORIZON / WEEK
            )
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE retail_insight_stage stage
                       SET churn_probability = round(fresh.chance::numeric, 4),
                           expected_purchases = round(fresh.expected::numeric, 2)
                      FROM unnest(%s, %s, %s) AS fresh(partner_id, chance, expected)
                     WHERE stage.company_id = %s AND stage.partner_id = fresh.partner_id
                    """,
                    of_company[again, 1].tolist(),
                    chances.tolist(),
                    expected.tolist(),
                    int(company),
                )
            )
        return fitted

    def _cluster(self):
        """Put each company's buyers of the last 12 months into its clusters; the others in none."""
        rows = self.env.execute_query(
            SQL(
                "SELECT company_id, partner_id, recency_days, frequency, amount"
                " FROM retail_insight_stage WHERE frequency > 0 ORDER BY company_id, partner_id"
            )
        )
        table = np.array(rows, dtype=float).reshape(-1, 5)
        for company in self.env["res.company"].browse(np.unique(table[:, 0]).astype(int).tolist()):
            of_company = table[table[:, 0] == company.id]
            ranks = kmeans.rank_buyers(*of_company[:, 2:].T, company.retail_cluster_count)
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE retail_insight_stage stage SET cluster_id = cluster.id
                      FROM unnest(%s, %s) AS fresh(partner_id, rank)
                      JOIN retail_cluster cluster ON cluster.rank = fresh.rank
                     WHERE cluster.company_id = %s AND stage.company_id = cluster.company_id
                       AND stage.partner_id = fresh.partner_id
                    """,
                    of_company[:, 1].astype(int).tolist(),
                    ranks.tolist(),
                    company.id,
                )
            )

    def _state_sql(self):
        return SQL(
            """
            UPDATE retail_insight_stage
               SET churn_state = CASE
                   WHEN recency_days >= churn_days THEN 'churned'
                   WHEN after_silence - before_silence >= churn_days THEN 'won_back'
                   WHEN COALESCE(churn_probability >= %s, recency_days * 2 >= churn_days)
                   THEN 'risk'
                   ELSE 'active' END
            """,
            LIKELY,
        )

    def _file_moves(self, day):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO retail_segment_move (partner_id, company_id, day, old_segment_id,
                       new_segment_id, create_uid, create_date, write_uid, write_date)
                SELECT stage.partner_id, stage.company_id, %(day)s, old.segment_id,
                       stage.segment_id, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM retail_insight_stage stage
                  JOIN retail_member_insight old
                    ON old.partner_id = stage.partner_id AND old.company_id = stage.company_id
                 WHERE old.segment_id IS DISTINCT FROM stage.segment_id
                 ORDER BY stage.partner_id, stage.company_id
                """,
                day=day,
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        self.env["retail.segment.move"].invalidate_model(flush=False)
