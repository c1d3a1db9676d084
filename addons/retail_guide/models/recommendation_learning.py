"""Facts in, neighbours out: the SQL streams around ``guide_engine``'s learner.

Everything goes in bulk (COPY), never through records, and only for one company.
"""

import io
from array import array
from dataclasses import dataclass
from datetime import date

from odoo.tools import SQL

from ..guide_engine.scoring import STORE_DOUBT_BASKETS
from .recommendation_snapshot import neighbours_table

#: Popular products published per store, and for the company as a whole.
TOP_POPULAR = 200
#: Clears the sign of a 64-bit hash: the engine takes ids >= 0.
HASH_MASK = 2**63 - 1
#: Columns of a neighbour, in the engine's table and in ours.
PAIR = ("product_id", "neighbour_id")
MEASURES = (
    "rank",
    "basket_count",
    "product_count",
    "neighbour_count",
    "support",
    "confidence",
    "lift",
    "cosine",
)
#: Share of the lines, the latest ones, on which a full run is tested.
TEST_SHARE = 0.1
#: Lines counted at a time: a learning that is killed goes on after the last part.
PART_LINES = 100_000
#: Neighbours handed to the database at a time.
COPY_ROWS = 50_000
#: Popularity looks back so many days from the latest sale.
POPULAR_DAYS = 84


def sold_range(env, company, window_days):
    """Return (first day, last day, last fact id) to learn from; None when nothing was sold."""
    ((first, last, last_id),) = env.execute_query(
        SQL(
            """
            SELECT GREATEST(MIN(day), MAX(day) - %s), MAX(day), MAX(id)
              FROM retail_sale_fact
             WHERE company_id = %s AND event = 'sold'
            """,
            window_days,
            company.id,
        )
    )
    return (first, last, last_id) if last_id else None


@dataclass(frozen=True)
class Part:
    """Whole days of sold lines, counted at one go; both days belong to it.

    mark: a sum over the lines that changes with any of them.
    """

    first_day: date
    last_day: date
    line_count: int
    mark: str


def split_baskets(env, company, first_day, last_id):
    """Return the keys of the baskets whose lines were sold on several days."""
    rows = env.execute_query(
        SQL(
            """
            SELECT basket FROM retail_sale_fact
             WHERE company_id = %s AND event = 'sold' AND day >= %s AND id <= %s
             GROUP BY basket
            HAVING MIN(day) != MAX(day)
            """,
            company.id,
            first_day,
            last_id,
        )
    )
    return [basket for (basket,) in rows]


def plan(env, company, first_day, last_id, split):
    """Return (parts to learn from, day from which on baskets are set aside as a test).

    The test is the latest tenth of the lines. Baskets of several days (``split``) are in no part:
    they go with the test. Parts are cut from the first day on, so that new sales change the last
    ones only.
    """
    days = env.execute_query(
        SQL(
            """
            SELECT day, COUNT(*), SUM(hashtextextended(basket, product_id))
              FROM retail_sale_fact
             WHERE company_id = %s AND event = 'sold' AND day >= %s AND id <= %s
               AND basket != ALL(%s)
             GROUP BY day ORDER BY day
            """,
            company.id,
            first_day,
            last_id,
            split,
        )
    )
    early = (1 - TEST_SHARE) * sum(count for _day, count, _mark in days)
    parts, started, before = [], [], 0
    for day, count, mark in days:
        if before + count >= early:
            return parts + _whole(started), day
        before += count
        started.append((day, count, mark))
        if sum(lines for _day, lines, _mark in started) >= PART_LINES:
            parts, started = parts + _whole(started), []
    return [], first_day


def _whole(days):
    """Return the days (day, lines, mark) as a list of one part, of none without days."""
    if not days:
        return []
    lines, marks = (sum(values) for values in list(zip(*days, strict=True))[1:])
    return [Part(days[0][0], days[-1][0], lines, str(marks))]


def sold_count(env, company, first_day, last_id):
    """Return how many sold lines there are from that day up to that id."""
    ((count,),) = env.execute_query(
        SQL(
            """
            SELECT COUNT(*) FROM retail_sale_fact
             WHERE company_id = %s AND event = 'sold' AND day >= %s AND id <= %s
            """,
            company.id,
            first_day,
            last_id,
        )
    )
    return count


def baskets(env, company, part, split):
    """Return (basket hashes, product ids) of the sold lines of a part.

    Two int64 arrays of equal length. Baskets are told apart by a 63-bit hash of their key,
    good for one run: that spares sorting a million strings.
    """
    return _int_columns(
        env,
        2,
        SQL(
            """
            SELECT hashtextextended(basket, 0) & %s, product_id
              FROM retail_sale_fact
             WHERE company_id = %s AND event = 'sold' AND day BETWEEN %s AND %s
               AND basket != ALL(%s)
            """,
            HASH_MASK,
            company.id,
            part.first_day,
            part.last_day,
            split,
        ),
    )


