"""Write all input files of the demo shop into a folder."""

from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from . import tables, workbook
from .selection import Size, choose


def write_shop(
    folder: Path, today: date, sales: pd.DataFrame, products: pd.DataFrame, size: Size | None = None
) -> dict[str, int]:
    """Write the files and return counts by what was written; the last basket is yesterday's.

    `sales` and `products` as `grocery.prepare` returns them. Files of an earlier run are
    replaced; parts of the history that it had more of are removed.
    """
    size = size or Size()
    chosen = choose(sales, size)
    last_day = chosen["at"].max().date()
    shift = (today - timedelta(days=1)) - last_day
    chosen = chosen.assign(at=chosen["at"] + pd.Timedelta(days=shift.days))
    history, latest = tables.split_orders(chosen, size.orders)
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("history-*.xls"):
        stale.unlink()
    counts = {}
    for stem, headers, rows in (
        ("stores", tables.STORE_HEADERS, tables.store_rows(size.stores)),
        ("members", tables.MEMBER_HEADERS, tables.member_rows(chosen)),
        ("products", tables.PRODUCT_HEADERS, tables.product_rows(chosen, products)),
        ("orders", tables.ORDER_HEADERS, tables.order_rows(latest)),
    ):
        workbook.write(folder / f"{stem}.xls", headers, rows)
        counts[stem] = len(rows)
    rows = tables.history_rows(history)
    counts["history files"] = workbook.write_parts(folder, "history", tables.HISTORY_HEADERS, rows)
    return counts | {
        "history lines": len(rows),
        "history baskets": int(history["basket"].nunique()),
        "returned lines": sum(row[6] < 0 for row in rows),
        "order baskets": int(latest["basket"].nunique()),
    }
