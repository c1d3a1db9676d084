"""What guides recommended for the orders of today, and what came of it."""

from odoo.fields import Command

SHOWN = 4  # products recommended per order


def recommend(orders):
    """Show the best products for each order and add the first one to it. Return the number shown.

    As the order form does it: as the guide of the order, with the same keys.
    """
    return sum(_recommend(order) for order in orders)


def _recommend(order):
    products = order.env["product.product"].with_user(order.user_id)
    log = order.env["retail.recommendation.log"].with_user(order.user_id)
    key, store = order.retail_basket_key, order.retail_store_id
    found = products.retail_recommend(
        order.partner_id.id, order.order_line.product_id.ids, store.id, SHOWN
    )
    events = [
        {
            "uuid": f"{key}/{item['product_id']}/{action}",
            "action": action,
            "product_id": item["product_id"],
            "reason": item["reason"],
            "rank": rank,
        }
        for rank, item in enumerate(found, 1)
        for action in (("shown", "added") if rank == 1 else ("shown",))
    ]
    log.record_events(events, key, "order", order.partner_id.id, store.id)
    for item in found[:1]:
        order.order_line = [
            Command.create({"product_id": item["product_id"], "product_uom_qty": 1})
        ]
    return len(found)
