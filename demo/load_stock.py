"""What guides and managers find about the stock of the demo shop: shop windows, an alarm rule,
an adjustment, a request for a transfer, and products under review."""

from odoo.fields import Command

IN_WINDOW = 2  # products of each store, one piece each
LOWER_LIMIT = 5.0  # units
TO_REVIEW = 4  # products, the first of which is approved
FORBIDDEN = (
    ("cure", "medical promise"),
    ("the best in the world", "advertising law"),
    ("最佳", "advertising law"),
)


def tend_stock(env, stores, products, users):
    """Make all of it. Return the number of open alarms."""
    products = products.filtered("is_storable").sorted("default_code")
    for store in stores:
        _dress_window(env, store, products)
        _divide_into_zones(env, store)
    manager = users["manager"]
    _adjust(env, manager, products)
    _ask_for_goods(env, manager.retail_store_id, stores, products)
    _review(env, products[:TO_REVIEW].product_tmpl_id, users["admin"], manager)
    env["retail.stock.alarm.rule"].with_user(manager).create(
        {
            "categ_id": products[0].categ_id.parent_id.id or products[0].categ_id.id,
            "min_qty": LOWER_LIMIT,
            "recipient_ids": [Command.create({"user_id": manager.id})],
        }
    )
    return env["retail.stock.alarm"].search_count([("state", "!=", "resolved")])


def _dress_window(env, store, products):
    window = env["stock.location"].create(
        {
            "name": "Window",
            "location_id": store.lot_stock_id.id,
            "retail_stock_type": "display",
        }
    )
    for product in _plenty(env, store, products, 3)[:IN_WINDOW]:
        move = env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": 1,
                "company_id": store.company_id.id,
                "location_id": store.lot_stock_id.id,
                "location_dest_id": window.id,
            }
        )
        move._action_confirm()
        move.quantity = 1
        move.picked = True
        move._action_done()


def _divide_into_zones(env, store):
    env["stock.location"].create(
        [
            {"name": name, "location_id": store.lot_stock_id.id, "retail_zone": zone}
            for name, zone in (("Entrance", "A"), ("Middle", "B"), ("Back", "C"))
        ]
    )


def _plenty(env, store, products, least):
    """Return the products of which a store has so many free."""
    quants = env["stock.quant"].search(
        [("location_id", "=", store.lot_stock_id.id), ("product_id", "in", products.ids)]
    )
    return quants.filtered(lambda quant: quant.available_quantity >= least).product_id


def _adjust(env, user, products):
    store = user.retail_store_id
    product = _plenty(env, store, products, 2)[0]
    env["retail.stock.adjustment"].with_user(user).create(
        {
            "direction": "out",
            "reason": "damaged",
            "note": "A box fell from the shelf.",
            "store_id": store.id,
            "line_ids": [Command.create({"product_id": product.id, "quantity": 2})],
        }
    ).action_apply()


def _ask_for_goods(env, store, stores, products):
    """The guide of a store asks another one for two pieces."""
    other = next(one for one in stores if one != store)
    product = _plenty(env, other, products, 2)[-1]
    guide = store.retail_staff_ids.filtered(lambda user: user.has_group("retail_crm.group_guide"))
    product.with_user(guide[0]).retail_request_transfer(other.id, store.id, 2)


def _review(env, templates, author, reviewer):
    env["retail.forbidden.word"].create(
        [{"name": word, "reason": reason} for word, reason in FORBIDDEN]
    )
    templates.with_user(author).action_retail_submit()
    first = templates[0].with_user(reviewer)
    first.write(
        {
            "retail_check_text": True,
            "retail_check_image": True,
            "retail_check_price": True,
            "retail_check_law": True,
        }
    )
    first.action_retail_approve()
