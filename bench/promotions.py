"""Promotions on a sales order, ours beside stock loyalty: 50 lines, 10 to 10,000 programs.

"plain": programs that match products of the order but whose threshold is not reached, so
that nothing is applied. "discounted": 60 discount lines stand on the order. Each side is
measured on an order of its own with the same lines, its caches of records emptied before.
The aim of a twentieth is that of 500 programs: ours reads the order once, whatever the number of
programs, while stock's cost grows with them. With few, ours is to be no dearer than stock.
"""

from odoo import fields
from odoo.addons.retail_promo.models import promotion_snapshot as snapshot
from odoo.addons.retail_promo.promo_engine import ProgramIndex, evaluate
from odoo.fields import Command

from .measure import cost, result

LINES = 50
DISCOUNTS = 60
PLAIN_AIMS = {10: 1, 100: 1, 500: 0.05}  # ours / peer, by programs
OUT_OF_REACH = 1_000_000.0
SLOW_RUNS = 2  # stock needs 15 s for each


def run(env):
    """Return the rows `promotions.*` but the till's, which is measured in a browser."""
    env = env(context={**env.context, "tracking_disable": True, "mail_notrack": True})
    # Stock programs of the database (demo, defaults) would count for the peer only.
    env["loyalty.program"].search([]).active = False
    products = _products(env, 200)
    partner = env["res.partner"].create({"name": "Bench"})
    return [
        *_plain(env, partner, products),
        *_engine(env, products),
        *_discounted(env, partner, products),
    ]


def _products(env, count):
    return env["product.product"].create([
        {"name": f"Bench {number}", "type": "consu", "list_price": 5 + number % 40,
         "taxes_id": False}
        for number in range(count)
    ])  # fmt: skip


def _order(env, partner, products):
    return env["sale.order"].create({
        "partner_id": partner.id,
        "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 2})
                       for product in products],
    })  # fmt: skip


def _cold(env):
    """Forget all records, as at the beginning of a request."""

    def forget():
        env.flush_all()
        env.invalidate_all()

    return forget


# --- programs -------------------------------------------------------------------------------


def _stock_programs(env, products, count, minimum):
    return env["loyalty.program"].create([
        {
            "name": f"Stock {number}",
            "program_type": "promotion",
            "trigger": "auto",
            "applies_on": "current",
            "rule_ids": [Command.create({
                "product_ids": [Command.set(products[number % len(products)].ids)],
                "minimum_amount": minimum, "minimum_qty": 1,
            })],
            "reward_ids": [Command.create({
                "reward_type": "discount", "discount": 5, "discount_mode": "percent",
                "discount_applicability": "specific",
                "discount_product_ids": [Command.set(products[number % len(products)].ids)],
            })],
        }
        for number in range(count)
    ])  # fmt: skip


def _our_promotions(env, products, count, minimum):
    group = env["retail.promotion.group"].create(
        {"name": f"Bench {count} {minimum:g}", "mode": "compound", "company_id": env.company.id}
    )
    now = fields.Datetime.now()
    promotions = env["retail.promotion"].create([
        {
            "name": f"Ours {number}",
            "date_from": fields.Datetime.subtract(now, days=1),
            "date_to": fields.Datetime.add(now, days=9),
            "group_id": group.id, "stackable": True, "percent": 5, "min_amount": minimum,
            "product_scope": "some",
            "product_ids": [Command.set(products[number % len(products)].ids)],
        }
        for number in range(count)
    ])  # fmt: skip
    promotions.sudo().action_publish()
    return promotions


def _retire(stock, ours):
    stock.active = False
    ours.sudo().write({"state": "ended"})


# --- what is measured -------------------------------------------------------------------------


def _stock_update(order):
    return lambda: order._update_programs_and_rewards()


def _our_apply(order):
    return lambda: order._retail_promo_apply()


