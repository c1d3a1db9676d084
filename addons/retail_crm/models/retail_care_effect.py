from odoo import fields, models
from odoo.tools import SQL

# Figures that don't add up: worked out of the sums of a group, none of a single row (a list is
# exported without them). "cared" and "held" count members'
# occasions; where nobody was held out, all that was bought afterwards counts as gain.
GAIN = (
    "(SUM(%(margin_after)s) FILTER (WHERE %(cared)s = 1)"
    " - SUM(%(cared)s) * COALESCE("
    "SUM(%(margin_after)s) FILTER (WHERE %(held)s = 1) / NULLIF(SUM(%(held)s), 0), 0))"
)
SHARE = "100.0 * COUNT(*) FILTER (WHERE %(mark)s = 1 AND %(orders_after)s > 0)"
MEAN = "SUM(%(amount_after)s) FILTER (WHERE %(mark)s = 1)"
RATIOS = {
    "gain": GAIN,
    "roi": f"100 * ({GAIN} - SUM(%(cost)s)) / NULLIF(SUM(%(cost)s), 0)",
    "retention": f"{SHARE} / NULLIF(SUM(%(mark)s), 0)".replace("mark", "cared"),
    "retention_held": f"{SHARE} / NULLIF(SUM(%(mark)s), 0)".replace("mark", "held"),
    "mean_after": f"{MEAN} / NULLIF(SUM(%(mark)s), 0)".replace("mark", "cared"),
    "mean_held": f"{MEAN} / NULLIF(SUM(%(mark)s), 0)".replace("mark", "held"),
}


