"""What limits cost: 50 sales take from a promotion and give it back, beside plain rows.

The promotion counts in three places: in all, per store and per member. The peer writes the same
rows of the ledger without counting, without locks and without asking what is left.
"""

from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL

from .measure import cost, result

ORDERS = 50
SOLD_BEFORE = 10_000
PLENTY = 1_000_000


def run(env):
    """Return the rows `limits.*`: taking and giving back, and how it grows with the ledger."""
    env = env(context={**env.context, "tracking_disable": True})
    promotion = _promotion(env)
    turns = iter(range(10**6))
    few = cost(_counted(env, promotion, turns), env, _cold(env))
    plain = cost(_plain(env, promotion, turns), env, _cold(env))
    _sell_before(env, promotion)
    many = cost(_counted(env, promotion, turns), env, _cold(env))
    return [
        result(f"limits.take.{ORDERS}", few.cpu, plain.cpu, "s CPU", 4,
               queries=f"{few.queries} / {plain.queries}"),
        result(f"limits.growth.0to{SOLD_BEFORE}", many.wall, few.wall, "s", 1.5,
               queries=f"{many.queries} / {few.queries}"),
    ]  # fmt: skip


def _promotion(env):
    now = fields.Datetime.now()
    product = env["product.product"].create({"name": "Limited", "list_price": 20})
    promotion = env["retail.promotion"].create({
        "name": "Limited", "reward_kind": "price", "reward_price": 9.9,
        "product_scope": "some", "product_ids": [Command.set(product.ids)],
        "date_from": fields.Datetime.subtract(now, days=1),
        "date_to": fields.Datetime.add(now, days=9),
        "limit_orders": PLENTY, "limit_store_units": PLENTY, "limit_member_orders": PLENTY,
    })  # fmt: skip
    promotion.sudo().action_publish()
    return promotion


def _header(env, number):
    """Return the ledger's header of one sale; one member buys again and again."""
    store = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    return {
        "document": f"bench,{number}", "name": f"Bench {number}",
        "company_id": env.company.id, "currency_id": env.company.currency_id.id,
        "store_id": store.id, "channel_id": None, "partner_id": env.user.partner_id.id,
        "used_at": fields.Datetime.now(), "day": fields.Date.today(),
    }  # fmt: skip


def _entry(promotion):
    return {"promotion_id": promotion.id, "version": 1, "orders": 1, "units": 2, "amount": 20.2}


def _counted(env, promotion, turns):
    usage = env["retail.promotion.usage"]

    def work():
        for _number in range(ORDERS):
            header = _header(env, next(turns))
            usage._settle(header, [_entry(promotion)])
            usage._release([header["document"]])
        env.flush_all()

    return work


def _plain(env, promotion, turns):
    usage = env["retail.promotion.usage"].sudo()

    def work():
        for _number in range(ORDERS):
            header = _header(env, next(turns))
            row = usage.create({**header, **_entry(promotion), "state": "consumed"})
            env.flush_all()
            row.write({"state": "released", "orders": 0, "units": 0, "amount": 0})
            env.flush_all()

    return work


def _sell_before(env, promotion):
    """Fill the ledger as so many sales of the promotion would have."""
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            INSERT INTO retail_promotion_usage (
                promotion_id, version, company_id, currency_id, document, kind, partner_id,
                state, used_at, day, orders, units, amount)
                 SELECT %s, 1, %s, %s, 'before,' || number, 'sale', %s,
                        'consumed', now() AT TIME ZONE 'UTC', CURRENT_DATE, 1, 2, 20.2
                   FROM generate_series(1, %s) AS number
            """,
            promotion.id, env.company.id, env.company.currency_id.id, env.user.partner_id.id,
            SOLD_BEFORE,
        )
    )  # fmt: skip
    env.cr.execute("ANALYZE retail_promotion_usage")
    env["retail.promotion.counter"]._rebuild(promotion)


def _cold(env):
    """Forget all records, as at the beginning of a request."""

    def forget():
        env.flush_all()
        env.invalidate_all()

    return forget
