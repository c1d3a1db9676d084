"""Turn the chosen sales into the rows of the demo shop's files; money in cents until the cell."""

from collections import Counter
from datetime import datetime, timedelta

import pandas as pd

from . import invent

MEMBER_HEADERS = (
    "Member", "Name", "Phone", "Email", "Gender", "Birthday", "Class", "Home Store", "Source",
    "Street", "City", "Postal Code", "Country", "Joined",
)  # fmt: skip
PRODUCT_HEADERS = (
    "Code", "Barcode", "Name", "Department", "Category", "Brand", "Package", "List Price", "Cost",
)  # fmt: skip
STORE_HEADERS = (
    "Code", "Name", "Region", "Street", "City", "Postal Code", "Country", "Phone", "Time Zone",
    "Latitude", "Longitude",
)  # fmt: skip
HISTORY_HEADERS = (
    "Receipt", "Line", "Date", "Store", "Member", "Product", "Quantity",
    "Amount Before Discount", "Discount", "Amount", "Channel", "Kind", "Original Receipt",
)  # fmt: skip
ORDER_HEADERS = (
    "Number", "Line", "Date", "Store", "Member", "Product", "Quantity", "Unit Price", "Channel",
)  # fmt: skip

# Words of the set that a customer wouldn't understand; applied word by word, before title case.
PLAIN_WORDS = {
    "BN": "BEANS", "DRNK": "DRINK", "DRNKS": "DRINKS", "DSH": "DISHES", "FD": "FOOD",
    "FRZN": "FROZEN", "GM": "& GENERAL", "HMSTYLE": "HOMESTYLE", "MEAT-PCKGD": "PACKAGED MEAT",
    "REFRGRATD": "REFRIGERATED", "RTS": "READY TO SERVE", "SEAFOOD-PCKGD": "PACKAGED SEAFOOD",
    "TRSH": "TRASH", "VEG": "VEGETABLES", "WTR": "WATER",
}  # fmt: skip

RETURNED_LINES = 120  # one line of so many comes back
RETURN_DAYS = 14  # the latest, after the sale
ONLINE_ORDERS = 30  # percent
WHOLESALE_SHARE, VIP_SHARE = 0.02, 0.15  # of the members, by spend


def member_code(household: int) -> str:
    return f"M{household:05d}"


def product_code(product: int) -> str:
    return f"G{product:08d}"


def store_code(store: int) -> str:
    return invent.STORES[store - 1][0]


def store_rows(count: int) -> list[tuple]:
    return [
        (code, name, region, street, "Shanghai", postal_code, "CN",
         f"+86 21 5550 01{place:02d}", "Asia/Shanghai", latitude, longitude)
        for place, (code, name, region, street, postal_code, latitude, longitude)
        in enumerate(invent.STORES[:count], start=1)
    ]  # fmt: skip


def member_rows(sales: pd.DataFrame) -> list[tuple]:
    """Return one row per household of the sales, by household number."""
    spend = sales.groupby("household")["paid"].sum()
    rank = spend.rank(ascending=False, method="first", pct=True)
    visits = sales.drop_duplicates("basket")
    joined = visits.groupby("household")["at"].min()
    rows = []
    for household, stores in visits.groupby("household")["store"]:
        home = min(Counter(stores).items(), key=lambda item: (-item[1], item[0]))[0]
        code = member_code(household)
        rows.append((
            code, invent.person_name(household), invent.phone(household),
            f"{code.lower()}@example.com", invent.gender(household), invent.birthday(household),
            _class_name(rank[household]), store_code(home),
            invent.pick("source", household, invent.SOURCES), invent.street(household),
            "Shanghai", invent.pick("postal", household, invent.POSTAL_CODES), "CN",
            joined[household].date(),
        ))  # fmt: skip
    return rows


def _class_name(rank: float) -> str:
    if rank <= WHOLESALE_SHARE:
        return "Wholesale"
    return "VIP" if rank <= VIP_SHARE else "Normal"


