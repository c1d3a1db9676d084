"""What our bridges add to the start of a till: the same shop on a database without them."""

import os
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tools import SQL

from .measure import cost, result

PRODUCTS = 10_000
PROMOTIONS = 500
FEW = 100  # products beside which the promotions are measured: they don't depend on the others
LIMIT = "point_of_sale.limited_product_count"


def run(env):
    """Return the rows `till.start.*`: CPU as a ratio, queries as the number added.

    `till.start.promotions` is what so many promotions of ours add, in seconds of CPU.
    """
    with _stock_environment() as stock:
        peer = cost(_loading(_till(stock)), stock, _cold(stock))
        stock.cr.rollback()
    loading = _loading(_till(env))
    ours = cost(loading, env, _cold(env))
    env["ir.config_parameter"].set_param(LIMIT, FEW)
    bare = cost(loading, env, _cold(env))
    _promotions(env)
    promoted = cost(loading, env, _cold(env))
    return [
        result("till.start.cpu", ours.cpu, peer.cpu, "s CPU", 1.10,
               queries=f"{ours.queries} / {peer.queries}"),
        {**result("till.start.queries", ours.queries, peer.queries, "queries", 12),
         "ratio": ours.queries - peer.queries},
        {**result("till.start.promotions", promoted.cpu, bare.cpu, "s CPU", 0.2,
                  queries=f"{promoted.queries} / {bare.queries}"),
         "ratio": promoted.cpu - bare.cpu},
    ]  # fmt: skip


@contextmanager
def _stock_environment():
    """An environment on the database that has no addon of ours."""
    with Registry(os.environ["DAOGOU_BENCH_PEER"]).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})


def _till(env):
    """A till with its own products, as a shop of that size has."""
    company = env.company
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
    category = env["pos.category"].create({"name": "Bench"})
    first = env["product.template"].create(
        {"name": "Bench", "list_price": 5, "available_in_pos": True, "type": "consu",
         "pos_categ_ids": [Command.set(category.ids)], "barcode": "9900000000000"}
    )  # fmt: skip
    _copies(env, first, PRODUCTS - 1)
    env["ir.config_parameter"].set_param(LIMIT, PRODUCTS * 2)
    return env["pos.config"].create({"name": "Bench"})


def _copies(env, template, count):
    """Copy a product in SQL: creating so many records takes minutes, and isn't measured."""
    env.flush_all()
    templates = _copied_rows(env, template, SQL("generate_series(1, %s)", count))
    own = {"product_tmpl_id": SQL("place"), "barcode": SQL("'99' || lpad(place::text, 11, '0')")}
    _copied_rows(env, template.product_variant_id, SQL("unnest(%s)", templates), own)
    for name in ("pos_categ_ids", "taxes_id", "supplier_taxes_id"):
        field = template._fields[name]
        env.cr.execute(SQL(
            "INSERT INTO %(table)s (%(one)s, %(other)s) SELECT copy, %(other)s"
            " FROM %(table)s, unnest(%(copies)s) AS copy WHERE %(one)s = %(template)s",
            table=SQL.identifier(field.relation), one=SQL.identifier(field.column1),
            other=SQL.identifier(field.column2), copies=templates, template=template.id,
        ))  # fmt: skip
    env.cr.execute(SQL("ANALYZE product_template, product_product"))
    env.invalidate_all()


def _copied_rows(env, record, places, own=None):
    """Insert a copy of a record's row for each place and return their ids.

    own: {column: what it has instead, an expression of `place`}
    """
    env.cr.execute(SQL(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND column_name <> 'id'", record._table,
    ))  # fmt: skip
    values = {name: SQL.identifier(name) for (name,) in env.cr.fetchall()} | (own or {})
    env.cr.execute(SQL(
        "INSERT INTO %(table)s (%(columns)s) SELECT %(values)s"
        " FROM %(table)s, %(places)s AS place WHERE id = %(id)s RETURNING id",
        table=SQL.identifier(record._table),
        columns=SQL(", ").join(SQL.identifier(name) for name in values),
        values=SQL(", ").join(values.values()), places=places, id=record.id,
    ))  # fmt: skip
    return [row[0] for row in env.cr.fetchall()]


def _promotions(env):
    now = fields.Datetime.now()
    promotions = env["retail.promotion"].create([
        {"name": f"Bench {number}", "percent": 5, "min_amount": 100 + number,
         "date_from": fields.Datetime.subtract(now, days=1),
         "date_to": fields.Datetime.add(now, days=9)}
        for number in range(PROMOTIONS)
    ])  # fmt: skip
    promotions.action_publish()


def _cold(env):
    def forget():
        env.flush_all()
        env.invalidate_all()

    return forget


def _loading(config):
    session = config.env["pos.session"].create({"config_id": config.id, "user_id": config.env.uid})
    return lambda: session.load_data([])
