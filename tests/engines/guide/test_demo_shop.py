"""The converter of the demo shop, on a tiny set in the form of the real one."""

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

xlrd = pytest.importorskip("xlrd")

from demo import grocery, invent, tables, workbook  # noqa: E402
from demo.selection import Size, choose  # noqa: E402
from demo.shop import write_shop  # noqa: E402

TODAY = date(2026, 3, 10)
SIZE = Size(stores=2, real_stores=4, products=25, baskets=250, orders=20, household_baskets=3)


def tiny_set():
    """Return (transactions, products): 30 households, 600 baskets in 6 stores, 40 products."""
    rng = np.random.default_rng(5)
    start = datetime(2017, 1, 2, 15, 0, 0)
    rows = []
    for basket in range(600):
        household = int(rng.integers(30)) + 1
        store = household % 3 * 10 + int(rng.integers(2)) + 1
        at = start + timedelta(hours=13 * basket, seconds=basket)
        for product in rng.choice(40, int(rng.integers(1, 6)), replace=False):
            quantity = int(rng.integers(0, 4))
            rows.append((household, store, 10_000 + basket, 800_000 + int(product), quantity,
                         round(quantity * 1.49, 2), 0.1 * (product % 2), 0.0, 0.0,
                         basket // 10 + 1, at))  # fmt: skip
    columns = ["household_id", "store_id", "basket_id", "product_id", "quantity", "sales_value",
               "retail_disc", "coupon_disc", "coupon_match_disc", "week",
               "transaction_timestamp"]  # fmt: skip
    departments = ["GROCERY"] * 36 + ["FUEL", "COUPON", "MISCELLANEOUS", "GROCERY"]
    products = pd.DataFrame({
        "product_id": range(800_000, 800_040),
        "manufacturer_id": [number % 7 for number in range(40)],
        "department": departments,
        "brand": ["Private" if number % 4 == 0 else "National" for number in range(40)],
        "product_category": ["SOUP", "FRZN ICE"] * 19 + ["SOUP", None],
        "product_type": ["RTS SOUP(CANNED)", "ICE - CRUSHED/CUBED"] * 20,
        "package_size": ["10.5 OZ", None] * 20,
    })  # fmt: skip
    return pd.DataFrame(rows, columns=columns), products


@pytest.fixture(scope="module")
def prepared():
    return grocery.prepare(*tiny_set())


@pytest.fixture(scope="module")
def folder(tmp_path_factory, prepared):
    target = tmp_path_factory.mktemp("shop")
    write_shop(target, TODAY, *prepared, SIZE)
    return target


def read(path: Path):
    """Return the rows of a file as dictionaries, dates as such."""
    book = xlrd.open_workbook(path)
    sheet = book.sheet_by_index(0)
    assert sheet.name == path.stem
    headers = sheet.row_values(0)
    rows = []
    for number in range(1, sheet.nrows):
        cells = sheet.row(number)
        rows.append({
            header: xlrd.xldate_as_datetime(cell.value, 0) if cell.ctype == 3 else cell.value
            for header, cell in zip(headers, cells, strict=True)
        })  # fmt: skip
    return rows


def history(folder):
    return [row for path in sorted(folder.glob("history-*.xls")) for row in read(path)]


def test_only_goods_that_were_sold_remain(prepared):
    sales, products = prepared
    assert len(products) == 36
    assert set(products["department"]) == {"GROCERY"}
    assert (sales["quantity"] > 0).all() and (sales["before"] >= sales["paid"]).all()
    assert not sales.duplicated(["basket", "product"]).any()


def test_a_product_scanned_twice_is_one_line():
    transactions, products = tiny_set()
    twice = pd.concat([transactions.iloc[:5], transactions.iloc[:5]])
    once = grocery.prepare(transactions.iloc[:5], products)[0]
    both = grocery.prepare(twice, products)[0]
    assert both["quantity"].tolist() == (2 * once["quantity"]).tolist()
    assert both["paid"].tolist() == (2 * once["paid"]).tolist()


def test_stores_carry_those_that_share_their_households(prepared):
    sales, _products = prepared
    chosen = choose(sales, SIZE)
    assert set(chosen["store"]) == {1, 2}
    assert chosen["basket"].nunique() >= SIZE.baskets + SIZE.orders
    assert chosen["product"].nunique() <= SIZE.products


def test_too_few_baskets_are_refused(prepared):
    with pytest.raises(ValueError, match="needs more"):
        choose(prepared[0], Size())


def test_the_last_basket_is_yesterday_s_and_orders_are_the_latest(folder):
    rows, orders = history(folder), read(folder / "orders.xls")
    assert max(row["Date"] for row in orders).date() == TODAY - timedelta(days=1)
    assert max(row["Date"] for row in rows) <= min(row["Date"] for row in orders)
    assert len({row["Number"] for row in orders}) == SIZE.orders
    assert not {row["Number"][1:] for row in orders} & {row["Receipt"][1:] for row in rows}


def test_history_lines_are_unique_exact_and_refer_to_what_exists(folder):
    rows = history(folder)
    assert len({(row["Receipt"], row["Line"]) for row in rows}) == len(rows)
    assert len({row["Receipt"] for row in rows if row["Kind"] == "Sale"}) >= SIZE.baskets
    members = {row["Member"] for row in read(folder / "members.xls")}
    products = {row["Code"] for row in read(folder / "products.xls")}
    stores = {row["Code"] for row in read(folder / "stores.xls")}
    for row in rows:
        cents = [round(100 * row[name]) for name in
                 ("Amount Before Discount", "Discount", "Amount")]  # fmt: skip
        assert cents[0] - cents[1] == cents[2]
        assert row["Member"] in members and row["Product"] in products and row["Store"] in stores
        assert (row["Kind"] == "Return") == (row["Quantity"] < 0) == bool(row["Original Receipt"])


def test_returns_take_back_what_was_sold_no_more_and_later(folder):
    rows = history(folder)
    sold = {(row["Receipt"], row["Product"]): row for row in rows}
    returns = [row for row in rows if row["Kind"] == "Return"]
    assert returns
    for row in returns:
        sale = sold[row["Original Receipt"], row["Product"]]
        assert 0 < -row["Quantity"] <= sale["Quantity"]
        assert -row["Amount"] <= sale["Amount"] + 1e-9
        assert row["Date"] > sale["Date"] and row["Store"] == sale["Store"]


def test_members_and_products_have_unique_valid_keys(folder):
    members, products = read(folder / "members.xls"), read(folder / "products.xls")
    for rows, names in ((members, ("Member", "Phone", "Email")),
                        (products, ("Code", "Barcode", "Name"))):  # fmt: skip
        for name in names:
            assert len({row[name] for row in rows}) == len(rows)
    for row in products:
        digits = [int(digit) for digit in row["Barcode"]]
        assert len(digits) == 13
        assert (sum(digits[0::2]) + 3 * sum(digits[1::2])) % 10 == 0
        assert 0.59 < row["Cost"] / row["List Price"] <= 0.81
    assert {row["Class"] for row in members} <= {"Normal", "VIP", "Wholesale"}
    assert {row["Home Store"] for row in members} <= {"S01", "S02"}


def test_labels_are_in_plain_words(folder):
    names = [row["Name"] for row in read(folder / "products.xls")]
    assert any(name.startswith("Daogou Select Ready To Serve Soup 10.5 oz") for name in names)
    categories = {row["Category"] for row in read(folder / "products.xls")}
    assert categories == {"Soup", "Frozen Ice"}


def test_phones_are_valid_chinese_mobiles():
    numbers = pytest.importorskip("phonenumbers")
    for member in range(1, 2_500, 50):
        assert numbers.is_valid_number(numbers.parse(invent.phone(member)))


def test_two_runs_write_the_same_bytes_and_clear_old_parts(folder, tmp_path, prepared):
    (tmp_path / "history-9.xls").write_bytes(b"of an earlier run")
    write_shop(tmp_path, TODAY, *prepared, SIZE)
    names = sorted(path.name for path in folder.iterdir())
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    for name in names:
        assert (folder / name).read_bytes() == (tmp_path / name).read_bytes()


def test_parts_hold_what_fits_and_never_cut_a_receipt(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MAX_ROWS", 6)
    rows = [(receipt, line) for receipt in "ABCD" for line in range(3)]
    assert workbook.write_parts(tmp_path, "history", ("Receipt", "Line"), rows) == 4
    assert [row["Receipt"] for row in read(tmp_path / "history-2.xls")] == ["B"] * 3
    with pytest.raises(ValueError, match="more rows than a sheet"):
        workbook.write_parts(tmp_path, "history", ("Receipt",), [("A",)] * 9)
    with pytest.raises(ValueError, match="too many"):
        workbook.write(tmp_path / "one.xls", ("Receipt",), rows)


def test_headers_are_those_of_the_contract(folder):
    sheet = xlrd.open_workbook(folder / "orders.xls").sheet_by_index(0)
    assert tuple(sheet.row_values(0)) == tables.ORDER_HEADERS
