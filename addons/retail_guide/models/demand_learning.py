"""Weekly sales in, forecasts out: the SQL around ``guide_engine``'s forecast, per company."""

import io
import json
import math

import numpy as np

from odoo.tools import SQL

from .. import guide_engine as engine
from ..guide_engine.forecast import KINDS, METHODS
from .demand_season import Seasons

#: Columns that one run writes for each store and product.
COLUMNS = (
    "store_id",
    "product_id",
    "kind",
    "method",
    "weekly",
    "uplift",
    "error",
    "scaled_error",
    "abc",
    "sold_qty",
    "sold_amount",
    "last_sold_day",
    "on_hand",
    "is_slow",
    "lead_days",
    "suggested_min",
    "suggested_max",
    "weekday_shares",
    "season",
    "season_factors",
)
WEEK = 7


def weekly_sales(env, company, last_day, weeks):
    """Return ([(store id, product id)], table of quantities: one row per pair, a column a week).

    The last column ends with the last day. Net of returns; a week that took back more than it
    sold counts as none. Pairs that the store stocks or has a rule for are in it without sales.
    """
    env["retail.sale.fact"].flush_model()
    rows = env.execute_query(
        SQL(
            """
            SELECT store_id, product_id, (%(last)s - day) / 7 AS weeks_ago, SUM(qty)::float
              FROM retail_sale_fact
             WHERE company_id = %(company)s AND store_id IS NOT NULL
               AND day <= %(last)s AND day > %(last)s - %(days)s
             GROUP BY 1, 2, 3
            """,
            company=company.id,
            last=last_day,
            days=weeks * WEEK,
        )
    )
    pairs = sorted({row[:2] for row in rows} | stocked(env, company).keys())
    place = {pair: number for number, pair in enumerate(pairs)}
    table = np.zeros((len(pairs), weeks))
    for store, product, weeks_ago, quantity in rows:
        table[place[store, product], weeks - 1 - weeks_ago] = max(quantity, 0.0)
    return pairs, table


def stocked(env, company):
    """Return {(store id, product id): quantity on hand} of what the stores hold."""
    env["stock.quant"].flush_model(["product_id", "location_id", "quantity"])
    env["stock.warehouse"].flush_model(["is_store", "view_location_id", "company_id"])
    env["stock.location"].flush_model(["parent_path", "usage"])
    rows = env.execute_query(
        SQL(
            """
            SELECT store.id, quant.product_id, COALESCE(SUM(quant.quantity), 0)::float
              FROM stock_warehouse store
              JOIN stock_location top ON top.id = store.view_location_id
              JOIN stock_location location ON location.parent_path LIKE top.parent_path || '%%'
              JOIN stock_quant quant ON quant.location_id = location.id
             WHERE store.company_id = %s AND store.is_store AND location.usage = 'internal'
             GROUP BY store.id, quant.product_id
            """,
            company.id,
        )
    )
    return {(store, product): quantity for store, product, quantity in rows}


def sold_before(env, company, last_day, weeks):
    """Return {(store id, product id): (quantity, amount, last day sold)} of the period."""
    rows = env.execute_query(
        SQL(
            """
            SELECT store_id, product_id,
                   SUM(qty) FILTER (WHERE day > %(last)s - %(days)s)::float,
                   SUM(amount_company) FILTER (WHERE day > %(last)s - %(days)s)::float,
                   MAX(day) FILTER (WHERE event = 'sold')
              FROM retail_sale_fact
             WHERE company_id = %(company)s AND store_id IS NOT NULL AND day <= %(last)s
             GROUP BY 1, 2
            """,
            company=company.id,
            last=last_day,
            days=weeks * WEEK,
        )
    )
    return {(row[0], row[1]): (row[2] or 0.0, row[3] or 0.0, row[4]) for row in rows}


def lead_times(env, company):
    """Return {product id: days} of the products whose first vendor has a lead time."""
    env["product.supplierinfo"].flush_model()
    rows = env.execute_query(
        SQL(
            """
            SELECT DISTINCT ON (product.id) product.id, vendor.delay
              FROM product_supplierinfo vendor
              JOIN product_product product
                ON product.product_tmpl_id = vendor.product_tmpl_id
               AND (vendor.product_id IS NULL OR vendor.product_id = product.id)
             WHERE vendor.delay > 0
               AND (vendor.company_id IS NULL OR vendor.company_id = %s)
             ORDER BY product.id, vendor.sequence, vendor.id
            """,
            company.id,
        )
    )
    return dict(rows)


def weekdays(env, company, last_day, weeks, pairs, categories):
    """Return seven shares of a week's demand, from Monday on, for each (store id, product id).

    :param categories: {product id: category id or None}; where a product sold little, the week
        of its category in the store counts
    """
    rows = env.execute_query(
        SQL(
            """
            SELECT store_id, product_id, EXTRACT(ISODOW FROM day)::int - 1, SUM(qty)::float
              FROM retail_sale_fact
             WHERE company_id = %(company)s AND store_id IS NOT NULL
               AND day <= %(last)s AND day > %(last)s - %(days)s
             GROUP BY 1, 2, 3
            """,
            company=company.id,
            last=last_day,
            days=weeks * WEEK,
        )
    )
    place = {pair: number for number, pair in enumerate(pairs)}
    table = np.zeros((len(pairs), WEEK))
    for store, product, weekday, quantity in rows:
        if (store, product) in place:
            table[place[store, product], weekday] = quantity
    groups = {}
    own = [groups.setdefault((store, categories[product]), len(groups)) for store, product in pairs]
    return engine.weekday_shares(table, own)


