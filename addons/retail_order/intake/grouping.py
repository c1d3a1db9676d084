"""Rows of one external order: what they must agree on, and a digest of their content.

Pure: plain dicts of already converted values, no Odoo.
"""

import hashlib
import json
from collections.abc import Sequence

# What is said once per order. A row may leave it empty; two rows may not contradict.
ORDER_FIELDS = (
    "date", "store", "channel", "member", "phone", "customer",
    "street", "city", "zip", "payment_note",
)  # fmt: skip


def order_values(rows: Sequence[dict]) -> tuple[dict, dict[int, str]]:
    """Return (values of the order, {position of a contradicting row: field}).

    The first row that fills a field decides; a later row with another value contradicts.
    """
    said: dict = {}
    conflicts: dict[int, str] = {}
    for position, values in enumerate(rows):
        for field in ORDER_FIELDS:
            value = values.get(field)
            if value in (None, False, ""):
                continue
            if said.setdefault(field, value) != value:
                conflicts.setdefault(position, field)
    return said, conflicts


def repeated_lines(rows: Sequence[dict]) -> dict[int, str]:
    """Return {position of a row whose line number was there before: that number}."""
    seen: set[str] = set()
    repeated: dict[int, str] = {}
    for position, values in enumerate(rows):
        line = values.get("line")
        if line in (None, False, ""):
            continue
        if line in seen:
            repeated[position] = line
        seen.add(line)
    return repeated


def digest(rows: Sequence[dict]) -> str:
    """Return a digest of an order's content that doesn't depend on the order of its rows."""
    texts = sorted(
        json.dumps(
            {name: value for name, value in values.items() if value not in (None, False, "")},
            sort_keys=True,
            default=str,
            ensure_ascii=False,
        )
        for values in rows
    )
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:32]
