"""The only place where records become inputs of ``guide_engine``: a few SQL statements.

They read tables whole (facts, stock) that the asking cashier may have no right on, always for
one company; the caller must have made sure that the user may see that company, store and
member. What is shown in the end passes through the product's own access rules.
"""

from dataclasses import dataclass
from datetime import date
from zlib import crc32

from odoo.tools import SQL

from .. import guide_engine as engine

#: Purchases of a member that count, the latest first; older ones weigh next to nothing.
MAX_PURCHASES = 2000
#: Products of the member's history whose neighbours are looked up, the heaviest first.
MAX_SEEDS = 40
#: Neighbours looked up in one call; a long basket takes fewer of each product.
MAX_PAIRS = 4000
#: Products that a member may like by taste alone.
MAX_AKIN = 200
#: Popular products of the store that form the floor.
MAX_POPULAR = 100
HALF_LIFE_DAYS = engine.Options().half_life_days
#: Alternatives looked at, those nearest in price.
MAX_ALTERNATIVES = 300


@dataclass(frozen=True)
class MemberHistory:
    """What a member bought and kept: for the engine, and {product id: (times, last day)}."""

    purchases: engine.History
    bought: dict[int, tuple[int, date]]
    seeds: list[int]


def member_history(env, company, partner):
    """Return the purchases of the member, net of what was wholly returned.

    The age of a purchase counts from the company's latest sale: in a running shop that is today,
    and an imported history doesn't fade before its first day of use.
    """
    rows = env.execute_query(
        SQL(
            """
            WITH own AS (
                SELECT product_id, basket, event, MAX(day) AS day, SUM(qty) AS qty
                  FROM retail_sale_fact
                 WHERE partner_id = %(partner)s AND company_id = %(company)s
                 GROUP BY product_id, basket, event
            ),
            kept AS (
                SELECT product_id, day, event, SUM(qty) OVER product AS left_over,
                       COUNT(*) FILTER (WHERE event = 'sold') OVER product AS times
                  FROM own
                WINDOW product AS (PARTITION BY product_id)
            )
            SELECT product_id, day, times,
                   GREATEST(0, (SELECT MAX(day) FROM retail_sale_fact
                                 WHERE company_id = %(company)s) - day) AS age
              FROM kept
             WHERE event = 'sold' AND left_over > 0
             ORDER BY day DESC, product_id
             LIMIT %(limit)s
            """,
            partner=partner.id,
            company=company.id,
            limit=MAX_PURCHASES,
        )
    )
    bought, weights = {}, {}
    for product, day, times, age in rows:
        bought.setdefault(product, (times, day))
        weights[product] = weights.get(product, 0.0) + 0.5 ** (age / HALF_LIFE_DAYS)
    return MemberHistory(
        engine.History([row[0] for row in rows], [row[3] for row in rows]),
        bought,
        sorted(weights, key=weights.get, reverse=True)[:MAX_SEEDS],
    )


NO_HISTORY = MemberHistory(engine.History(), {}, [])


@dataclass(frozen=True)
class Learned:
    """What the company has learned, as far as one call needs it.

    popularity: {product id: share of the store's baskets, else of the company's}.
    """

    table: engine.Neighbours
    popularity: dict[int, float]