class RetailCareEffect(models.Model):
    """What care brought: purchases before and after, beside those of members held out.

    A row is an occasion of a member. All who were to be cared for count, reached or not: those
    held out weren't asked whether they could have been reached either, so the two compare.
    """

    _name = "retail.care.effect"
    _description = "Effect of Care"
    _auto = False
    _order = "made_on desc, id desc"
    _rec_name = "partner_id"

    _depends = {
        "retail.care.task": [
            "strategy_id",
            "plan_id",
            "variant",
            "category_id",
            "form",
            "partner_id",
            "user_id",
            "store_id",
            "company_id",
            "made_on",
            "state",
            "score",
            "opinion_id",
            "cost",
            "orders_before",
            "orders_after",
            "amount_before",
            "amount_after",
            "margin_after",
            "previous_id",
        ],
        "retail.care.held": ["reason", "orders_after", "amount_after", "margin_after"],
    }

    strategy_id = fields.Many2one("retail.care.strategy", readonly=True)
    category_id = fields.Many2one("retail.care.category", string="Kind", readonly=True)
    variant = fields.Char(readonly=True)
    form = fields.Selection(
        lambda self: self.env["retail.care.task"]._fields["form"]._description_selection(self.env),
        readonly=True,
    )
    side = fields.Selection([("cared", "Cared For"), ("held", "Held Out")], readonly=True)
    partner_id = fields.Many2one("res.partner", string="Member", readonly=True)
    user_id = fields.Many2one("res.users", string="Guide", readonly=True)
    store_id = fields.Many2one("stock.warehouse", string="Home Store", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    made_on = fields.Date(string="Day", readonly=True)
    is_final = fields.Boolean(
        string="Final", readonly=True, help="The days in which the effect is looked for are over."
    )
    cared = fields.Integer(string="Cared For", readonly=True)
    held = fields.Integer(string="Held Out", readonly=True)
    orders_before = fields.Integer(string="Purchases Before", readonly=True)
    orders_after = fields.Integer(string="Purchases After", readonly=True)
    amount_before = fields.Monetary(
        string="Bought Before", currency_field="company_currency_id", readonly=True
    )
    amount_after = fields.Monetary(
        string="Bought After", currency_field="company_currency_id", readonly=True
    )
    margin_after = fields.Monetary(currency_field="company_currency_id", readonly=True)
    score = fields.Float(
        string="Satisfaction",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Mean of the scores that members gave, 5 is the best.",
    )
    opinion_id = fields.Many2one("retail.care.opinion", string="What It Was About", readonly=True)
    cost = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="Of the contacts that were made, by the plan.",
    )
    mean_after = fields.Float(
        string="Bought After per Member",
        digits=(16, 2),
        readonly=True,
        exportable=False,
        aggregator="avg",
        help="By those cared for.",
    )
    mean_held = fields.Float(
        string="Held Out: per Member",
        digits=(16, 2),
        readonly=True,
        exportable=False,
        aggregator="avg",
        help="What those held out bought in the same days, each. A dash when nobody was.",
    )
    retention = fields.Float(
        string="Bought Again (%)",
        digits=(16, 1),
        readonly=True,
        exportable=False,
        aggregator="avg",
        help="Of those cared for, how many bought within the days of the strategy.",
    )
    retention_held = fields.Float(
        string="Held Out: Bought Again (%)",
        digits=(16, 1),
        readonly=True,
        exportable=False,
        aggregator="avg",
    )
    gain = fields.Float(
        digits=(16, 2),
        readonly=True,
        exportable=False,
        aggregator="sum",
        help="Margin after it, less what as many members who were held out would have brought. "
        "Where nobody was held out it is the whole margin.",
    )
    roi = fields.Float(
        string="ROI (%)",
        digits=(16, 1),
        readonly=True,
        exportable=False,
        aggregator="avg",
        help="Gain less cost, in percent of the cost. A dash where nothing was spent.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT row.*, company.currency_id AS company_currency_id,
                   CASE WHEN row.cared = 1 THEN 'cared' ELSE 'held' END AS side,
                   NULL::float AS mean_after, NULL::float AS mean_held, NULL::float AS retention,
                   NULL::float AS retention_held, NULL::float AS gain, NULL::float AS roi
              FROM (%s UNION ALL %s) row
              JOIN res_company company ON company.id = row.company_id
            """,
            self._query_tasks(),
            self._query_held(),
        )

    def _query_tasks(self):
        """Return the rows of tasks. A task that follows another adds its cost and opinion only."""
        return SQL(
            """
            SELECT 2 * task.id AS id, task.strategy_id, task.category_id, task.variant, task.form,
                   task.partner_id, task.user_id, task.store_id, task.company_id, task.made_on,
                   task.effect_until < CURRENT_DATE AS is_final,
                   one.first AS cared, 0 AS held,
                   one.first * task.orders_before AS orders_before,
                   one.first * task.orders_after AS orders_after,
                   one.first * task.amount_before AS amount_before,
                   one.first * task.amount_after AS amount_after,
                   one.first * task.margin_after AS margin_after,
                   task.score::float AS score, task.opinion_id,
                   CASE WHEN task.state IN ('sent', 'done', 'evaluated')
                        THEN task.cost ELSE 0 END AS cost
              FROM retail_care_task task
        CROSS JOIN LATERAL (
                   SELECT CASE WHEN task.previous_id IS NULL THEN 1 ELSE 0 END AS first) one
             WHERE task.strategy_id IS NOT NULL
            """
        )

    def _query_held(self):
        return SQL(
            """
            SELECT 2 * held.id + 1 AS id, held.strategy_id, strategy.category_id, held.variant,
                   held.form, held.partner_id, held.user_id, held.store_id, held.company_id,
                   held.made_on, held.effect_until < CURRENT_DATE AS is_final,
                   0 AS cared, 1 AS held, held.orders_before, held.orders_after,
                   held.amount_before, held.amount_after, held.margin_after,
                   NULL::float AS score, NULL::int AS opinion_id, 0 AS cost
              FROM retail_care_held held
              JOIN retail_care_strategy strategy ON strategy.id = held.strategy_id
             WHERE held.reason = 'holdout'
            """
        )

    def _read_group_select(self, aggregate_spec, query):
        """Ratios come of the sums of the group, whatever its size."""
        ratio = RATIOS.get(aggregate_spec.split(":")[0])
        if ratio is None:
            return super()._read_group_select(aggregate_spec, query)
        names = ("cared", "held", "orders_after", "amount_after", "margin_after", "cost")
        columns = {name: self._field_to_sql(self._table, name, query) for name in names}
        return SQL(ratio, **columns)
