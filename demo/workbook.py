"""Write rows to old Excel files."""

from datetime import date, datetime
from pathlib import Path

import xlwt

MAX_ROWS = 65_535  # of a sheet, the header's included


def write(path: Path, headers: tuple[str, ...], rows: list[tuple]) -> None:
    """Write one sheet named like the file. Raises ValueError when the rows don't fit."""
    if len(rows) >= MAX_ROWS:
        raise ValueError(f"{path.name}: {len(rows)} rows and the header are too many for .xls")
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet(path.stem)
    plain = xlwt.XFStyle()
    styles = {date: xlwt.XFStyle(), datetime: xlwt.XFStyle()}
    styles[date].num_format_str = "YYYY-MM-DD"
    styles[datetime].num_format_str = "YYYY-MM-DD HH:MM:SS"
    for place, values in enumerate((headers, *rows)):
        row = sheet.row(place)
        for column, value in enumerate(values):
            if value is not None:
                row.write(column, value, styles.get(type(value), plain))
    book.save(str(path))


def write_parts(folder: Path, stem: str, headers: tuple[str, ...], rows: list[tuple]) -> int:
    """Write stem-1.xls, stem-2.xls... and return their number; no receipt (column 0) is cut."""
    start, part = 0, 0
    while start < len(rows):
        end = min(start + MAX_ROWS - 1, len(rows))
        while start < end < len(rows) and rows[end][0] == rows[end - 1][0]:
            end -= 1
        if start == end:
            raise ValueError(f"{stem}: one receipt has more rows than a sheet")
        part += 1
        write(folder / f"{stem}-{part}.xls", headers, rows[start:end])
        start = end
    return part
