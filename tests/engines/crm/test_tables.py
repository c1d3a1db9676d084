"""crm_engine.tables: every kind of file that people upload, good and bad."""

import io
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlwt

sys.path.insert(0, str(Path(__file__).parents[3] / "addons" / "retail_crm"))

from crm_engine import tables  # noqa: E402
from crm_engine.tables import TableError, read_table  # noqa: E402


def xls(*rows, sheets=1):
    book = xlwt.Workbook()
    for number in range(sheets):
        sheet = book.add_sheet(f"sheet{number}")
        for line, row in enumerate(rows):
            for column, value in enumerate(row):
                style = xlwt.Style.default_style
                if isinstance(value, date):
                    style = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm:ss")
                sheet.write(line, column, value, style)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def xlsx(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


HEADER = ["Code", "Name", "When", "Quantity"]
MOMENT = datetime(2025, 11, 21, 18, 26, 30)


@pytest.mark.parametrize("make", [xls, xlsx])
def test_workbook(make):
    table = read_table(make(HEADER, ["007", "王秀英", MOMENT, 2], ["008", "Grace", None, 2.5]))
    assert table.header == HEADER
    assert table.rows == [
        (2, ["007", "王秀英", MOMENT, 2]),
        (3, ["008", "Grace", None, 2.5]),
    ]


@pytest.mark.parametrize("make", [xls, xlsx])
def test_title_and_empty_rows_keep_the_line_numbers(make):
    table = read_table(make(["Sales of March"], [None], HEADER, [None], ["007", "Grace", None, 1]))
    assert table.header == HEADER
    assert table.rows == [(5, ["007", "Grace", None, 1])]


def test_xls_other_sheets_are_named():
    assert read_table(xls(HEADER, ["1", "a", None, 1], sheets=2)).other_sheets == ["sheet1"]


def test_name_of_the_format_does_not_matter():
    """The content decides: there is no file name to trust."""
    assert read_table(xlsx(HEADER, ["1", "a", None, 1])).format == "xlsx"
    assert read_table(b"Code,Name\n1,a\n").format == "csv"


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("utf-16", "utf-16")],
)
def test_encodings(encoding, found):
    text = "会员,姓名,数量\nM1,王秀英,2\nM2,李娜,3\n"
    table = read_table(text.encode(encoding))
    assert table.encoding == found
    assert table.header == ["会员", "姓名", "数量"]
    assert table.rows[0] == (2, ["M1", "王秀英", "2"])


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Straße;Größe\nMüller;3\nJäger;4\n", "cp1252"),
        ("會員,姓名\n蘋果汁,的是不我一有\n", "big5"),
        ("Имя,Город\nИван,Москва\n", "cp1251"),
    ],
)
def test_encoding_that_cannot_be_told_is_refused(text, encoding):
    with pytest.raises(TableError) as error:
        read_table(text.encode(encoding))
    assert error.value.code == tables.ENCODING
    assert read_table(text.encode(encoding), encoding=encoding).rows


def test_wrong_encoding_chosen():
    with pytest.raises(TableError) as error:
        read_table("会员,姓名\nM1,王秀英\n".encode("gb18030"), encoding="utf-8")
    assert error.value.code == tables.ENCODING


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter):
    rows = [["Code", "Price", "Note"], ["A1", "1.5", "x"], ["A2", "2.5", "y"]]
    content = "\n".join(delimiter.join(row) for row in rows).encode()
    table = read_table(content)
    assert table.delimiter == delimiter
    assert table.rows[1] == (3, ["A2", "2.5", "y"])


def test_decimal_commas_do_not_win_over_semicolons():
    table = read_table(b"Code;Price\nA1;1,5\nA2;2,5\n")
    assert table.delimiter == ";"
    assert table.rows[0] == (2, ["A1", "1,5"])


def test_quoted_line_breaks_keep_the_line_numbers():
    table = read_table(b'Code,Note\nA1,"two\nlines"\nA2,one\n')
    assert table.rows == [(2, ["A1", "two\nlines"]), (4, ["A2", "one"])]


def test_one_column():
    assert read_table(b"Code\nA1\nA2\n").rows == [(2, ["A1"]), (3, ["A2"])]


