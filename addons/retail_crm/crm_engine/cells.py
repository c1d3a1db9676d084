"""Turning cells of a table into values: text, numbers, dates. Pure, standard library only.

Every function takes a cell as ``tables`` gives it and returns None for an empty one; a cell
that can't be the value raises ``CellError`` with a code and the cell's text.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Any

NUMBER = "number"
DATE = "date"
BOOLEAN = "boolean"
ERROR_VALUE = "error_value"

EXCEL_EPOCH = datetime(1899, 12, 30)
EXCEL_DAYS = range(1, 2958466)  # up to 9999-12-31
DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日")
DAY_FIRST = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y")
TIME_FORMATS = ("", " %H:%M:%S", " %H:%M", " %H:%M:%S.%f")
TRUE = {"1", "true", "yes", "y", "是", "对", "對", "√", "x"}
FALSE = {"0", "false", "no", "n", "否", "不是", "×"}
EXCEL_ERRORS = {"#N/A", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#ERROR"}


class CellError(ValueError):
    """A cell that doesn't hold what its column needs."""

    def __init__(self, code: str, text: str):
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


def as_text(cell: Any) -> str | None:
    """Return the cell as text; whole numbers without a decimal point, so that codes stay."""
    if cell is None:
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        cell = int(cell)
    text = cell.isoformat(sep=" ") if isinstance(cell, datetime) else str(cell)
    text = text.strip()
    if text in EXCEL_ERRORS:
        raise CellError(ERROR_VALUE, text)
    return text or None


def as_number(cell: Any) -> float | int | None:
    """Return the cell as a number; text may hold separators, a currency sign or brackets.

    A single comma is a decimal one unless three digits follow it.
    """
    if cell is None or (isinstance(cell, int | float) and not isinstance(cell, bool)):
        return cell
    text = as_text(cell)
    if text is None:
        return None
    plain = re.sub(r"[\s'_]|[¥$€£元]|[A-Z]{3}", "", unicodedata.normalize("NFKC", text))
    negative = plain.startswith("(") and plain.endswith(")")
    plain = plain.strip("()")
    number = _plain_number(plain)
    if number is None or isinstance(cell, bool | date):
        raise CellError(NUMBER, text)
    return -number if negative else number


def _plain_number(text: str) -> float | int | None:
    if re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+,\d+", text) or re.fullmatch(
        r"[+-]?\d+,(\d{1,2}|\d{4,})", text
    ):
        text = text.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", text):
        return None
    return int(text) if re.fullmatch(r"[+-]?\d+", text) else float(text)


def as_datetime(cell: Any, day_first: bool | None = None) -> datetime | date | None:
    """Return the cell as a datetime, or as a date when it tells no time of day.

    ``day_first`` says how 3/4/2025 is meant; without it such text is refused.
    """
    if cell is None or isinstance(cell, datetime):
        return cell if cell is None else cell.replace(tzinfo=None)
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _excel_date(cell)
    text = as_text(cell)
    if text is None:
        return None
    formats: tuple[str, ...] = DATE_FORMATS
    if day_first is not None:
        formats += DAY_FIRST if day_first else MONTH_FIRST
    plain = re.sub(r"(?<=\d)T(?=\d)", " ", text).removesuffix("Z")
    for date_format in formats:
        for time_format in TIME_FORMATS:
            try:
                moment = datetime.strptime(plain, date_format + time_format)
            except ValueError:
                continue
            return moment if time_format else moment.date()
    raise CellError(DATE, text)


def as_date(cell: Any, day_first: bool | None = None) -> date | None:
    """Return the cell as a date; a time of day is dropped."""
    value = as_datetime(cell, day_first)
    return value.date() if isinstance(value, datetime) else value


def _excel_date(number: float) -> datetime | date:
    if int(number) not in EXCEL_DAYS:
        if isinstance(number, int) or float(number).is_integer():
            return _compact_date(int(number))
        raise CellError(DATE, str(number))
    moment = EXCEL_EPOCH + timedelta(seconds=round(number * 86400))
    return moment.date() if float(number).is_integer() else moment


def _compact_date(number: int) -> date:
    """Return the date that a number such as 20250131 writes."""
    try:
        return datetime.strptime(str(number), "%Y%m%d").date()
    except ValueError:
        raise CellError(DATE, str(number)) from None


def as_boolean(cell: Any) -> bool | None:
    """Return the cell as yes or no."""
    if cell is None or isinstance(cell, bool):
        return cell
    text = as_text(cell)
    if text is None:
        return None
    if text.casefold() in TRUE:
        return True
    if text.casefold() in FALSE:
        return False
    raise CellError(BOOLEAN, text)