def stored_products(env, company):
    """Return {product id: category id} of what is kept in stock and may be sold by the company."""
    env["product.template"].flush_model(["active", "is_storable", "company_id", "categ_id"])
    env["product.product"].flush_model(["active"])
    rows = env.execute_query(
        SQL(
            """
            SELECT product.id, template.categ_id FROM product_product product
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE product.active AND template.active AND template.is_storable
               AND (template.company_id IS NULL OR template.company_id = %s)
            """,
            company.id,
        )
    )
    return dict(rows)


def suggest(weekly, uplift, lead_days, company):
    """Return (minimum, maximum) in whole units: demand of lead time and safety, then of a review.

    Coming promotions raise the demand of the time until the next order arrives, not the safety.
    """
    daily = weekly / WEEK
    lowest = daily * (lead_days * uplift + company.retail_safety_days)
    highest = lowest + daily * company.retail_review_days * uplift
    # A hundredth of a unit is the float's noise, not a reason for one more.
    return math.ceil(lowest - 0.01), math.ceil(highest - 0.01)


def learn(env, company, last_day, uplift_of):
    """Return one dict of ``COLUMNS`` per store and product that is stocked or was sold.

    :param uplift_of: function (store id, {product ids}, days) -> {product id: factor}
    """
    weeks = company.retail_forecast_weeks
    pairs, table = weekly_sales(env, company, last_day, weeks)
    kept = stored_products(env, company)
    chosen = [number for number, pair in enumerate(pairs) if pair[1] in kept]
    pairs, table = [pairs[number] for number in chosen], table[chosen]
    seasons = Seasons(env, company, last_day)
    found = engine.forecast(table, seasons.of_weeks([kept[pair[1]] for pair in pairs], weeks))
    shares = weekdays(env, company, last_day, weeks, pairs, kept).round(4).tolist()
    sold, held = sold_before(env, company, last_day, weeks), stocked(env, company)
    letters, leads = _letters(pairs, sold), lead_times(env, company)
    days = company.retail_lead_days + company.retail_review_days
    uplifts = {
        store: uplift_of(store, {product for where, product in pairs if where == store}, days)
        for store in {pair[0] for pair in pairs}
    }
    rows = []
    for number, pair in enumerate(pairs):
        store, product = pair
        quantity, amount, last_sold = sold.get(pair, (0.0, 0.0, None))
        lead, uplift = leads.get(product, company.retail_lead_days), uplifts[store].get(product, 1)
        weekly, scaled = float(found.weekly[number]), float(found.scaled[number])
        season = seasons.ahead(kept[product], lead + company.retail_review_days)
        factors = seasons.factors.get(kept[product])
        lowest, highest = suggest(weekly * season, uplift, lead, company)
        on_hand = held.get(pair, 0.0)
        idle = last_sold is None or (last_day - last_sold).days >= company.retail_slow_days
        values = (
            store, product, KINDS[found.kind[number]], METHODS[found.method[number]], weekly,
            uplift, float(found.error[number]), None if math.isnan(scaled) else scaled,
            letters[pair], quantity, amount, last_sold, on_hand, on_hand > 0 and idle, lead,
            lowest, highest, json.dumps(shares[number]), season,
            None if factors is None else json.dumps(factors.tolist()),
        )  # fmt: skip
        rows.append(dict(zip(COLUMNS, values, strict=True)))
    return rows


def _letters(pairs, sold):
    """Return {(store id, product id): A, B or C} by what it brought in its store."""
    letters = {}
    for store in {pair[0] for pair in pairs}:
        own = [pair for pair in pairs if pair[0] == store]
        amounts = [sold.get(pair, (0.0, 0.0, None))[1] for pair in own]
        letters.update(zip(own, engine.abc(amounts), strict=True))
    return letters


def publish(env, company, rows, now):
    """Make the rows the company's forecast in one statement each: gone ones, and new ones."""
    env["retail.demand.forecast"].flush_model()
    env.cr.execute(
        SQL(
            "CREATE TEMPORARY TABLE retail_guide_demand AS"
            " SELECT %s FROM retail_demand_forecast WHERE FALSE",
            _listed("%s", COLUMNS),
        )
    )
    lines = "".join("\t".join(_text(row[name]) for name in COLUMNS) + "\n" for row in rows)
    env.cr.copy_from(io.StringIO(lines), "retail_guide_demand", columns=COLUMNS)
    env.cr.execute(
        SQL(
            """
            DELETE FROM retail_demand_forecast known
             WHERE known.company_id = %s AND NOT EXISTS (
                   SELECT 1 FROM retail_guide_demand fresh
                    WHERE fresh.store_id = known.store_id
                      AND fresh.product_id = known.product_id)
            """,
            company.id,
        )
    )
    env.cr.execute(
        SQL(
            """
            INSERT INTO retail_demand_forecast (company_id, computed_at, %(columns)s)
            SELECT %(company)s, %(now)s, %(columns)s FROM retail_guide_demand
                ON CONFLICT (store_id, product_id) DO UPDATE
               SET company_id = EXCLUDED.company_id, computed_at = EXCLUDED.computed_at,
                   %(values)s
            """,
            company=company.id,
            now=now,
            columns=_listed("%s", COLUMNS),
            values=SQL(", ").join(
                SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name))
                for name in COLUMNS[2:]
            ),
        )
    )
    env.cr.execute("DROP TABLE retail_guide_demand")
    env["retail.demand.forecast"].invalidate_model()


def _listed(form, names):
    return SQL(", ").join(SQL(form, SQL.identifier(name)) for name in names)


def _text(value):
    return "\\N" if value is None else str(value)
