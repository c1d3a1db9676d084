"""The tills of the demo shop: orders settled there, some goods returned, sessions closed."""

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

CASH_FLOAT = 200.0
CASH_SHARE = 3  # one receipt in so many is paid in cash
REFUNDS = 6  # receipts of which one line comes back


def settle_at_tills(env, tills, orders, cashier):
    """Sell confirmed orders at the tills of their stores, return some goods, close the sessions.

    Returns (receipts, refunds). Raises RuntimeError when a session doesn't close.
    """
    receipts = env["pos.order"]
    sessions = []
    for till in tills:
        own = orders.filtered(
            lambda order, till=till: order.retail_store_id == till.picking_type_id.warehouse_id
        ).sorted(lambda order: order.intake_date)
        if own:
            session = open_session(till, cashier)
            sessions.append(session)
            receipts |= _sell(session, own)
            first = own[0].intake_date - timedelta(minutes=15)
            session.sudo().start_at = first
    refunds = _refund(receipts)
    for session in sessions:
        _close(session)
    return receipts, refunds


def open_session(till, cashier):
    """Open a session with its cash float, as the till's first screen does. Return it."""
    till = till.with_user(cashier).with_company(till.company_id)
    till.open_ui()
    session = till.current_session_id
    session.set_opening_control(CASH_FLOAT, "")
    return session


def _sell(session, orders):
    """Send one receipt per order the way a till does. Return the till orders."""
    data = [_receipt(session, order) for order in orders.with_env(session.env)]
    return _sync(session, data)


def _sync(session, data):
    model = session.env["pos.order"]
    model.sync_from_ui(data)
    made = model.search([("uuid", "in", [receipt["uuid"] for receipt in data])])
    if len(made) != len(data) or any(order.state != "paid" for order in made):
        raise RuntimeError(f"{session.name}: not every receipt was taken in")
    return made


def _receipt(session, order):
    """Return the till's own message for a sales order that is settled there."""
    lines = [
        {
            "uuid": _uuid("line", line.id),
            "product_id": line.product_id.id,
            "full_product_name": line.product_id.display_name,
            "qty": line.product_uom_qty,
            "price_unit": line.price_unit,
            "price_type": "manual",
            "discount": line.discount,
            "tax_ids": [(6, 0, line.tax_ids.ids)],
            "price_subtotal": line.price_subtotal,
            "price_subtotal_incl": line.price_total,
            "sale_order_origin_id": order.id,
            "sale_order_line_id": line.id,
        }
        for line in order.order_line
        if not line.display_type
    ]
    return _message(
        session,
        _uuid("order", order.id),
        order.intake_date,
        order.partner_id,
        lines,
        paid_in_cash=order.id % CASH_SHARE == 0,
    )


def _refund(receipts):
    """Take back the first line of some receipts, the next morning. Return the refunds."""
    chosen = receipts.sorted("id")[:: max(1, len(receipts) // REFUNDS)][:REFUNDS]
    made = receipts.browse()
    for order in chosen:
        line = order.lines[0]
        back = {
            "uuid": _uuid("refund line", line.id),
            "product_id": line.product_id.id,
            "full_product_name": line.full_product_name,
            "qty": -line.qty,
            "price_unit": line.price_unit,
            "price_type": "manual",
            "discount": line.discount,
            "tax_ids": [(6, 0, line.tax_ids.ids)],
            "price_subtotal": -line.price_subtotal,
            "price_subtotal_incl": -line.price_subtotal_incl,
            "refunded_orderline_id": line.id,
        }
        data = _message(
            order.session_id,
            _uuid("refund", order.id),
            order.date_order + timedelta(hours=2),
            order.partner_id,
            [back],
            paid_in_cash=True,
        )
        made |= _sync(order.session_id, [data | {"is_refund": True}])
    return made


def _message(session, uuid, sold_at, partner, lines, paid_in_cash):
    currency = session.currency_id
    total = currency.round(sum(line["price_subtotal_incl"] for line in lines))
    untaxed = currency.round(sum(line["price_subtotal"] for line in lines))
    methods = session.payment_method_ids
    method = methods.filtered(lambda each: each.is_cash_count == paid_in_cash)[:1]
    return {
        "uuid": uuid,
        "access_token": uuid,
        "retail_receipt_token": uuid.replace("-", ""),
        "state": "paid",
        "session_id": session.id,
        "config_id": session.config_id.id,
        "company_id": session.company_id.id,
        "user_id": session.env.uid,
        "partner_id": partner.id,
        "pricelist_id": session.config_id.pricelist_id.id,
        "fiscal_position_id": False,
        "date_order": sold_at.strftime("%Y-%m-%d %H:%M:%S"),
        "amount_total": total,
        "amount_tax": currency.round(total - untaxed),
        "amount_paid": total,
        "amount_return": 0.0,
        "to_invoice": False,
        "lines": [(0, 0, line) for line in lines],
        "payment_ids": [
            (
                0,
                0,
                {
                    "uuid": str(uuid5(NAMESPACE_URL, f"payment {uuid}")),
                    "amount": total,
                    "payment_method_id": method.id,
                    "payment_date": sold_at.strftime("%Y-%m-%d %H:%M:%S"),
                },
            )
        ],
    }


def _uuid(kind, number):
    return str(uuid5(NAMESPACE_URL, f"daogou demo {kind} {number}"))


def _close(session):
    """Count the cash that should be there and close the session with its entries."""
    session.post_closing_cash_details(session.cash_register_balance_end)
    session.update_closing_control_state_session("")
    answer = session.close_session_from_ui()
    if not answer.get("successful"):
        raise RuntimeError(f"{session.name} did not close: {answer.get('message')}")
