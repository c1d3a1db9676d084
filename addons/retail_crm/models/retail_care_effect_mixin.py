from odoo import api, fields, models
from odoo.tools import SQL

MEASURES = ("orders_before", "orders_after", "amount_before", "amount_after", "margin_after")


class RetailCareEffectMixin(models.AbstractModel):
    """What a member bought before and after an occasion: the same for cared for and held out.

    Worked out every night for the occasions whose days after aren't over, set-based, from what
    was sold in all channels, net of returns, without tax.
    """

    _name = "retail.care.effect.mixin"
    _description = "Purchases Around an Occasion"

    made_on = fields.Date(
        readonly=True, default=fields.Date.context_today, help="Day from which the effect counts."
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    orders_before = fields.Integer(string="Purchases Before", readonly=True, copy=False)
    orders_after = fields.Integer(string="Purchases After", readonly=True, copy=False)
    amount_before = fields.Monetary(
        string="Bought Before", currency_field="company_currency_id", readonly=True, copy=False
    )
    amount_after = fields.Monetary(
        string="Bought After", currency_field="company_currency_id", readonly=True, copy=False
    )
    margin_after = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        copy=False,
        help="What was bought after it, less the cost of the goods.",
    )
    effect_until = fields.Date(
        readonly=True,
        copy=False,
        help="The figures are final when this day is over; empty: not begun.",
    )

    @api.model
    def _measure(self, today):
        """Work the figures out anew for all occasions whose days after aren't over."""
        self.env.flush_all()
        columns = [SQL.identifier(name) for name in (*MEASURES, "effect_until")]
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s row SET (%(columns)s) = ROW(%(fresh)s)
                  FROM (
                    SELECT one.id,
                           count(DISTINCT fact.basket) FILTER (
                               WHERE %(before)s AND fact.event = 'sold') AS orders_before,
                           count(DISTINCT fact.basket) FILTER (
                               WHERE %(after)s AND fact.event = 'sold') AS orders_after,
                           COALESCE(sum(fact.amount_company) FILTER (
                               WHERE %(before)s), 0) AS amount_before,
                           COALESCE(sum(fact.amount_company) FILTER (
                               WHERE %(after)s), 0) AS amount_after,
                           COALESCE(sum(fact.amount_company - COALESCE(fact.cost, 0)) FILTER (
                               WHERE %(after)s), 0) AS margin_after,
                           one.made_on + strategy.effect_days AS effect_until
                      FROM %(table)s one
                      JOIN retail_care_strategy strategy ON strategy.id = one.strategy_id
                      JOIN res_partner member ON member.id = one.partner_id
                 LEFT JOIN retail_sale_fact fact
                        ON fact.partner_id = member.commercial_partner_id
                       AND fact.company_id = one.company_id
                       AND fact.day BETWEEN one.made_on - strategy.effect_days
                                        AND one.made_on + strategy.effect_days
                     WHERE one.effect_until IS NULL OR one.effect_until >= %(yesterday)s
                  GROUP BY one.id, strategy.effect_days
                       ) fresh
                 WHERE fresh.id = row.id AND (%(stored)s) IS DISTINCT FROM (%(fresh)s)
                """,
                table=SQL.identifier(self._table),
                columns=SQL(", ").join(columns),
                fresh=SQL(", ").join(SQL("fresh.%s", name) for name in columns),
                stored=SQL(", ").join(SQL("row.%s", name) for name in columns),
                before=SQL("fact.day < one.made_on"),
                after=SQL("fact.day >= one.made_on"),
                # What was sold on the last day is only whole on the next one.
                yesterday=fields.Date.subtract(today, days=1),
            )
        )
        self.invalidate_model(flush=False)
