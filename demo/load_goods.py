"""Products of the demo shop, and what lies in each store."""

from collections import Counter
from pathlib import Path
from zlib import crc32

from odoo.fields import Command

from . import load_jobs, sheets
from .load_people import BATCH, QUIET

TAXED_ON_TOP = {"Drug & General", "Travel & Leisure"}  # departments whose tax is not in the price
LEAST_STOCK, STOCK_SPAN = 30, 120  # units per product and store
SCARCE_SHARE = 40  # one product in so many is nearly out


def make_products(env, path: Path, included_tax, excluded_tax):
    """Create the products of the file with categories, brands and taxes. Return the variants."""
    rows = sheets.rows(path)
    categories = _categories(env, rows)
    till_categories = _till_categories(env, rows)
    brands = _brands(env, rows)
    values = []
    for row in rows:
        on_top = row["Department"] in TAXED_ON_TOP
        tax = excluded_tax if on_top else included_tax
        price = row["List Price"]
        values.append(
            {
                "name": row["Name"],
                "default_code": row["Code"],
                "barcode": row["Barcode"],
                "categ_id": categories[row["Department"], row["Category"]].id,
                "pos_categ_ids": [Command.set(till_categories[row["Department"]].ids)],
                "product_brand_id": brands[row["Brand"]].id if row["Brand"] else False,
                "list_price": round(price / (1 + tax.amount / 100), 2) if on_top else price,
                "standard_price": row["Cost"],
                "taxes_id": [Command.set(tax.ids)],
                "type": "consu",
                "is_storable": True,
                "available_in_pos": True,
                "invoice_policy": "order",
            }
        )
    products = env["product.product"].with_context(**QUIET)
    made = products
    for start in range(0, len(values), BATCH):
        made |= products.create(values[start : start + BATCH])
    return made


def _categories(env, rows):
    """Return {(department, category): product.category}, children of their department."""
    model = env["product.category"]
    pairs = sorted({(row["Department"], row["Category"]) for row in rows})
    names = sorted({department for department, _category in pairs})
    departments = dict(zip(names, model.create([{"name": name} for name in names]), strict=True))
    made = model.create(
        [
            {"name": category, "parent_id": departments[department].id}
            for department, category in pairs
        ]
    )
    return dict(zip(pairs, made, strict=True))


def _till_categories(env, rows):
    names = sorted({row["Department"] for row in rows})
    made = env["pos.category"].create([{"name": name} for name in names])
    return dict(zip(names, made, strict=True))


def _brands(env, rows):
    names = sorted({row["Brand"] for row in rows if row["Brand"]})
    made = env["product.brand"].create([{"name": name} for name in names])
    return dict(zip(names, made, strict=True))


def fill_stores(env, stores, products, orders_path: Path) -> int:
    """Count the stock of each store in, as an opening stocktake does. Return the counted quants.

    It is enough for the orders of the file.
    """
    wanted = Counter()
    for row in sheets.rows(orders_path):
        wanted[row["Store"], row["Product"]] += row["Quantity"]
    quants = env["stock.quant"].with_context(inventory_mode=True, **QUIET)
    moved = 0
    for store in stores:
        location = store.lot_stock_id
        values = [
            {
                "product_id": product.id,
                "location_id": location.id,
                "inventory_quantity": opening_stock(
                    store.code, product.default_code, wanted[store.code, product.default_code]
                ),
            }
            for product in products
        ]
        for start in range(0, len(values), BATCH):
            made = quants.create(values[start : start + BATCH])
            made.action_apply_inventory()
            moved += len(made)
        load_jobs.commit(env)
    return moved


def opening_stock(store: str, product: str, wanted: float) -> float:
    """Return the units of a product in a store: the same every time, never less than wanted."""
    number = crc32(f"{store}/{product}".encode())
    usual = number % 4 if number % SCARCE_SHARE == 0 else LEAST_STOCK + number % STOCK_SPAN
    return max(float(usual), 2 * wanted)
