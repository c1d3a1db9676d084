"""The basket to be evaluated.

Twin: static/src/promo_engine/cart.js
"""

from typing import Any

from .errors import Json, check_integers, check_unique, needed, needed_integer, optional_integer
from .money import QTY_ONE
from .sets import LineDirectory


class Line:
    """One cart line: amount and floor in minor units, qty in thousandths."""

    __slots__ = (
        "amount",
        "brand",
        "categories",
        "counts",
        "floor",
        "gift_of",
        "id",
        "position",
        "product",
        "qty",
        "tags",
        "units",
    )

    def __init__(self, data: Json, position: int) -> None:
        path = f"cart.lines[{position}]"
        self.position = position
        self.id = needed(data, "id", path)
        self.product = needed(data, "product", path)
        self.categories = data.get("categories") or ()
        self.brand = data.get("brand")
        self.tags = data.get("tags") or ()
        self.qty = needed_integer(data, "qty", path)
        self.amount = needed_integer(data, "amount", path)
        self.floor = max(0, optional_integer(data, "floor", path) or 0)
        self.gift_of = data.get("gift_of")
        # A weighed line has no units; a line that never counts stays out of everything.
        self.units = 0 if self.qty % QTY_ONE else self.qty // QTY_ONE
        self.counts = self.qty > 0 and self.amount > 0 and data.get("open") is not False

    def facts(self) -> tuple[Any, ...]:
        """Return (kind, values) for all that a product set can name."""
        return (
            ("products", (self.product,)),
            ("categories", self.categories),
            ("brands", () if self.brand is None else (self.brand,)),
            ("tags", self.tags),
        )


class Member:
    """Who buys: class, tags, segments, first order, spend by period in minor units."""

    __slots__ = ("first", "segments", "spend", "tags", "tier")

    def __init__(self, data: Json) -> None:
        self.tier = data.get("class")
        self.tags = frozenset(data.get("tags") or ())
        self.segments = frozenset(data.get("segments") or ())
        self.first = data.get("first") is True
        self.spend = data.get("spend") or {}


class Cart:
    """A checked cart. Raises InvalidInput for repeated line ids or unfit numbers."""

    def __init__(self, data: Json) -> None:
        check_integers(data, "cart")
        self.now = needed(data, "now", "cart")
        self.utc = needed(data, "utc", "cart")
        self.store = data.get("store")
        self.channel = data.get("channel")
        self.currency = data.get("currency")
        self.codes = frozenset(data.get("codes") or ())
        member = data.get("member")
        self.member = None if member is None else Member(member)
        self._used = data.get("used") or {}
        lines = needed(data, "lines", "cart")
        self.lines = [Line(line, position) for position, line in enumerate(lines)]
        check_unique([line.id for line in self.lines], "lines")
        self.directory = LineDirectory(
            [line for line in self.lines if line.counts and line.gift_of is None]
        )

    def used(self, program_id: object, key: str) -> int:
        """Return what the ledger holds already for a program and a limit."""
        return (self._used.get(str(program_id)) or {}).get(key) or 0

    def gift_lines(self, program_id: object) -> list[Line]:
        """Return the lines that were put in as this program's gift."""
        return [line for line in self.lines if line.counts and line.gift_of == program_id]