def latest_baskets(env, company, first_day, test_day, last_id, split):
    """Return (basket hashes, product ids) of what is in no part, in the form of ``baskets``."""
    return _int_columns(
        env,
        2,
        SQL(
            """
            SELECT hashtextextended(basket, 0) & %s, product_id
              FROM retail_sale_fact
             WHERE company_id = %s AND event = 'sold' AND day >= %s AND id <= %s
               AND (day >= %s OR basket = ANY(%s))
            """,
            HASH_MASK,
            company.id,
            first_day,
            last_id,
            test_day,
            split,
        ),
    )


def members(env, company, first_day, last_id):
    """Return (member ids, product ids): who ever bought what, two int64 arrays."""
    return _int_columns(
        env,
        2,
        SQL(
            """
            SELECT DISTINCT partner_id, product_id
              FROM retail_sale_fact
             WHERE company_id = %s AND event = 'sold' AND day >= %s AND id <= %s
               AND partner_id IS NOT NULL
            """,
            company.id,
            first_day,
            last_id,
        ),
    )


def touched_baskets(env, company, first_day, old_id, last_id):
    """Return (hashes, product ids, 1 where the line was known before) of the baskets that grew.

    The lines after ``old_id`` are new; the whole basket comes along, because a new line also
    pairs with the lines that were counted before.
    """
    return _int_columns(
        env,
        3,
        SQL(
            """
            SELECT hashtextextended(fact.basket, 0) & %(mask)s, fact.product_id,
                   (fact.id <= %(old)s)::int
              FROM retail_sale_fact fact
             WHERE fact.company_id = %(company)s AND fact.event = 'sold'
               AND fact.day >= %(first)s AND fact.id <= %(last)s
               AND fact.basket IN (
                   SELECT basket FROM retail_sale_fact
                    WHERE company_id = %(company)s AND event = 'sold'
                      AND id > %(old)s AND id <= %(last)s)
            """,
            mask=HASH_MASK,
            company=company.id,
            first=first_day,
            old=old_id,
            last=last_id,
        ),
    )


def stored_neighbours(env, company, basket_count, product_ids):
    """Return the published neighbours of these products as the engine's table."""
    rows = env.execute_query(
        SQL(
            """
            SELECT product_id, neighbour_id, basket_count, product_count, neighbour_count
              FROM retail_recommendation_neighbour
             WHERE company_id = %s AND product_id = ANY(%s)
            """,
            company.id,
            list(product_ids),
        )
    )
    return neighbours_table(rows, basket_count)


def publish_neighbours(env, company, table, product_ids=None):
    """Make the engine's table the company's neighbours; what is there already isn't written.

    :param product_ids: the table holds the neighbours of these products only, the others keep
        theirs; None when it holds all
    """
    env["retail.recommendation.neighbour"].flush_model()
    among = SQL("TRUE")
    if product_ids is not None:
        among = SQL("known.product_id = ANY(%s)", list(product_ids))
    _load_learned(env, table)
    env.cr.execute(
        SQL(
            """
            DELETE FROM retail_recommendation_neighbour known
             WHERE known.company_id = %s AND %s AND NOT EXISTS (
                   SELECT 1 FROM retail_guide_learned learned
                    WHERE learned.product_id = known.product_id
                      AND learned.neighbour_id = known.neighbour_id)
            """,
            company.id,
            among,
        )
    )
    env.cr.execute(
        SQL(
            """
            INSERT INTO retail_recommendation_neighbour AS known (company_id, %(columns)s)
            SELECT %(company)s, %(names)s
              FROM retail_guide_learned learned
             ORDER BY learned.product_id, learned.rank
                ON CONFLICT (company_id, product_id, neighbour_id) DO UPDATE
               SET %(values)s
             WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
            """,
            company=company.id,
            columns=_listed("%s", (*PAIR, *MEASURES)),
            names=_listed("learned.%s", (*PAIR, *MEASURES)),
            values=SQL(", ").join(
                SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name))
                for name in MEASURES
            ),
            old=_listed("known.%s", MEASURES),
            new=_listed("EXCLUDED.%s", MEASURES),
        )
    )
    env.cr.execute("DROP TABLE retail_guide_learned")
    env["retail.recommendation.neighbour"].invalidate_model()


