"""Reads the demo shop's .xls files back as dicts: header -> value, dates as Python dates."""

from pathlib import Path

import xlrd


def rows(path: Path) -> list[dict]:
    """Return the rows of the first sheet; text is stripped, an empty cell is None."""
    book = xlrd.open_workbook(str(path), on_demand=True)
    sheet = book.sheet_by_index(0)
    headers = [str(cell.value).strip() for cell in sheet.row(0)]
    return [
        {
            header: _value(cell, book.datemode)
            for header, cell in zip(headers, sheet.row(number), strict=False)
        }
        for number in range(1, sheet.nrows)
    ]


def _value(cell, datemode: int):
    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return None
    if cell.ctype == xlrd.XL_CELL_DATE:
        return xlrd.xldate_as_datetime(cell.value, datemode)
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return cell.value.strip() or None
    return cell.value
