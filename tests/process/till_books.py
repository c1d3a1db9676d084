"""Are the books of closed till sessions exact? Ledger, stock, limits, points, sold lines.

Text for an Odoo shell, where `env` is: `problems(env, sessions)` returns what is wrong, nothing
when all is exact to the cent, the piece and the point. For sales without invoices, of one company
in its own currency, with stock valued at the end of a period.
"""

from collections import Counter


def problems(env, sessions):
    orders = sessions.order_ids
    return [
        *_differ("state of an order", set(orders.mapped("state")), {"done"}),
        *(text for session in sessions for text in _ledger(session)),
        *_stock(env, orders),
        *_limits(env, orders),
        *_points(env, orders),
        *_wallets(env, orders),
        *_sold_lines(env, orders),
        *(
            f"filed: {row.name} {row.reason}"
            for row in env["retail.promotion.difference"].search([])
        ),
    ]


def _differ(what, found, due):
    return [] if found == due else [f"{what}: {found} instead of {due}"]


def _cents(amounts):
    return round(sum(amounts) * 100)


def _signed(lines, name):
    """Amounts of lines as the customer pays them: the till stores refunds without their sign."""
    return [line[name] * (-1 if line.order_id.is_refund else 1) for line in lines]


def _of_wallets(env, lines):
    """The lines that load e-wallets or pay with them: no goods, but money."""
    programs = env["loyalty.program"].search([("program_type", "=", "ewallet")])
    money = programs.trigger_product_ids | programs.reward_ids.discount_line_product_id
    return lines.filtered(lambda line: line.product_id in money)


def _ledger(session):
    """The session's entries say what its orders say, account by account."""
    orders, name = session.order_ids, session.name
    promotions = orders.lines.filtered("retail_promotion_id")
    goods = orders.lines - promotions
    accounts = promotions.retail_promotion_id.discount_product_id.property_account_income_id
    entries = session._get_related_account_moves().line_ids
    taxes = entries.filtered("tax_line_id")
    given = entries.filtered(lambda line: line.account_id in accounts) - taxes
    income = entries.filtered(lambda line: line.account_id.account_type == "income") - given - taxes
    owed = entries.filtered(lambda line: line.account_id.account_type == "asset_receivable")
    money = entries - taxes - given - income - owed
    paid = _cents(orders.mapped("amount_total"))
    return [
        *_differ(f"{name}: goods", -_cents(income.mapped("balance")),
                 _cents(_signed(goods, "price_subtotal"))),
        *_differ(f"{name}: promotions", -_cents(given.mapped("balance")),
                 _cents(_signed(promotions, "price_subtotal"))),
        *_differ(f"{name}: tax", -_cents(taxes.mapped("balance")),
                 _cents(orders.mapped("amount_tax"))),
        *_differ(f"{name}: money", _cents(money.mapped("balance")), paid),
        *_differ(f"{name}: payments", _cents(orders.payment_ids.mapped("amount")), paid),
        *_differ(f"{name}: still owed", _cents(owed.mapped("balance")), 0),
    ]  # fmt: skip


def _stock(env, orders):
    """What was sold has left the stores, once, what came back is there, and the rest, too."""
    sold = Counter()
    for line in orders.lines.filtered(lambda line: line.product_id.is_storable):
        sold[line.product_id] += line.qty
    moves = orders.picking_ids.move_ids | orders.session_id.picking_ids.move_ids
    found = []
    for product, quantity in sold.items():
        own = moves.filtered(lambda move, product=product: move.product_id == product)
        found += _differ(f"{product.name}: moves not done", set(own.mapped("state")), {"done"})
        left = sum(
            move.quantity * (1 if move.location_dest_usage == "customer" else -1) for move in own
        )
        found += _differ(f"{product.name}: delivered", left, quantity)
        done = env["stock.move"].search([("product_id", "=", product.id), ("state", "=", "done")])
        inside = [
            move.quantity * (move.location_dest_usage == "internal")
            - move.quantity * (move.location_usage == "internal")
            for move in done
        ]
        quants = env["stock.quant"].search(
            [("product_id", "=", product.id), ("location_id.usage", "=", "internal")]
        )
        on_hand = sum(quants.mapped("quantity"))
        found += _differ(f"{product.name}: on hand", on_hand, sum(inside))
    return found


