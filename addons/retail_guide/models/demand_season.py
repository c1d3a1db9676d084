"""The season of each category of products, from the months in which it sold."""

import calendar
from datetime import timedelta

import numpy as np

from odoo.tools import SQL

from .. import guide_engine as engine

YEAR, WEEK = 365, 7
#: Whole months in which a season is looked for.
MONTHS = 60


class Seasons:
    """Monthly factors with mean 1 per category; a category without a known season has none.

    All stores and products of a category are taken together, also those no longer sold: last
    winter's coats tell of the next winter.
    """

    def __init__(self, env, company, last_day):
        self.last_day = last_day
        #: {category id or None: 12 factors from January on}
        self.factors = _factors(env, company, last_day)
        self._coming = {}

    def of_weeks(self, categories, weeks):
        """Return the season of the weeks until the last day: a row per category given."""
        days = [self.last_day - timedelta(days=ago) for ago in range(weeks * WEEK - 1, -1, -1)]
        months = [day.month - 1 for day in days]
        place = {category: number for number, category in enumerate(self.factors, 1)}
        table = np.array([np.ones(12), *self.factors.values()])
        by_week = table[:, months].reshape(len(table), weeks, WEEK).mean(axis=2)
        return by_week[[place.get(category, 0) for category in categories]]

    def ahead(self, category, days):
        """Return by which factor the demand of the coming days differs from that of usual ones."""
        if category not in self.factors:
            return 1.0
        if category not in self._coming:
            coming = [self.last_day + timedelta(days=day) for day in range(1, YEAR + 1)]
            daily = self.factors[category][[day.month - 1 for day in coming]]
            self._coming[category] = np.cumsum(daily) / np.arange(1, YEAR + 1)
        return float(self._coming[category][min(days, YEAR) - 1])


def _factors(env, company, last_day):
    after = last_day + timedelta(days=1)
    latest = after.year * 12 + after.month - 2  # the last month that is whole
    months = range(latest - MONTHS + 1, latest + 1)
    rows = _monthly_sales(env, company, months)
    place = {}
    own = [place.setdefault(row[0], len(place)) for row in rows]
    table = np.zeros((len(place), MONTHS))
    for number, (_category, month, quantity) in zip(own, rows, strict=True):
        table[number, month - months[0]] = quantity
    lengths = [calendar.monthrange(month // 12, month % 12 + 1)[1] for month in months]
    # The engine begins with the month after the latest one, a year before; we, with January.
    factors = np.roll(engine.season_index(table / lengths), latest % 12 + 1, axis=1).round(4)
    return {
        category: factors[number]
        for category, number in place.items()
        if np.any(factors[number] != 1)
    }


def _monthly_sales(env, company, months):
    """Return [(category id or None, month, quantity)]; months are counted from the year 0 on."""
    env["retail.sale.fact"].flush_model()
    env["product.template"].flush_model(["categ_id"])
    return env.execute_query(
        SQL(
            """
            WITH monthly AS MATERIALIZED (
                SELECT product_id, SUM(qty) AS qty,
                       (EXTRACT(YEAR FROM day) * 12 + EXTRACT(MONTH FROM day) - 1)::int AS month
                  FROM retail_sale_fact
                 WHERE company_id = %(company)s AND store_id IS NOT NULL
                 GROUP BY 1, 3
            )
            SELECT template.categ_id, monthly.month, SUM(monthly.qty)::float
              FROM monthly
              JOIN product_product product ON product.id = monthly.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE monthly.month BETWEEN %(first)s AND %(latest)s
             GROUP BY 1, 2
            """,
            company=company.id,
            first=months[0],
            latest=months[-1],
        )
    )
