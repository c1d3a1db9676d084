"""Reads what lies where by single statements, for the answers to "do you have it, and where".

Quantities are in the product's own unit. "On hand" is all that lies at internal places;
"free" leaves out what is reserved, and what is defective. The caller has checked that the
user may see the products, and names the companies.
"""

from odoo.tools import SQL

WAITING = ("waiting", "confirmed", "partially_available", "assigned")


def flush(env):
    """Write down what the statements below read."""
    env["stock.quant"].flush_model(
        ["product_id", "location_id", "quantity", "reserved_quantity", "company_id"]
    )
    env["stock.location"].flush_model(["usage", "warehouse_id", "retail_stock_type"])


def by_store(env, product_ids, company_ids):
    """Return {(product id, warehouse id): (on hand, free)}; pairs without stock are left out."""
    flush(env)
    rows = env.execute_query(
        SQL(
            """
            SELECT quant.product_id, location.warehouse_id, SUM(quant.quantity),
                   COALESCE(SUM(quant.quantity - quant.reserved_quantity) FILTER
                       (WHERE location.retail_stock_type != 'defective'), 0)
              FROM stock_quant quant
              JOIN stock_location location ON location.id = quant.location_id
             WHERE quant.product_id = ANY(%s) AND location.usage = 'internal'
               AND location.warehouse_id IS NOT NULL AND location.company_id = ANY(%s)
             GROUP BY quant.product_id, location.warehouse_id
            """,
            list(product_ids),
            list(company_ids),
        )
    )
    return {(product, store): (on_hand, free) for product, store, on_hand, free in rows}


def expected(env, product_id, company_ids):
    """Return {warehouse id: (date, quantity)} of the next goods on their way to each store.

    The quantity is what comes on that day; moves within a store don't count.
    """
    env["stock.move"].flush_model(
        ["product_id", "state", "location_id", "location_dest_id", "date", "product_qty"]
    )
    env["stock.location"].flush_model(["warehouse_id"])
    rows = env.execute_query(
        SQL(
            """
            SELECT store_id, MIN(date), SUM(product_qty)
              FROM (
                    SELECT target.warehouse_id AS store_id, move.date, move.product_qty,
                           MIN(move.date) OVER (PARTITION BY target.warehouse_id) AS first_date
                      FROM stock_move move
                      JOIN stock_location target ON target.id = move.location_dest_id
                      JOIN stock_location source ON source.id = move.location_id
                     WHERE move.product_id = %s AND move.state IN %s AND move.company_id = ANY(%s)
                       AND target.usage = 'internal' AND target.warehouse_id IS NOT NULL
                       AND source.warehouse_id IS DISTINCT FROM target.warehouse_id
                   ) coming
             WHERE date::date = first_date::date
             GROUP BY store_id
            """,
            product_id,
            WAITING,
            list(company_ids),
        )
    )
    return {store: (date, quantity) for store, date, quantity in rows}


def last_moves(env, product_ids, location_ids):
    """Return {(product id, location id): (last in, last out)} in UTC; None where there was none.

    Transfers between places count, at both of them.
    """
    env["stock.move.line"].flush_model(
        ["product_id", "location_id", "location_dest_id", "date", "state"]
    )
    rows = env.execute_query(
        SQL(
            """
            SELECT product_id, location_id, MAX(came), MAX(went) FROM (
                SELECT product_id, location_dest_id AS location_id, date AS came,
                       NULL::timestamp AS went
                  FROM stock_move_line
                 WHERE product_id = ANY(%(products)s) AND location_dest_id = ANY(%(places)s)
                   AND state = 'done' AND location_id != location_dest_id
                UNION ALL
                SELECT product_id, location_id, NULL, date
                  FROM stock_move_line
                 WHERE product_id = ANY(%(products)s) AND location_id = ANY(%(places)s)
                   AND state = 'done' AND location_id != location_dest_id
            ) moved
             GROUP BY product_id, location_id
            """,
            products=list(product_ids),
            places=list(location_ids),
        )
    )
    return {(product, place): (came, went) for product, place, came, went in rows}