def _listed(form, names):
    return SQL(", ").join(SQL(form, SQL.identifier(name)) for name in names)


def _load_learned(env, table):
    """Copy the engine's table into a temporary one."""
    env.cr.execute(
        """
        CREATE TEMPORARY TABLE retail_guide_learned (
            product_id integer, neighbour_id integer, rank integer,
            basket_count integer, product_count integer, neighbour_count integer,
            support double precision, confidence double precision,
            lift double precision, cosine double precision
        ) ON COMMIT DROP
        """
    )
    columns = [table.product, table.neighbour, *(getattr(table, name) for name in MEASURES)]
    for start in range(0, len(table.product), COPY_ROWS):
        some = (column[start : start + COPY_ROWS].tolist() for column in columns)
        lines = "".join("\t".join(map(repr, row)) + "\n" for row in zip(*some, strict=True))
        env.cr.copy_from(io.StringIO(lines), "retail_guide_learned", columns=(*PAIR, *MEASURES))


def publish_popularity(env, company, last_day):
    """Count anew what sold in each store, and in the whole company, in the last weeks.

    The share of a store leans on the whole company's while the store has few baskets; the
    formula is the engine's ``store_popularity``, in SQL.
    """
    env["retail.recommendation.popularity"].flush_model()
    env.cr.execute(
        SQL(
            "DELETE FROM retail_recommendation_popularity WHERE company_id = %s",
            company.id,
        )
    )
    env.cr.execute(
        SQL(
            """
            INSERT INTO retail_recommendation_popularity
                   (company_id, store_id, product_id, basket_count, share, rank)
            WITH sold AS (
                SELECT DISTINCT store_id, basket, product_id
                  FROM retail_sale_fact
                 WHERE company_id = %(company)s AND event = 'sold'
                   AND day > %(last)s::date - %(days)s
            ),
            scoped AS (
                SELECT store_id, basket, product_id FROM sold WHERE store_id IS NOT NULL
                 UNION ALL
                SELECT NULL, basket, product_id FROM sold
            ),
            counted AS (
                SELECT store_id, product_id, COUNT(DISTINCT basket) AS basket_count
                  FROM scoped GROUP BY store_id, product_id
            ),
            totals AS (
                SELECT store_id, COUNT(DISTINCT basket) AS baskets FROM scoped GROUP BY store_id
            ),
            overall AS (
                SELECT counted.product_id, counted.basket_count::float / totals.baskets AS share
                  FROM counted
                  JOIN totals ON totals.store_id IS NULL
                 WHERE counted.store_id IS NULL
                 ORDER BY counted.basket_count DESC, counted.product_id
            ),
            candidates AS (
                SELECT store_id, product_id FROM counted
                 UNION
                SELECT totals.store_id, best.product_id
                  FROM totals CROSS JOIN (SELECT * FROM overall LIMIT %(top)s) best
            ),
            shared AS (
                SELECT candidates.store_id, candidates.product_id,
                       COALESCE(counted.basket_count, 0) AS basket_count,
                       CASE WHEN candidates.store_id IS NULL THEN overall.share
                            ELSE (COALESCE(counted.basket_count, 0) + %(doubt)s * overall.share)
                                 / (totals.baskets + %(doubt)s) END AS share
                  FROM candidates
                  JOIN overall ON overall.product_id = candidates.product_id
                  JOIN product_product product ON product.id = candidates.product_id
                  JOIN totals ON totals.store_id IS NOT DISTINCT FROM candidates.store_id
                  LEFT JOIN counted
                    ON counted.store_id IS NOT DISTINCT FROM candidates.store_id
                   AND counted.product_id = candidates.product_id
                 WHERE product.active
            ),
            ranked AS (
                SELECT *, ROW_NUMBER() OVER (
                           PARTITION BY store_id ORDER BY share DESC, product_id) AS rank
                  FROM shared
            )
            SELECT %(company)s, store_id, product_id, basket_count, share, rank
              FROM ranked
             WHERE rank <= %(top)s
            """,
            company=company.id,
            last=last_day,
            days=POPULAR_DAYS,
            top=TOP_POPULAR,
            doubt=STORE_DOUBT_BASKETS,
        )
    )
    env["retail.recommendation.popularity"].invalidate_model()


def _int_columns(env, width, query):
    """Run the query and return its ``width`` columns of integers as int64 arrays."""
    buffer = io.BytesIO()
    text = env.cr.mogrify(query.code, query.params).decode()
    env.cr.copy_expert(f"COPY ({text}) TO STDOUT", buffer)
    values = array("q", map(int, buffer.getvalue().split()))
    return tuple(values[start::width] for start in range(width))
