from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import guide_engine as engine

WEEKS_OF_YEAR = 52


class RetailOnlineChoice(models.Model):
    """How well a product suits the web shop: what it earns, how fast it goes, who comes back.

    The nightly forecast alone writes this table.
    """

    _name = "retail.online.choice"
    _description = "Choice of Products for Online"
    _order = "score desc, id"
    _rec_name = "product_tmpl_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    product_tmpl_id = fields.Many2one(
        "product.template",
        string="Product",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    categ_id = fields.Many2one(related="product_tmpl_id.categ_id", store=False)
    review_state = fields.Selection(related="product_tmpl_id.retail_review_state", store=False)
    completeness = fields.Integer(related="product_tmpl_id.retail_completeness", store=False)
    margin_percent = fields.Float(
        string="Margin (%)",
        readonly=True,
        digits=(12, 1),
        aggregator="avg",
        help="Of the price without the cost; 0 where no cost is known.",
    )
    turns = fields.Float(
        string="Turns per Year",
        readonly=True,
        digits=(12, 1),
        aggregator="avg",
        help="How often the stock of the stores is sold in a year at the expected demand.",
    )
    repeat_percent = fields.Float(
        string="Bought Again (%)",
        readonly=True,
        digits=(12, 1),
        aggregator="avg",
        help="Share of the members who bought it that bought it more than once.",
    )
    score = fields.Float(
        readonly=True,
        digits=(12, 0),
        aggregator="avg",
        help="0 to 100: how many of the other products it leaves behind, by the weights of the"
        " settings.",
    )

    _pair_uniq = models.Constraint(
        "UNIQUE(company_id, product_tmpl_id)", "A product stands once in the list of a company."
    )

    def action_submit(self):
        """Ask for the approval of those products that nobody has submitted yet."""
        templates = self.product_tmpl_id.filtered(
            lambda template: template.retail_review_state in ("draft", "rejected")
        )
        if not templates:
            raise UserError(self.env._("All of these are submitted or approved."))
        templates.action_retail_submit()

    # === JOBS === #

    @api.model
    def _refresh(self, company):
        """Score what the company keeps in stock; the forecast has just been made."""
        rows = self._measures(company)
        columns = list(zip(*rows, strict=True)) or [()] * 4
        templates, measures = columns[0], columns[1:]
        scores = engine.scores(
            measures,
            (
                company.retail_online_margin,
                company.retail_online_turnover,
                company.retail_online_repeat,
            ),
        )
        self.env.cr.execute(
            SQL("DELETE FROM retail_online_choice WHERE company_id = %s", company.id)
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO retail_online_choice
                       (company_id, product_tmpl_id, margin_percent, turns, repeat_percent, score)
                SELECT %s, *
                  FROM unnest(%s::int[], %s::float[], %s::float[], %s::float[], %s::float[])
                """,
                company.id,
                list(templates),
                *(list(measure) for measure in measures),
                scores.tolist(),
            )
        )
        self.invalidate_model()

    @api.model
    def _measures(self, company):
        """Return [(template id, margin in percent, turns a year, buyers again in percent)]."""
        self.env["retail.sale.fact"].flush_model()
        self.env["product.template"].flush_model(["active", "sale_ok", "list_price"])
        self.env["product.product"].flush_model(["active", "standard_price", "product_tmpl_id"])
        return self.env.execute_query(
            SQL(
                """
                WITH demand AS (
                    SELECT product_id, SUM(weekly) AS weekly, SUM(on_hand) AS on_hand
                      FROM retail_demand_forecast
                     WHERE company_id = %(company)s
                     GROUP BY product_id
                ), buyer AS (
                    SELECT product_id, partner_id, COUNT(DISTINCT basket) AS baskets
                      FROM retail_sale_fact
                     WHERE company_id = %(company)s AND event = 'sold'
                       AND partner_id IS NOT NULL
                     GROUP BY product_id, partner_id
                ), loyal AS (
                    SELECT product_id, COUNT(*) AS buyers,
                           COUNT(*) FILTER (WHERE baskets > 1) AS again
                      FROM buyer
                     GROUP BY product_id
                )
                SELECT template.id,
                       COALESCE(AVG(CASE WHEN template.list_price > 0 AND cost.amount > 0
                                THEN 100 * (1 - cost.amount / template.list_price::float) END), 0),
                       SUM(demand.weekly) * %(weeks)s / GREATEST(SUM(demand.on_hand), 1),
                       COALESCE(100 * SUM(loyal.again)::float / SUM(loyal.buyers), 0)
                  FROM demand
                  JOIN product_product product ON product.id = demand.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  LEFT JOIN loyal ON loyal.product_id = product.id
                  LEFT JOIN LATERAL (
                       SELECT (product.standard_price ->> %(key)s)::float AS amount
                  ) cost ON TRUE
                 WHERE product.active AND template.active AND template.sale_ok
                 GROUP BY template.id
                 ORDER BY template.id
                """,
                company=company.id,
                key=str(company.id),
                weeks=WEEKS_OF_YEAR,
            )
        )