def encrypted():
    """An .xlsx with a password is an OLE file with a stream of this name."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    )


def other_zip():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return stream.getvalue()


def bomb():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<w/>")
        archive.writestr("xl/media/x", b"\0" * (tables.MAX_UNPACKED_BYTES + 1))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", tables.EMPTY),
        (b" \n \n", tables.EMPTY),
        (b"Code,Name\n", tables.EMPTY),
        (b",,\n,,\n", tables.EMPTY),
        (b"<html><body><table><tr><td>1</td></tr></table></body></html>", tables.HTML),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><table></table>", tables.HTML),
        (b'<?xml version="1.0"?><html xmlns="x"></html>', tables.HTML),
        (b'<?xml version="1.0"?><Workbook></Workbook>', tables.XML),
        (b"1,2,3\n4,5,6\n", tables.NO_HEADER),
        (b"2025-01-01,A12,5\n2025-01-02,A13,6\n", tables.NO_HEADER),
        (b"Code,Name,code\n1,2,3\n", tables.DUPLICATE_HEADER),
        (b"\x01\x00\x02\x00", tables.UNKNOWN),
        (b"PK\x03\x04broken", tables.DAMAGED),
        (other_zip(), tables.UNKNOWN),
        (xls(HEADER, ["1", "a", None, 1])[:700], tables.DAMAGED),
        (xlsx(HEADER, ["1", "a", None, 1])[:700], tables.DAMAGED),
        (encrypted(), tables.PASSWORD),
        (
            ",".join(f"c{chr(97 + i % 26)}{i}x" for i in range(501)).encode() + b"\n1\n",
            tables.TOO_LARGE,
        ),
    ],
)
def test_refused(content, code):
    with pytest.raises(TableError) as error:
        read_table(content)
    assert error.value.code == code


def test_workbook_that_unpacks_to_too_much(monkeypatch):
    monkeypatch.setattr(tables, "MAX_UNPACKED_BYTES", 10_000)
    with pytest.raises(TableError) as error:
        read_table(bomb())
    assert error.value.code == tables.TOO_LARGE


@pytest.mark.parametrize("make", [xls, xlsx])
def test_workbook_without_rows_or_names(make):
    for rows, code in (
        ([], tables.EMPTY),
        ([HEADER], tables.EMPTY),
        ([[1, 2, 3], [4, 5, 6]], tables.NO_HEADER),
    ):
        with pytest.raises(TableError) as error:
            read_table(make(*rows))
        assert error.value.code == code


def test_short_and_long_rows():
    table = read_table(b"Code,Name,Note\nA1\nA2,x,y,z\n")
    assert table.rows == [(2, ["A1", None, None]), (3, ["A2", "x", "y"])]


def test_more_rows_than_an_old_workbook_holds():
    lines = ["Code,Quantity", *(f"A{number},1" for number in range(70_000))]
    table = read_table("\n".join(lines).encode())
    assert len(table.rows) == 70_000
    assert table.rows[-1] == (70_001, ["A69999", "1"])


def test_old_workbook_that_is_full():
    """An .xls holds 65,536 rows and no more."""
    table = read_table(xls(["Code", "Quantity"], *([f"A{n}", 1] for n in range(65_535))))
    assert len(table.rows) == 65_535
    assert table.rows[-1] == (65_536, ["A65534", 1])


def merged_xls(first, last):
    book = xlwt.Workbook()
    sheet = book.add_sheet("sheet")
    sheet.write(0, 0, "Members of May")
    for line, row in enumerate((["Code", "Store"], ["1", "Pier"], ["2", None], ["3", "Pier"]), 1):
        for column, value in enumerate(row):
            merged = column == 1 and first <= line <= last and last > first
            if value and not merged:
                sheet.write(line, column, value)
    if last > first:
        sheet.write_merge(first, last, 1, 1, "Pier")
    else:
        sheet.merge(0, 0, 0, 1)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def merged_xlsx(first, last):
    book = openpyxl.Workbook()
    for row in (["Members of May"], ["Code", "Store"], ["1", "Pier"], ["2", None], ["3", "Pier"]):
        book.active.append(row)
    book.active.merge_cells(f"B{first + 1}:B{last + 1}" if last > first else "A1:B1")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("make", [merged_xls, merged_xlsx])
def test_merged_cells(make):
    with pytest.raises(TableError) as error:
        read_table(make(2, 3))
    assert (error.value.code, error.value.detail) == (tables.MERGED, "4")
    assert len(read_table(make(2, 2)).rows) == 3, "a merged title is fine"


def with_formula(result):
    """An .xlsx as Excel writes it: the formula and, below it, what came out."""
    stream, out = io.BytesIO(xlsx(["Code", "Price"], ["1", "=1+1"])), io.BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name.endswith("sheet1.xml"):
                assert b"</f><v></v>" in text or b"</f><v/>" in text or b"</f><v />" in text
                for empty in (b"<v></v>", b"<v/>", b"<v />"):
                    text = text.replace(b"</f>" + empty, b"</f>" + result)
            new.writestr(name, text)
    return out.getvalue()


def test_formulas():
    assert read_table(with_formula(b"<v>2</v>")).rows == [(2, ["1", 2])]
    with pytest.raises(TableError) as error:
        read_table(with_formula(b"<v></v>"))
    assert (error.value.code, error.value.detail) == (tables.FORMULA, "B2")
