"""Orders of the desk: confirmed, delivered, invoiced and paid, as the roles do it."""

DELIVERY_DONE = "done"
TOGETHER = 10  # orders confirmed in one call: Odoo takes longer than in proportion for more


def settle_at_desk(orders, users):
    """Take orders through their whole life. Return their number.

    The clerk confirms and ships, the accountant invoices and books the payments. Raises
    RuntimeError when a delivery or an invoice is left open.
    """
    confirm(orders.with_user(users["clerk"]))
    _deliver(orders.with_user(users["clerk"]))
    _invoice_and_pay(orders.with_user(users["accountant"]))
    return len(orders)


def confirm(orders):
    """Confirm orders; raises RuntimeError when an exception holds one back."""
    for start in range(0, len(orders), TOGETHER):
        orders[start : start + TOGETHER].action_confirm()
    for order in orders.filtered("intake_date"):
        order.date_order = order.intake_date  # sold when the customer ordered, not today
    held = orders.filtered(lambda order: order.state != "sale")
    if held:
        raise RuntimeError(f"orders were not confirmed: {', '.join(held.mapped('name'))}")


def _deliver(orders):
    pickings = orders.picking_ids
    pickings.action_assign()
    for move in pickings.move_ids:
        if move.quantity != move.product_uom_qty:  # not all of it was in stock
            move.quantity = move.product_uom_qty
    pickings.move_ids.picked = True
    pickings.with_context(skip_backorder=True).button_validate()
    late = pickings.filtered(lambda picking: picking.state != DELIVERY_DONE)
    if late:
        raise RuntimeError(f"deliveries were not done: {', '.join(late.mapped('name'))}")


def _invoice_and_pay(orders):
    invoices = orders._create_invoices(grouped=True)
    invoices.action_post()
    env = orders.env
    wizard = env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoices.ids
    )
    wizard.create({"group_payment": False})._create_payments()
    unpaid = invoices.filtered(lambda move: move.payment_state not in ("paid", "in_payment"))
    if unpaid:
        raise RuntimeError(f"invoices are not paid: {', '.join(unpaid.mapped('name'))}")
