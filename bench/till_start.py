"""What our bridges add to the start of a till: the same shop on a database without them."""

import os
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, fields
from odoo.modules.registry import Registry

from .measure import cost, result

PRODUCTS = 10_000
PROMOTIONS = 500


def run(env):
    """Return the rows `till.start.*`: CPU as a ratio, queries as the number added."""
    with _stock_environment() as stock:
        peer = cost(_loading(_till(stock)), stock, _cold(stock))
        stock.cr.rollback()
    till = _till(env)
    _promotions(env)
    ours = cost(_loading(till), env, _cold(env))
    return [
        result("till.start.cpu", ours.cpu, peer.cpu, "s CPU", 1.10,
               queries=f"{ours.queries} / {peer.queries}"),
        {**result("till.start.queries", ours.queries, peer.queries, "queries", 12),
         "ratio": ours.queries - peer.queries},
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
    env["product.template"].create([
        {"name": f"Bench {number}", "list_price": 5, "available_in_pos": True, "type": "consu",
         "pos_categ_ids": [(6, 0, category.ids)], "barcode": f"99{number:011d}"}
        for number in range(PRODUCTS)
    ])  # fmt: skip
    env["ir.config_parameter"].set_param("point_of_sale.limited_product_count", PRODUCTS * 2)
    return env["pos.config"].create({"name": "Bench"})


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
