"""Which lines a product set meets.

Twin: static/src/promo_engine/sets.js
"""

from collections.abc import Sequence
from typing import Any

from .errors import Json

KINDS = ("products", "categories", "brands", "tags")


class ProductSet:
    """A set of the contract, ready for many carts; compared by identity.

    `include` and `exclude` hold (kind, values) only for kinds that name something.
    """

    __slots__ = ("all", "exclude", "include")

    def __init__(self, data: Json) -> None:
        self.all = data.get("all") is True
        self.include = _named(data)
        self.exclude = _named(data.get("exclude") or {})


class SetPool:
    """Gives equal sets one ProductSet, so that a cart is matched with them once."""

    def __init__(self) -> None:
        self._sets: dict[tuple[Any, ...], ProductSet] = {}

    def get(self, data: Json) -> ProductSet:
        """Return the ProductSet of a set of the contract."""
        made = ProductSet(data)
        return self._sets.setdefault((made.all, made.include, made.exclude), made)


class LineDirectory:
    """The lines of one cart by product, category, brand and tag."""

    def __init__(self, lines: Sequence[Any]) -> None:
        """`lines` are the cart lines a set may meet, in cart order."""
        self._positions = [line.position for line in lines]
        self._by_kind: dict[str, dict[object, list[int]]] = {kind: {} for kind in KINDS}
        for line in lines:
            for kind, values in line.facts():
                places = self._by_kind[kind]
                for value in values:
                    places.setdefault(value, []).append(line.position)
        self._values = {kind: frozenset(places) for kind, places in self._by_kind.items()}
        self._found: dict[ProductSet, list[int]] = {}

    def values(self, kind: str) -> frozenset[Any]:
        """Return the products, categories, brands or tags that occur."""
        return self._values[kind]

    def meets_any(self) -> bool:
        """Tell whether there is any line at all."""
        return bool(self._positions)

    def find(self, product_set: ProductSet) -> list[int]:
        """Return the positions of the set's lines, in cart order."""
        found = self._found.get(product_set)
        if found is None:
            found = self._found[product_set] = self._search(product_set)
        return found

    def _search(self, product_set: ProductSet) -> list[int]:
        if product_set.all:
            inside = set(self._positions)
        else:
            inside = self._hits(product_set.include)
        if inside and product_set.exclude:
            inside -= self._hits(product_set.exclude)
        return sorted(inside)

    def _hits(self, named: tuple[Any, ...]) -> set[int]:
        hits: set[int] = set()
        for kind, values in named:
            places = self._by_kind[kind]
            for value in values & self._values[kind]:
                hits.update(places[value])
        return hits


def _named(data: Json) -> tuple[Any, ...]:
    return tuple((kind, frozenset(data[kind])) for kind in KINDS if data.get(kind))
