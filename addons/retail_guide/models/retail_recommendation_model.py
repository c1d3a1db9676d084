import logging
import time
from array import array
from collections import namedtuple
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.addons.queue_job.exception import RetryableJobError
from odoo.exceptions import AccessError
from odoo.tools import SQL, format_amount, ormcache

from .. import guide_engine as engine
from . import recommendation_learning as learning
from .recommendation_quality import judge

_logger = logging.getLogger(__name__)

#: After so many days everything is learned anew, so that old baskets leave the counts.
FULL_EVERY_DAYS = 7
#: Another learner of the same company is given this time before the job tries again.
RETRY_SECONDS = 120
#: What a call needs of the row: it is asked for each time, so it is kept in memory.
SETTINGS = (
    "tastes_id",
    "holdout_percent",
    "margin_percent",
    "slow_percent",
    "promotion_percent",
)
Settings = namedtuple("Settings", SETTINGS)
#: The uplift looks at members to whom something was recommended in so many days.
UPLIFT_DAYS = 90
#: A full run judged on so many baskets must find at least what popularity finds.
MIN_JUDGED_BASKETS = 20


class RetailRecommendationModel(models.Model):
    """What a company has learned from its sales, and how good it is.

    One row per company. The counts (which product was in how many baskets, with which) are kept
    in an attachment, so that a night's new baskets cost a small increment; what callers read is
    published into ``retail.recommendation.neighbour`` and ``.popularity``, all in the one
    transaction of the learning job: a killed job leaves yesterday's state whole. What it has
    counted of many lines it keeps apart (``retail.recommendation.part``) and goes on from there.
    """

    _name = "retail.recommendation.model"
    _description = "Recommendation Learning"
    _rec_name = "company_id"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    window_days = fields.Integer(
        string="Learn From (Days)",
        default=730,
        required=True,
        help="Baskets older than this, seen from the latest sale, are left out.",
    )
    holdout_percent = fields.Integer(
        string="Members Held Out (%)",
        default=5,
        help="So many of a hundred members, chosen by chance for good, are recommended popular "
        "products only. What the others spend more is what recommendations bring.",
    )
    margin_percent = fields.Integer(
        string="Weight of Margin (%)",
        help="A product with a margin of its whole price gains so much on its score; 0 leaves "
        "margin out.",
    )
    slow_percent = fields.Integer(
        string="Weight of Slow Movers (%)",
        help="A product that is in stock and hasn't sold for a long time gains so much on its "
        "score; 0 leaves that out.",
    )
    promotion_percent = fields.Integer(
        string="Weight of Promotions (%)",
        help="A product that a running promotion makes cheaper gains so much on its score; 0 "
        "leaves promotions out.",
    )
    treated_count = fields.Integer(
        string="Members with Recommendations",
        compute="_compute_uplift",
        help="Members to whom something was recommended in the last 90 days.",
    )
    control_count = fields.Integer(
        string="Members with Popular Products Only", compute="_compute_uplift"
    )
    treated_amount = fields.Monetary(
        string="Spent by the Former",
        currency_field="company_currency_id",
        compute="_compute_uplift",
        help="Per member since the first recommendation, without tax, net of returns.",
    )
    control_amount = fields.Monetary(
        string="Spent by the Latter",
        currency_field="company_currency_id",
        compute="_compute_uplift",
    )
    uplift_text = fields.Char(
        string="Brought by Recommendations",
        compute="_compute_uplift",
        help="Difference per member, with the range in which it lies 95 times of 100.",
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [
            ("new", "Nothing Learned"),
            ("learned", "Learned"),
            ("refused", "Last Run Not Published"),
        ],
        default="new",
        required=True,
        readonly=True,
    )
    job_uuid = fields.Char(readonly=True, copy=False)
    job_state = fields.Char(string="Job", compute="_compute_job_state")
    age_days = fields.Integer(
        string="Age (Days)", compute="_compute_age_days", help="Of what is published."
    )
    learned_at = fields.Datetime(string="Learned On", readonly=True, copy=False)
    last_full_at = fields.Datetime(string="Learned Anew On", readonly=True, copy=False)
    mode = fields.Selection(
        [("full", "Anew"), ("increment", "New Baskets Only")],
        string="Way of Learning",
        readonly=True,
        copy=False,
    )
    seconds = fields.Float(
        string="Duration (s)", digits=(12, 1), readonly=True, copy=False, help="Of the last run."
    )
    part_count = fields.Integer(
        string="Parts Counted",
        readonly=True,
        copy=False,
        help="Of the last run anew: each was kept as soon as it was counted.",
    )
    taken_over_count = fields.Integer(
        string="Parts Taken Over",
        readonly=True,
        copy=False,
        help="Parts that had been counted before the last run anew was cut short; it went on "
        "after them.",
    )
    data_from = fields.Date(string="Sales From", readonly=True, copy=False)
    data_until = fields.Date(string="Sales Until", readonly=True, copy=False)
    last_fact_id = fields.Integer(readonly=True, copy=False)
    fact_count = fields.Integer(string="Sold Lines", readonly=True, copy=False)
    basket_count = fields.Integer(string="Baskets", readonly=True, copy=False)
    product_count = fields.Integer(string="Products Sold", readonly=True, copy=False)
    neighbour_count = fields.Integer(string="Neighbours", readonly=True, copy=False)
    tested_baskets = fields.Integer(
        string="Baskets Tested",
        readonly=True,
        copy=False,
        help="The latest baskets, set aside: half of each was hidden and had to be recommended.",
    )
    recall = fields.Float(
        string="Recall@10",
        digits=(12, 4),
        readonly=True,
        copy=False,
        help="Share of the hidden products that were among the first ten recommended.",
    )
    popularity_recall = fields.Float(
        string="Recall@10 of Popularity",
        digits=(12, 4),
        readonly=True,
        copy=False,
        help="The same when the most popular products are recommended to everybody.",
    )
    coverage = fields.Float(
        digits=(12, 4),
        readonly=True,
        copy=False,
        help="Share of the sold products that were recommended at least once in the test.",
    )
    counts_id = fields.Many2one("ir.attachment", readonly=True, copy=False, ondelete="set null")
    tastes_id = fields.Many2one("ir.attachment", readonly=True, copy=False, ondelete="set null")

    _company_uniq = models.Constraint(
        "UNIQUE(company_id)", "A company has one recommendation learning."
    )
    _shares = models.Constraint(
        "CHECK(holdout_percent BETWEEN 0 AND 50 AND margin_percent BETWEEN 0 AND 100"
        " AND slow_percent BETWEEN 0 AND 100 AND promotion_percent BETWEEN 0 AND 100)",
        "Hold out 0 to 50 % of the members; a weight is 0 to 100 %.",
    )

    @api.depends("learned_at")
    def _compute_age_days(self):
        now = fields.Datetime.now()
        for model in self:
            model.age_days = (now - model.learned_at).days if model.learned_at else 0

    @api.depends("job_uuid")
    def _compute_job_state(self):
        # The job table belongs to the system administrator; its state is no secret.
        jobs = self.env["queue.job"].sudo().search([("uuid", "in", self.mapped("job_uuid"))])
        state_of = {
            job.uuid: dict(job._fields["state"]._description_selection(self.env))[job.state]
            for job in jobs
        }
        for model in self:
            model.job_state = state_of.get(model.job_uuid, "")

    def _compute_uplift(self):
        for model in self:
            groups = model._spending_groups()
            treated, control = (groups.get(out, engine.Sample(0, 0, 0)) for out in (False, True))
            model.treated_count, model.control_count = treated.size, control.size
            model.treated_amount, model.control_amount = treated.mean, control.mean
            model.uplift_text = model._uplift_text(engine.uplift(treated, control))

    def _uplift_text(self, found):
        if not found:
            return self.env._("Not known yet: two members of each group are needed.")
        amount = partial(format_amount, self.env, currency=self.company_currency_id)
        return self.env._(
            "%(difference)s a member (between %(low)s and %(high)s)",
            difference=amount(found.difference),
            low=amount(found.low),
            high=amount(found.high),
        )

    def _spending_groups(self):
        """Return {held out: Sample} of what members spent since they were first recommended to."""
        self.ensure_one()
        if not self.id:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                WITH shown AS (
                    SELECT partner_id, COALESCE(BOOL_OR(held_out), FALSE) AS held_out,
                           MIN(logged_at)::date AS since
                      FROM retail_recommendation_log
                     WHERE company_id = %(company)s AND action = 'shown'
                       AND partner_id IS NOT NULL AND logged_at >= %(earliest)s
                     GROUP BY partner_id
                ),
                spent AS (
                    SELECT shown.partner_id, shown.held_out,
                           COALESCE(SUM(fact.amount_company), 0)::float AS amount
                      FROM shown
                      LEFT JOIN retail_sale_fact fact
                        ON fact.partner_id = shown.partner_id
                       AND fact.company_id = %(company)s AND fact.day >= shown.since
                     GROUP BY shown.partner_id, shown.held_out
                )
                SELECT held_out, COUNT(*), AVG(amount), COALESCE(VAR_SAMP(amount), 0)
                  FROM spent GROUP BY held_out
                """,
                company=self.company_id.id,
                earliest=fields.Datetime.now() - timedelta(days=UPLIFT_DAYS),
            )
        )
        return {out: engine.Sample(*figures) for out, *figures in rows}

    @api.model
    @ormcache("company_id")
    def _settings(self, company_id):
        """Return the ``Settings`` of a company; those of a new row when it has none."""
        # Every caller needs them; the row itself is for managers.
        model = self.sudo().search([("company_id", "=", company_id)])
        values = model.read(SETTINGS, load=False)[0] if model else self.default_get(SETTINGS)
        return Settings(*(values.get(name) or 0 for name in SETTINGS))

    @api.model_create_multi
    def create(self, vals_list):
        models_ = super().create(vals_list)
        self.env.registry.clear_cache()
        return models_

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(SETTINGS):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_published(self):
        """What was published goes with the row that explains it."""
        for table in ("neighbour", "popularity", "part"):
            rows = self.env[f"retail.recommendation.{table}"].sudo()
            rows.search([("company_id", "in", self.company_id.ids)]).unlink()
        (self.sudo().counts_id | self.sudo().tastes_id).unlink()

    # === JOBS === #

    @api.model
    def _cron_learn(self):
        """Queue the nightly learning of every company that has sold anything."""
        companies = self.env.execute_query(
            SQL(
                """
                SELECT company.id FROM res_company company
                 WHERE company.active AND EXISTS (
                       SELECT 1 FROM retail_sale_fact fact WHERE fact.company_id = company.id)
                 ORDER BY company.id
                """
            )
        )
        for (company_id,) in companies:
            self._of_company(self.env["res.company"].browse(company_id))._enqueue()

    @api.model
    def _of_company(self, company):
        model = self.sudo().search([("company_id", "=", company.id)])
        return model or self.sudo().create({"company_id": company.id})

    def _enqueue(self, full=False):
        """Queue one learning job per company; while one waits, no second one is queued."""
        for model in self:
            job = model.with_delay(
                identity_key=f"retail_guide.learn,{model.company_id.id}",
                description=self.env._(
                    "Learn recommendations of %(company)s", company=model.company_id.name
                ),
            )._learn(full=full)
            model.job_uuid = job.uuid

    def action_learn(self):
        """Learn the new baskets in the background."""
        self._enqueue_for_manager()

    def action_learn_anew(self):
        """Learn everything again in the background."""
        self._enqueue_for_manager(full=True)

    def _enqueue_for_manager(self, **options):
        """Queue the learning; a store manager may start it but changes no setting."""
        self.check_access("read")
        if not self.env.user.has_group("retail_crm.group_store_manager"):
            raise AccessError(
                self.env._("Ask a store manager or an administrator to start the learning.")
            )
        # The job writes what the manager may only read.
        self.sudo()._enqueue(**options)

    def action_neighbours(self):
        """Open what is bought together in this company."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_guide.retail_recommendation_neighbour_action"
        )
        action["domain"] = [("company_id", "in", self.company_id.ids)]
        return action

    def _learn(self, full=False):
        """Learn, test and publish; return "full", "increment", "unchanged" or "refused".

        A full run that finds less than popularity does is refused: what was published stays.
        """
        self.ensure_one()
        self._lock()
        started = time.monotonic()
        self.env["retail.sale.fact"].flush_model()
        sold = learning.sold_range(self.env, self.company_id, self.window_days)
        if not sold:
            return "unchanged"
        counts = None if full else self._counts_to_continue()
        mode = "increment" if counts else "full"
        if counts and sold[2] == self.last_fact_id:
            return "unchanged"
        values = self._learn_more(counts, *sold[1:]) if counts else self._learn_all(*sold)
        values.update(mode=mode, seconds=time.monotonic() - started)
        now = fields.Datetime.now()
        if _is_worse(values):
            self.write({**values, "state": "refused"})
            _logger.warning(
                "Recommendations of company %s are not published: recall %.3f, popularity %.3f",
                self.company_id.id,
                self.recall,
                self.popularity_recall,
            )
            return "refused"
        self.write(
            {
                **values,
                "state": "learned",
                "learned_at": now,
                "last_full_at": self.last_full_at if counts else now,
            }
        )
        _logger.info(
            "Recommendations of company %s learned (%s): %s baskets, %s neighbours, %.1f s",
            self.company_id.id,
            mode,
            self.basket_count,
            self.neighbour_count,
            self.seconds,
        )
        return mode

    def _lock(self):
        """Let one learner per company run; the other one tries again later."""
        ((free,),) = self.env.execute_query(
            SQL(
                "SELECT pg_try_advisory_xact_lock(hashtext('retail_guide.learn'), %s)",
                self.company_id.id,
            )
        )
        if not free:
            raise RetryableJobError(
                "Another job is learning the recommendations of this company.",
                seconds=RETRY_SECONDS,
                ignore_retry=True,
            )

    # === STEPS === #

    def _counts_to_continue(self):
        """Return the counts that an increment may continue; None when all must be learned anew.

        Anew: never learned, learned long ago, or the lines learned from aren't what they were
        (an import of older sales, a repaired or cancelled document, a late commit).
        """
        if not (self.counts_id and self.last_full_at):
            return None
        if fields.Datetime.now() - self.last_full_at >= timedelta(days=FULL_EVERY_DAYS):
            return None
        known = learning.sold_count(self.env, self.company_id, self.data_from, self.last_fact_id)
        if known != self.fact_count:
            return None
        try:
            return engine.Counts.from_bytes(self.counts_id.raw)
        except engine.EngineError:
            _logger.warning("Counts of company %s are damaged; learning anew", self.company_id.id)
            return None

    def _learn_all(self, first_day, last_day, last_id):
        """Learn from all baskets of the window; return the figures.

        First from all but the latest tenth, which judges what was learned; then that is added.
        The former is counted in parts, so that a killed run goes on where it was.
        """
        company = self.company_id
        split = learning.split_baskets(self.env, company, first_day, last_id)
        parts, day = learning.plan(self.env, company, first_day, last_id, split)
        counts, taken_over = self.env["retail.recommendation.part"]._count(company, parts, split)
        self.env.cr.postcommit.add(partial(self.env["retail.recommendation.part"]._forget, company))
        latest = learning.latest_baskets(self.env, company, first_day, day, last_id, split)
        quality = {
            **judge(counts, *latest),
            "part_count": len(parts),
            "taken_over_count": taken_over,
        }
        if _is_worse(quality):
            # What sells is no guess: it is the floor that the published neighbours stand on.
            learning.publish_popularity(self.env, company, last_day)
            return quality
        counts, _changed = engine.update(counts, latest)
        learning.publish_neighbours(self.env, company, engine.find_neighbours(counts))
        self._keep_tastes(*learning.members(self.env, company, first_day, last_id))
        return {**quality, **self._finish(counts, first_day, last_day, last_id)}

    def _learn_more(self, counts, last_day, last_id):
        """Add the baskets that are new or have grown since the last run; return the figures."""
        codes, products, known = learning.touched_baskets(
            self.env, self.company_id, self.data_from, self.last_fact_id, last_id
        )
        before = [place for place, old in enumerate(known) if old]
        removed = (
            array("q", (codes[place] for place in before)),
            array("q", (products[place] for place in before)),
        )
        counts, changed = engine.update(counts, (codes, products), removed)
        stored = learning.stored_neighbours(
            self.env, self.company_id, counts.baskets, set(products)
        )
        table, touched = engine.refresh(stored, counts, changed)
        learning.publish_neighbours(self.env, self.company_id, table, touched.tolist())
        return self._finish(counts, self.data_from, last_day, last_id)

    def _finish(self, counts, first_day, last_day, last_id):
        """Publish what is popular, keep the counts; return the figures."""
        learning.publish_popularity(self.env, self.company_id, last_day)
        self._keep_counts(counts)
        return {
            "data_from": first_day,
            "data_until": last_day,
            "last_fact_id": last_id,
            "fact_count": learning.sold_count(self.env, self.company_id, first_day, last_id),
            "basket_count": counts.baskets,
            "product_count": len(counts.products),
            "neighbour_count": self.env["retail.recommendation.neighbour"]
            .sudo()
            .search_count([("company_id", "=", self.company_id.id)]),
        }

    def _keep_counts(self, counts):
        raw = counts.to_bytes()
        if self.counts_id:
            self.counts_id.raw = raw
        else:
            self.counts_id = self._attach("counts", raw)

    def _keep_tastes(self, members, products):
        # Always a new attachment: processes keep what they have read under its id.
        self.tastes_id.unlink()
        if members:
            tastes = engine.fit_tastes(members, products)
            self.tastes_id = self._attach("tastes", tastes.to_bytes())

    def _attach(self, name, raw):
        return self.env["ir.attachment"].create(
            {
                "name": f"recommendation-{name}-{self.company_id.id}",
                "res_model": self._name,
                "res_id": self.id,
                "raw": raw,
            }
        )

    @api.model
    @ormcache("attachment_id")
    def _tastes(self, attachment_id):
        """Return the learned tastes; a few megabytes, so read once per process and learning."""
        return engine.Tastes.from_bytes(self.env["ir.attachment"].sudo().browse(attachment_id).raw)


def _is_worse(values):
    """Tell whether the figures of a full run say that popularity would have been better."""
    return (
        values.get("tested_baskets", 0) >= MIN_JUDGED_BASKETS
        and values["recall"] < values["popularity_recall"]
    )