def learned(env, company, store, product_ids):
    """Return what was learned about the products, and what is popular, in one query."""
    product_ids = list(product_ids)
    rows = env.execute_query(
        SQL(
            """
            SELECT product_id, neighbour_id, basket_count, product_count, neighbour_count,
                   NULL::float AS share, NULL::integer AS store_id
              FROM retail_recommendation_neighbour
             WHERE company_id = %(company)s AND product_id = ANY(%(products)s)
               AND rank <= %(depth)s
             UNION ALL
            SELECT product_id, NULL, 0, 0, 0, share, store_id
              FROM retail_recommendation_popularity
             WHERE company_id = %(company)s AND rank <= %(popular)s
               AND (store_id IS NULL OR store_id = %(store)s)
            """,
            company=company.id,
            store=store.id or None,
            products=product_ids,
            depth=max(10, MAX_PAIRS // (len(product_ids) or 1)),
            popular=MAX_POPULAR,
        )
    )
    pairs = [row[:5] for row in rows if row[1]]
    popular = [(row[0], row[5], row[6]) for row in rows if not row[1]]
    in_store = {product: share for product, share, store_id in popular if store_id}
    return Learned(
        neighbours_table(pairs),
        in_store or {product: share for product, share, _store_id in popular},
    )


def is_held_out(partner_id, percent):
    """Tell whether the member belongs to the share of members that sees popular products only.

    Always the same members for the same percentage, and they stay in when it is raised: chance
    decides by the id, so that the two groups differ in nothing else.
    """
    return bool(partner_id) and crc32(f"holdout,{partner_id}".encode()) % 100 < percent


NO_NEIGHBOURS = engine.Neighbours.of_counts(0, (), (), (), (), ())


def alternatives(env, company, product_id):
    """Return ({product id: list price} of the product and its likes, the prices' currency).

    Alike is what has the same category and a similar price; whether they can be sold now is
    another question (``free_quantities``).
    """
    env["product.template"].flush_model(["categ_id", "list_price", "company_id"])
    rows = env.execute_query(
        SQL(
            """
            SELECT other.id, mate.list_price, owner.currency_id
              FROM product_product product
              JOIN res_company owner ON owner.id = %(company)s
              JOIN product_template own ON own.id = product.product_tmpl_id
              JOIN product_template mate ON mate.categ_id = own.categ_id
               AND mate.list_price >= own.list_price * %(near)s
               AND mate.list_price * %(near)s <= own.list_price
               AND (mate.company_id IS NULL OR mate.company_id = %(company)s)
              JOIN product_product other ON other.product_tmpl_id = mate.id
             WHERE product.id = %(product)s
             ORDER BY other.id != %(product)s, ABS(mate.list_price - own.list_price), other.id
             LIMIT %(limit)s
            """,
            product=product_id,
            company=company.id,
            near=engine.MIN_PRICE_RATIO,
            limit=MAX_ALTERNATIVES,
        )
    )
    currency = env["res.currency"].browse(row[2] for row in rows[:1])
    return {product: price for product, price, _currency in rows}, currency


def margins(env, company, product_ids):
    """Return {product id: margin as a share of the price, 0..1}; 0 where the cost isn't known."""
    env["product.template"].flush_model(["list_price"])
    env["product.product"].flush_model(["standard_price"])
    rows = env.execute_query(
        SQL(
            """
            SELECT product.id,
                   1 - (product.standard_price ->> %(company)s)::float / template.list_price
              FROM product_product product
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE product.id = ANY(%(products)s) AND template.list_price > 0
               AND (product.standard_price ->> %(company)s)::float > 0
            """,
            products=list(product_ids),
            company=str(company.id),
        )
    )
    return {product: min(max(margin, 0.0), 1.0) for product, margin in rows}


def neighbours_table(rows, baskets=0):
    """Return rows (product, neighbour, baskets with both, with either) as the engine's table."""
    columns = zip(*rows, strict=True) if rows else ((),) * 5
    return engine.Neighbours.of_counts(baskets, *(list(column) for column in columns))


def akin(tastes, products):
    """Return the ids of the products nearest to the taste that these products show."""
    liking = tastes.factors @ tastes.rows_of(products).sum(axis=0)
    if len(liking) <= MAX_AKIN:
        return tastes.products.tolist()
    return tastes.products[liking.argpartition(-MAX_AKIN)[-MAX_AKIN:]].tolist()


def shelf(popularity, more_products=(), allowed=None, factors=None):
    """Return the engine's shelf of the popular and the further products.

    :param popularity: {product id: share of baskets}
    :param allowed: ids of the products that can be sold now; all of them when None
    :param factors: {product id: business weight}, 1 for those not in it
    """
    products = sorted(set(popularity).union(more_products))
    return engine.Shelf(
        products,
        [popularity.get(product, 0.0) for product in products],
        None if allowed is None else [product in allowed for product in products],
        None if not factors else [factors.get(product, 1.0) for product in products],
    )


def free_quantities(env, company, store, product_ids, partner=None):
    """Return {product id: free quantity in its unit, None when it isn't kept in stock}.

    Only products that can be sold now are in it, see ``sellable_sql``.
    """
    if not product_ids:
        return {}
    flush_stock(env)
    rows = env.execute_query(sellable_sql(company, store, list(product_ids), partner))
    return {product: None if free is None else float(free) for product, free in rows}


def flush_stock(env):
    """Write down what the statement of ``sellable_sql`` reads."""
    env["stock.quant"].flush_model(["product_id", "location_id", "quantity", "reserved_quantity"])
    env["stock.location"].flush_model(["usage", "parent_path", "retail_stock_type"])
    env["product.template"].flush_model(["active", "sale_ok", "type", "is_storable"])
    env["product.product"].flush_model(["active"])


def sellable_sql(company, store, product_ids=None, partner=None):
    """Return the query (product id, free quantity) of what can go out now.

    Left out: what the store (the whole company when there is no store) has none of but defective
    ones, archived products, ones not for sale, combos (which ask questions) and what the member
    has refused.
    The free quantity is null for products that aren't kept in stock.

    :param product_ids: look at these only, a list of ids; all products when None
    """
    among = SQL("TRUE") if product_ids is None else SQL("product.id = ANY(%s)", product_ids)
    held = SQL("TRUE") if product_ids is None else SQL("quant.product_id = ANY(%s)", product_ids)
    inside = SQL("TRUE")
    if store:
        inside = SQL(
            """location.parent_path LIKE
               (SELECT parent_path FROM stock_location WHERE id = %s) || '%%'""",
            store.view_location_id.id,
        )
    wanted = SQL("TRUE")
    if partner:
        wanted = SQL(
            """NOT EXISTS (
                SELECT 1 FROM retail_recommendation_refusal refusal
                 WHERE refusal.product_id = product.id
                   AND refusal.partner_id = %s AND refusal.company_id = %s)""",
            partner.id,
            company.id,
        )
    return SQL(
        """
        SELECT product.id, CASE WHEN template.is_storable THEN stock.free END AS free
          FROM product_product product
          JOIN product_template template ON template.id = product.product_tmpl_id
          LEFT JOIN (
                SELECT quant.product_id, SUM(quant.quantity - quant.reserved_quantity) AS free
                  FROM stock_quant quant
                  JOIN stock_location location ON location.id = quant.location_id
                 WHERE %(held)s AND %(inside)s
                   AND location.usage IN ('internal', 'transit')
                   AND location.retail_stock_type != 'defective'
                   AND location.company_id = %(company)s
                 GROUP BY quant.product_id
               ) stock ON stock.product_id = product.id
         WHERE %(among)s AND %(wanted)s
           AND product.active AND template.active AND template.sale_ok
           AND template.type != 'combo'
           AND COALESCE(template.company_id, %(company)s) = %(company)s
           AND (template.is_storable IS NOT TRUE OR stock.free > 0)
        """,
        held=held,
        inside=inside,
        among=among,
        wanted=wanted,
        company=company.id,
    )


def slow_movers(env, company, store, product_ids):
    """Return the ids of those products that don't sell any more, in the store or everywhere."""
    rows = env.execute_query(
        SQL(
            """
            SELECT product_id FROM retail_demand_forecast
             WHERE company_id = %(company)s AND product_id = ANY(%(products)s)
               AND (%(store)s IS NULL OR store_id = %(store)s)
             GROUP BY product_id HAVING BOOL_AND(is_slow)
            """,
            company=company.id,
            products=list(product_ids),
            store=store.id or None,
        )
    )
    return [product for (product,) in rows]