def _plain(env, partner, products):
    """Nothing applied yet; also how our cost grows from 10 to 500 programs."""
    order = _order(env, partner, products[:LINES])
    peer_order = _order(env, partner, products[:LINES])
    ours, peer = {}, {}
    for count in PLAIN_AIMS:
        stock = _stock_programs(env, products[:LINES], count, OUT_OF_REACH)
        own = _our_promotions(env, products[:LINES], count, OUT_OF_REACH)
        ours[count] = cost(_our_apply(order), env, _cold(env))
        peer[count] = cost(_stock_update(peer_order), env, _cold(env))
        _retire(stock, own)
    rows = [
        result(
            f"promotions.plain.{LINES}x{count}", ours[count].cpu, peer[count].cpu, "s CPU",
            PLAIN_AIMS[count], queries=f"{ours[count].queries} / {peer[count].queries}",
        )
        for count in ours
    ]  # fmt: skip
    growth = result(
        "promotions.growth.10to500", ours[500].cpu, ours[10].cpu, "s CPU", 3,
        queries=f"{ours[500].queries} / {ours[10].queries}",
    )  # fmt: skip
    return [*rows, growth]


def _engine(env, products):
    """The pure engine: 50 lines x 500 programs, and 10,000 programs beside 500."""
    order = _order(env, env["res.partner"].create({"name": "Engine"}), products[:LINES])
    cart = snapshot.order_cart(order)
    times = {count: cost(_evaluation(cart, products, count)).cpu for count in (500, 10_000)}
    return [
        result("promotions.engine.50x500.ms", times[500] * 1000, None, "ms", 20),
        result("promotions.growth.500to10000", times[10_000], times[500], "s CPU", 3),
    ]


def _evaluation(cart, products, count):
    """Evaluate a cart against programs spread over a catalogue that grows with them."""
    groups = [{"id": 1, "order": 0, "mode": "compound"}]
    programs = [
        {
            "id": number + 1, "version": 1, "group": 1, "priority": 10, "sequence": number,
            "stackable": True, "reward": {"kind": "percent", "rate": 500},
            "trigger": {"set": {"products": [_program_product(products, number)]}},
        }
        for number in range(count)
    ]  # fmt: skip
    index = ProgramIndex(programs, groups)
    return lambda: evaluate(cart, index)


def _program_product(products, number):
    """The first 500 programs hit the cart's products, later ones other products."""
    return products[number % LINES].id if number < 500 else -number


def _discounted(env, partner, products):
    """60 discount lines on the order: nothing changed, and one line changed."""
    chosen = products[:DISCOUNTS]
    stock = _stock_programs(env, chosen, 500, 0)
    peer_order = _with_stock_rewards(_order(env, partner, chosen))
    own = _our_promotions(env, chosen, DISCOUNTS, 0)
    own += _our_promotions(env, chosen, 500 - DISCOUNTS, OUT_OF_REACH)
    order = _order(env, partner, chosen)
    given = len(order.order_line.filtered("retail_promotion_id"))
    rewards = len(peer_order.order_line.filtered("is_reward_line"))
    unchanged = cost(_our_apply(order), env, _cold(env))
    changed = cost(_change(order), env, _cold(env))
    peer = cost(_stock_update(peer_order), env, _cold(env), runs=SLOW_RUNS)
    _retire(stock, own)
    lines = f"; {given} / {rewards} discount lines"
    return [
        result("promotions.discounted.50x500", unchanged.cpu, peer.cpu, "s CPU", 0.01,
               queries=f"{unchanged.queries} / {peer.queries}{lines}", runs=SLOW_RUNS),
        result("promotions.discounted.change", changed.cpu, peer.cpu, "s CPU", 0.02,
               queries=f"{changed.queries} / {peer.queries}{lines}", runs=SLOW_RUNS),
    ]  # fmt: skip


def _with_stock_rewards(order):
    """Apply one reward per product, as a cashier would by clicking them all."""
    order._update_programs_and_rewards()
    done = 0
    for coupon, rewards in order._get_claimable_rewards().items():
        if done < DISCOUNTS:
            order._apply_program_reward(rewards[:1], coupon)
            done += 1
    return order


def _change(order):
    line = order.order_line.filtered(lambda line: not line.retail_promotion_id)[0]

    def work():
        line.product_uom_qty = 5 - line.product_uom_qty

    return work
