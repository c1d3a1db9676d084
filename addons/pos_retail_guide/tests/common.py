from datetime import timedelta

from odoo import fields


def sell(env, store, baskets, partner=None):
    """File baskets as sold: lists of products, the latest today."""
    now = fields.Datetime.now()
    rows = []
    for place, products in enumerate(baskets):
        basket = f"till,{store.id},{partner.id if partner else 0},{place}"
        rows += [
            {
                "source_model": "till.test",
                "source_line": f"{basket},{product.id}",
                "event": "sold",
                "basket": basket,
                "sold_at": now,
                "day": now.date() - timedelta(days=place % 7),
                "company_id": store.company_id.id,
                "store_id": store.id,
                "partner_id": partner.id if partner else None,
                "product_id": product.id,
                "qty": 1,
                "currency_id": store.company_id.currency_id.id,
            }
            for product in products
        ]
    env["retail.sale.fact"]._upsert(rows)


def goods(env, store, name, quantity=10, **values):
    """Return a product of the till that the store has in stock."""
    product = env["product.product"].create(
        {
            "name": name,
            "is_storable": True,
            "available_in_pos": True,
            "list_price": 5.0,
            "taxes_id": False,
            **values,
        }
    )
    if quantity:
        env["stock.quant"]._update_available_quantity(product, store.lot_stock_id, quantity)
    return product
