"""What a recommendation costs: learning beside scipy's bare product, asking beside OCA's wizard."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from . import recommend_quality
from .measure import cost, result

PRODUCTS = 150
ORDERS = 60
LINES = 8


def run(env):
    """Return the rows `recommend.fit`, `.increment` and `.call`."""
    return [*recommend_quality.speed(), _call(env)]


def _call(env):
    """Ask for a member with 60 orders: our call with all that a card shows, the wizard's open
    and read."""
    env = env(context={**env.context, "tracking_disable": True})
    member, products = _history(env)
    learner = env["retail.recommendation.model"]._of_company(env.company)
    learner.holdout_percent = 0
    learner._learn(full=True)
    order = _order(env, member, products[:3])
    basket = order.order_line.product_id.ids
    store = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    ours = cost(
        lambda: env["product.product"].retail_recommend_cards(member.id, basket, store.id),
        env, _cold(env),
    )  # fmt: skip
    peer = cost(lambda: _wizard(env, order), env, _cold(env))
    return result("recommend.call", ours.cpu, peer.cpu, "s CPU", 0.25,
                  queries=f"{ours.queries} / {peer.queries}")  # fmt: skip


def _wizard(env, order):
    wizard = env["sale.order.recommendation"].with_context(active_id=order.id).create({})
    wizard.generate_recommendations()
    return wizard.line_ids.read(["product_id", "price_unit", "times_delivered"])


def _order(env, member, products, **values):
    return env["sale.order"].create({
        "partner_id": member.id,
        "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 1})
                       for product in products],
        **values,
    })  # fmt: skip


def _history(env):
    """A member and what he bought; services, so that confirming needs no stock."""
    products = env["product.product"].create([
        {"name": f"Recommended {number}", "type": "service", "list_price": 5 + number,
         "taxes_id": False, "service_type": "manual", "invoice_policy": "delivery"}
        for number in range(PRODUCTS)
    ])  # fmt: skip
    member = env["res.partner"].create(
        {"name": "Recommended", "email": "recommended@example.com", "is_member": True}
    )
    now = fields.Datetime.now()
    for number in range(ORDERS):
        # Each order overlaps the next one, so that there are pairs to learn.
        chosen = products[(number * 2) % (PRODUCTS - LINES) :][:LINES]
        order = _order(env, member, chosen, date_order=now - timedelta(days=number + 1))
        order.action_confirm()
        order.date_order = now - timedelta(days=number + 1)
        for line in order.order_line:
            line.qty_delivered = line.product_uom_qty
    return member, products


def _cold(env):
    def forget():
        env.flush_all()
        env.invalidate_all()

    return forget
