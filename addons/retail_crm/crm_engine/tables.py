"""Reading tables from .xls, .xlsx and .csv files: bytes in, header and numbered rows out.

Pure: no Odoo, no files, no clock; the formats are told by their content, not by the name.
A file that can't be read raises ``TableError`` with a code; the text for users is made at the
edge. Cells come out as str, int, float, bool, datetime, date or None.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import openpyxl
import xlrd

from .encodings import UTF_16_MARKS, EncodingError, decode

MAX_COLUMNS = 500
MAX_UNPACKED_BYTES = 1024**3  # of an .xlsx: a small file can unpack to any size
DELIMITERS = ",;\t|"
SNIFFED_LINES = 50
SNIFFED_ROWS = 20

EMPTY = "empty"
HTML = "html"
XML = "xml"
NO_HEADER = "no_header"
DUPLICATE_HEADER = "duplicate_header"
ENCODING = "encoding"
PASSWORD = "password"
DAMAGED = "damaged"
UNKNOWN = "unknown"
TOO_LARGE = "too_large"
MERGED = "merged"
FORMULA = "formula"

# In the XML of an .xlsx sheet: merged ranges, and formulas that no program has worked out.
MERGED_RANGE = re.compile(rb'<mergeCell ref="[A-Z]+(\d+):[A-Z]+(\d+)"')
BARE_FORMULA = re.compile(
    rb'<c r="([A-Z]+\d+)"[^>]*><f[^>]*?(?:/>|>[^<]*</f>)(?:<v ?/>|<v></v>)?</c>'
)

Cell = str | int | float | bool | datetime | date | None
Row = tuple[int, list[Cell]]  # line number in the file, cells


class TableError(Exception):
    """A file that is no readable table: ``code`` is one of the constants, ``detail`` a value."""

    def __init__(self, code: str, detail: str = ""):
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Table:
    """A header and the rows below it, each with its line number in the file (from 1)."""

    header: list[str]
    rows: list[tuple[int, list[Cell]]]
    format: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    other_sheets: list[str] = field(default_factory=list)


def read_table(content: bytes, encoding: str = "", delimiter: str = "") -> Table:
    """Return the first sheet of a workbook, or the rows of a text file.

    ``encoding`` and ``delimiter`` are for text files only and found out when empty.
    Raises TableError.
    """
    if not content.strip():
        raise TableError(EMPTY)
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _read_xls(content)
    if content.startswith(b"PK\x03\x04"):
        return _read_xlsx(content)
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<table", b"<meta", b"<body")):
        raise TableError(HTML)
    if start.startswith((b"<?xml", b"<workbook")):
        raise TableError(HTML if b"<html" in start else XML)
    if b"\0" in start and not content.startswith(UTF_16_MARKS):
        raise TableError(UNKNOWN)
    return _read_text(content, encoding, delimiter)


# === .xls === #


def _read_xls(content: bytes) -> Table:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise TableError(PASSWORD)
    try:
        book = _open_xls(content)
        sheet = book.sheet_by_index(0)
    except xlrd.XLRDError as error:
        code = PASSWORD if "encrypt" in str(error).lower() else DAMAGED
        raise TableError(code, str(error)) from error
    except Exception as error:  # xlrd fails in many ways on a damaged file
        raise TableError(DAMAGED, str(error)) from error
    convert = _xls_converter(book)
    cells = (
        (
            index + 1,
            [
                convert(kind, value)
                for kind, value in zip(sheet.row_types(index), sheet.row_values(index), strict=True)
            ],
        )
        for index in range(sheet.nrows)
    )
    merged = [last for _first, last, _left, _right in sheet.merged_cells]
    return _table(cells, "xls", merged, sheet=sheet.name, other_sheets=book.sheet_names()[1:])


def _open_xls(content: bytes) -> Any:
    """Open a workbook with its formats, which tell of merged cells; without, if they are odd."""
    options = {"file_contents": content, "on_demand": True, "logfile": io.StringIO()}
    try:
        book = xlrd.open_workbook(formatting_info=True, **options)
        book.sheet_by_index(0)
    except xlrd.XLRDError:
        raise
    except Exception:  # formats are written wrong by some programs; the cells may be fine
        book = xlrd.open_workbook(**options)
    return book


def _xls_converter(book: Any) -> Callable[[int, Any], Any]:
    def convert(kind: int, value: Any) -> Any:
        if kind == xlrd.XL_CELL_TEXT:
            return value
        if kind == xlrd.XL_CELL_NUMBER:
            return int(value) if value.is_integer() and abs(value) < 1e15 else value
        if kind == xlrd.XL_CELL_DATE:
            return _xls_date(value, book.datemode)
        if kind == xlrd.XL_CELL_BOOLEAN:
            return bool(value)
        if kind == xlrd.XL_CELL_ERROR:
            return xlrd.error_text_from_code.get(value, "#ERROR")
        return None

    return convert


def _xls_date(value: float, datemode: int) -> Any:
    """Return the date, or the bare number where Excel itself shows no date for it."""
    try:
        return xlrd.xldate_as_datetime(value, datemode)
    except (OverflowError, ValueError):
        return value


# === .xlsx === #


def _read_xlsx(content: bytes) -> Table:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise TableError(DAMAGED, str(error)) from error
    if "xl/workbook.xml" not in names:
        raise TableError(UNKNOWN)
    if unpacked > MAX_UNPACKED_BYTES:
        raise TableError(TOO_LARGE)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # some programs write wrong ones
        merged = _inspect_xlsx(content, sheet._worksheet_path)
        cells = ((line, list(row)) for line, row in _xlsx_rows(sheet))
        return _table(cells, "xlsx", merged, sheet=sheet.title, other_sheets=book.sheetnames[1:])
    except TableError:
        raise
    except Exception as error:  # openpyxl fails in many ways on a damaged file
        raise TableError(DAMAGED, str(error)) from error


def _inspect_xlsx(content: bytes, path: str) -> list[int]:
    """Return the last line of each merged range; raises TableError for formulas without values.

    The reader shows neither: it gives empty cells.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read(path)
    if b"<f" in text and (bare := BARE_FORMULA.search(text)):
        raise TableError(FORMULA, bare[1].decode())
    return [int(last) for _first, last in MERGED_RANGE.findall(text)]