def _limits(env, orders):
    """The ledger of promotions has what the receipts gave; no limit is broken, nothing is held."""
    given = {}
    for line in orders.lines.filtered("retail_promotion_id"):
        order = line.order_id.refunded_order_id if line.qty < 0 else line.order_id
        key = (f"pos.order,{order.uuid}", line.retail_promotion_id.id)
        given[key] = given.get(key, 0) - _cents(_signed(line, "price_subtotal_incl"))
    given = {key: amount for key, amount in given.items() if amount}
    rows = env["retail.promotion.usage"].search(
        [("kind", "=", "sale"), ("state", "!=", "released")]
    )
    found = _differ(
        "states of the ledger", set(rows.mapped("state")) - {"consumed", "partly"}, set()
    )
    held = env["retail.promotion.usage"].search([("state", "=", "reserved")])
    found += [f"still held: {row.name} of {row.promotion_id.name}" for row in held]
    entered = {(row.document, row.promotion_id.id): _cents([row.amount]) for row in rows}
    found += _differ("given by promotions", entered, given)
    for promotion in rows.promotion_id:
        times = sum(program == promotion.id for _document, program in given)
        found += _differ(f"{promotion.name}: times", promotion.used_orders, times)
        if promotion.limit_orders and times > promotion.limit_orders:
            found.append(f"{promotion.name}: {times} times of {promotion.limit_orders}")
    return found


def _points(env, orders):
    """Each member has a point for each unit of money that kept goods cost, less those that paid."""
    due = Counter()
    for order in orders.filtered("partner_id"):
        paid = order.lines.filtered(lambda line: line.coupon_id.program_type == "loyalty")
        due[order.partner_id] += _earned(env, order) - _cents(paid.mapped("points_cost"))
    cards = env["loyalty.card"].search([("program_type", "=", "loyalty")])
    found = _differ("members with points", len(cards), len(due))
    for card in cards:
        name = card.partner_id.name
        found += _differ(f"{name}: points", _cents([card.points]), due[card.partner_id])
        book = _cents(card.retail_move_ids.mapped("points"))
        found += _differ(f"{name}: book of points", book, due[card.partner_id])
    return found


def _earned(env, order):
    """Hundredths of points that what is kept of a sale earned; what came back earns nothing."""
    # Stock gives points for what loads a wallet, too, where a rule takes any goods.
    sold = order.lines.filtered(lambda line: line.qty > 0 and not line.is_reward_line)
    goods = sold.filtered(lambda line: not line.retail_promotion_id) - _of_wallets(env, sold)
    amounts = _signed(goods, "price_subtotal_incl")
    kept = sum(
        amount * (1 - line.refunded_qty / line.qty)
        for line, amount in zip(goods, amounts, strict=True)
    )
    part = kept / sum(amounts) if goods else 1
    return _cents([part * sum(_signed(sold, "price_subtotal_incl"))])


def _wallets(env, orders):
    """Each wallet holds what was loaded less what it paid."""
    due = Counter()
    for line in _of_wallets(env, orders.lines):
        due[line.order_id.partner_id] += _cents([line.price_subtotal_incl])
    # Stock gives an empty one to members who never loaded any.
    cards = env["loyalty.card"].search([("program_type", "=", "ewallet"), ("points", "!=", 0)])
    held = {card.partner_id.name: _cents([card.points]) for card in cards}
    return _differ("wallets", held, {who.name: cents for who, cents in due.items() if cents})


def _sold_lines(env, orders):
    """The lines that reports and learners read sum to what was paid for goods."""
    baskets = [f"pos.order,{order.id}" for order in orders]
    facts = env["retail.sale.fact"].search([("basket", "in", baskets)])
    money = _cents(_signed(_of_wallets(env, orders.lines), "price_subtotal_incl"))
    paid = _cents(orders.mapped("amount_total")) - money
    return _differ("sold lines", _cents(facts.mapped("price_total")), paid)