def product_rows(sales: pd.DataFrame, products: pd.DataFrame) -> list[tuple]:
    """Return one row per product of the sales; the list price is the median unit price."""
    unit_prices = (sales["before"] / sales["quantity"]).groupby(sales["product"])
    prices = unit_prices.median().round().clip(lower=1).astype("int64")
    taken: Counter[str] = Counter()
    rows = []
    for product, price in prices.items():
        facts = products.loc[product]
        brand = invent.brand_name(facts["manufacturer_id"], facts["brand"] == "Private")
        package = facts["package_size"].lower() if pd.notna(facts["package_size"]) else ""
        name = " ".join(filter(None, (brand, _tidy(facts["product_type"]), package)))
        taken[name] += 1
        if taken[name] > 1:
            name = f"{name} (No. {taken[name]})"
        cost = price * (60 + invent.number("cost", product) % 21) // 100
        rows.append((
            product_code(product), invent.barcode(product), name, _tidy(facts["department"]),
            _tidy(facts["product_category"]), brand, package, price / 100, cost / 100,
        ))  # fmt: skip
    return rows


def _tidy(text: str) -> str:
    """Return a label of the set in plain words, without its cut-off remarks in brackets."""
    head = text.split("(")[0].strip() or text.strip("() ")
    words = head.replace("/", " / ").replace(":", ": ").split()
    plain = " ".join(PLAIN_WORDS.get(word, word) for word in words)
    return " ".join(word.capitalize() for word in plain.split())


def split_orders(sales: pd.DataFrame, orders: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return (history, order lines): the latest baskets become orders."""
    baskets = sales.drop_duplicates("basket").sort_values(["at", "basket"])["basket"]
    latest = set(baskets.tail(orders))
    is_order = sales["basket"].isin(latest)
    return sales[~is_order], sales[is_order]


def history_rows(sales: pd.DataFrame) -> list[tuple]:
    """Return the sales' rows and those of the returns, by date, receipt and line."""
    rows, returns = [], {}
    until = sales["at"].max().to_pydatetime()
    for basket, lines in _receipts(sales):
        for number, line in enumerate(lines, start=1):
            rows.append(_history_row(f"H{basket}", number, line.at.to_pydatetime(), line,
                                     line.quantity, line.before, line.paid, ""))  # fmt: skip
            back = line.at.to_pydatetime() + timedelta(days=_return_days(line))
            if _comes_back(line) and back <= until:
                returns.setdefault(basket, []).append((back, line))
    for basket, lines in returns.items():
        day = max(back for back, _line in lines)
        rows.extend(
            _return_row(basket, number, day, line)
            for number, (_back, line) in enumerate(lines, start=1)
        )
    return sorted(rows, key=lambda row: (row[2], row[0], row[1]))


def _receipts(sales: pd.DataFrame):
    """Yield (basket, its lines) in order of time."""
    lines: list = []
    for line in sales.sort_values(["at", "basket", "product"]).itertuples(index=False):
        if lines and lines[0].basket != line.basket:
            yield lines[0].basket, lines
            lines = []
        lines.append(line)
    if lines:
        yield lines[0].basket, lines


def _comes_back(line) -> bool:
    return invent.number("return", line.basket, line.product) % RETURNED_LINES == 0


def _return_days(line) -> int:
    return invent.number("days", line.basket, line.product) % RETURN_DAYS + 1


def _return_row(basket: int, number: int, day: datetime, line) -> tuple:
    """Return the row that takes back one piece, or the whole line of a small quantity."""
    quantity = line.quantity if line.quantity <= 2 else 1
    before = line.before * quantity // line.quantity
    paid = line.paid * quantity // line.quantity
    return _history_row(f"R{basket}", number, day, line, -quantity, -before, -paid, f"H{basket}")


def _history_row(
    receipt: str, number: int, at: datetime, line, quantity: int, before: int, paid: int,
    original: str,
) -> tuple:  # fmt: skip
    return (
        receipt, number, at, store_code(line.store), member_code(line.household),
        product_code(line.product), quantity, before / 100, (before - paid) / 100, paid / 100,
        "Store", "Return" if original else "Sale", original or None,
    )  # fmt: skip


def order_rows(sales: pd.DataFrame) -> list[tuple]:
    """Return the order intake's rows; an order's channel is store or online as a whole."""
    rows = []
    for basket, lines in _receipts(sales):
        online = invent.number("channel", basket) % 100 < ONLINE_ORDERS
        for number, line in enumerate(lines, start=1):
            price = (2 * line.before + line.quantity) // (2 * line.quantity)
            rows.append((
                f"D{basket}", number, line.at.to_pydatetime(), store_code(line.store),
                member_code(line.household), product_code(line.product), line.quantity,
                price / 100, "Online" if online else "Store",
            ))  # fmt: skip
    return rows