def _xlsx_rows(sheet: Any) -> Iterator[tuple[int, list[Cell]]]:
    for line, row in enumerate(sheet.iter_rows(values_only=True), 1):
        yield line, [_xlsx_cell(value) for value in row]


def _xlsx_cell(value: Any) -> Cell:
    if value is None or isinstance(value, str | int | float | datetime | date):
        return value
    return value.isoformat() if isinstance(value, time) else str(value)


# === .csv === #


def _read_text(content: bytes, encoding: str, delimiter: str) -> Table:
    try:
        text, encoding = decode(content, encoding)
    except EncodingError as error:
        raise TableError(ENCODING, error.encoding) from error
    delimiter = delimiter or sniff_delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    cells = _text_rows(reader)
    return _table(cells, "csv", encoding=encoding, delimiter=delimiter)


def _text_rows(reader: Any) -> Iterator[tuple[int, list[Cell]]]:
    """Yield the rows with the line on which each begins: a quoted cell may go over several."""
    before = 0
    try:
        for row in reader:
            yield before + 1, [cell.strip() or None for cell in row]
            before = reader.line_num
    except csv.Error as error:
        raise TableError(DAMAGED, str(error)) from error


def sniff_delimiter(text: str) -> str:
    """Return the delimiter that cuts the first lines into the most columns, equally many."""
    lines = text.splitlines()[:SNIFFED_LINES]
    sample = "\n".join(lines)
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample), delimiter=delimiter)]
        except csv.Error:
            continue
        widths = [width for width in widths if width]
        columns = max(widths, key=widths.count, default=0)
        if columns < 2:
            continue
        score = (widths.count(columns) / len(widths), columns)
        if score > best_score:
            best, best_score = delimiter, score
    return best


# === HEADER === #


def _table(
    cells: Iterator[tuple[int, list[Cell]]], kind: str, merged: Iterable[int] = (), **details: Any
) -> Table:
    """Take the header off the rows; leave out empty rows and empty columns at the end.

    ``merged`` holds the last line of each merged range: above the header they are titles,
    below it they would leave cells empty that look filled.
    """
    rows = [(line, row) for line, row in cells if any(_filled(cell) for cell in row)]
    if not rows:
        raise TableError(EMPTY)
    rows = _without_title(rows)
    touched = [line for line in merged if line >= rows[0][0]]
    if touched:
        raise TableError(MERGED, str(min(touched)))
    header = _header(rows[0][1])
    width = len(header)
    body = [(line, (row + [None] * width)[:width]) for line, row in rows[1:]]
    if not body:
        raise TableError(EMPTY)
    return Table(header=header, rows=body, format=kind, **details)


def _without_title(rows: list[Row]) -> list[Row]:
    """Drop lines above the header that hold a single cell, such as a report's title."""
    width = max(_filled_count(row) for _line, row in rows[:SNIFFED_ROWS])
    start = 0
    while width > 1 and start < len(rows) - 1 and _filled_count(rows[start][1]) == 1:
        start += 1
    return rows[start:]


def _header(row: list[Cell]) -> list[str]:
    """Return the names of the columns; raises TableError when the row names none."""
    while row and not _filled(row[-1]):
        row = row[:-1]
    if len(row) > MAX_COLUMNS:
        raise TableError(TOO_LARGE)
    filled = [cell for cell in row if _filled(cell)]
    named = [cell for cell in filled if isinstance(cell, str) and not _looks_like_value(cell)]
    if len(named) * 2 <= len(filled):
        raise TableError(NO_HEADER, ", ".join(str(cell) for cell in filled[:5]))
    names = ["" if not _filled(cell) else str(cell).strip() for cell in row]
    seen = set()
    for name in filter(None, names):
        if name.casefold() in seen:
            raise TableError(DUPLICATE_HEADER, name)
        seen.add(name.casefold())
    return names


def _looks_like_value(text: str) -> bool:
    """Whether a cell of text is rather a number, a code or a date than the name of a column."""
    digits = sum(char.isdigit() for char in text)
    return digits * 2 >= len(text.replace(" ", ""))


def _filled(cell: Cell) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def _filled_count(row: list[Cell]) -> int:
    return sum(1 for cell in row if _filled(cell))
