"""The products most often sold with each product, ranked, with the measures behind it."""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from . import measures
from .arrays import Array, Floats, Ints, is_among, locate, number
from .counts import LOW, LOW_MASK, Counts

TOP = 50  # neighbours kept per product
MIN_BASKETS = 2  # common baskets; one alone is chance
STEP_BITS = 25  # of a strength: nearer ones than 2**-24 count as equal
EDGE = 2.0**-16  # well above that, also where a giant table leaves fewer bits


@dataclass(frozen=True)
class Neighbours:
    """A table with one row per product and neighbour, sorted by product and rank.

    baskets: of all learning. Columns: product and neighbour ids, rank from 1, basket_count (both),
    product_count, neighbour_count; as properties support, confidence (of the product), lift,
    cosine and strength.
    """

    baskets: int
    product: Ints
    neighbour: Ints
    rank: Ints
    basket_count: Ints
    product_count: Ints
    neighbour_count: Ints

    def __len__(self) -> int:
        return len(self.product)

    @property
    def support(self) -> Floats:
        return measures.support(self.basket_count, self.baskets)

    @property
    def confidence(self) -> Floats:
        return measures.confidence(self.basket_count, self.product_count)

    @property
    def lift(self) -> Floats:
        counts = (self.basket_count, self.product_count, self.neighbour_count)
        return measures.lift(*counts, self.baskets)

    @property
    def cosine(self) -> Floats:
        return measures.cosine(self.basket_count, self.product_count, self.neighbour_count)

    @property
    def strength(self) -> Floats:
        """What the rows are ranked by and scores are made of."""
        return measures.strength(self.basket_count, self.product_count, self.neighbour_count)

    def rows_of(self, products: npt.ArrayLike) -> tuple[Ints, Ints]:
        """Return (row numbers, which of the products each belongs to), in the products' order."""
        wanted = np.asarray(products, np.int64)
        start = np.searchsorted(self.product, wanted, "left")
        length = np.searchsorted(self.product, wanted, "right") - start
        owner = np.repeat(np.arange(len(wanted)), length)
        within = np.arange(len(owner)) - np.repeat(np.cumsum(length) - length, length)
        return start[owner] + within, owner

    def only(self, rows: Array) -> "Neighbours":
        """Return the table of these rows (numbers or a mask)."""
        columns = {field.name: getattr(self, field.name) for field in fields(self)[1:]}
        return Neighbours(self.baskets, **{name: col[rows] for name, col in columns.items()})

    @classmethod
    def of_counts(
        cls, baskets: int, product: npt.ArrayLike, neighbour: npt.ArrayLike,
        basket_count: npt.ArrayLike, product_count: npt.ArrayLike, neighbour_count: npt.ArrayLike,
        top: int = TOP,
    ) -> "Neighbours":  # fmt: skip
        """Return the table of rows in any order, as they are stored; measures are made anew."""
        ids = np.asarray(product, np.int64)
        distinct, places = number(ids)
        columns = (neighbour, basket_count, product_count, neighbour_count)
        others, both, a, b = (np.asarray(column, np.int64) for column in columns)
        strong = measures.strength(both, a, b)
        return _ranked_table(baskets, distinct, places, others, both, a, b, strong, top)


def _ranked_table(
    baskets: int, distinct: Ints, product: Ints, neighbour: Ints, both: Ints, a: Ints, b: Ints,
    strong: Floats, top: int,
) -> Neighbours:  # fmt: skip
    """Return the table; `product` holds places in the sorted ids `distinct`."""
    order = _ranked(product, neighbour, strong)
    product = product[order]
    starts = np.concatenate(([0], np.cumsum(np.bincount(product, minlength=len(distinct)))))
    rank = np.arange(len(order)) - starts[product] + 1
    if len(rank) and rank.max() > top:
        kept = rank <= top
        order, product, rank = order[kept], product[kept], rank[kept]
    return Neighbours(
        baskets, distinct[product], neighbour[order], rank, both[order], a[order], b[order]
    )


def _ranked(product: Ints, neighbour: Ints, strong: Floats) -> Ints:
    """Return the order by product (places), strength (falling) and neighbour.

    Product, strength and row number are sorted as one integer, ten times as fast as by several
    keys; rows that this leaves equal in product and strength are then sorted among themselves.
    """
    row_bits = len(product).bit_length()
    bits = min(STEP_BITS, 63 - row_bits - int(product.max(initial=0)).bit_length())
    steps = 2 ** (bits - 1)
    key = product << bits | (steps - np.rint(strong * steps).astype(np.int64))
    # "stable" is the kind that gains most from rows that are nearly in order, as stored ones are
    packed = np.sort(key << row_bits | np.arange(len(product)), kind="stable")
    order: Ints = packed & (2**row_bits - 1)
    key = packed >> row_bits
    same = np.concatenate(([False], key[1:] == key[:-1], [False]))
    tied = np.flatnonzero(same[1:] | same[:-1])
    rows = order[tied]
    _distinct, mates = number(neighbour[rows])
    group = np.cumsum(~same[tied])
    order[tied] = rows[np.argsort(group << row_bits | mates)]
    return order


def find_neighbours(counts: Counts, top: int = TOP, min_baskets: int = MIN_BASKETS) -> Neighbours:
    """Return the top neighbours of every product."""
    pairs = counts.matrix(min_baskets)
    a = np.repeat(np.arange(pairs.shape[0], dtype=np.int32), np.diff(pairs.indptr))
    strong = measures.strength(pairs.data, counts.sold[a], counts.sold[pairs.indices])
    chosen = np.flatnonzero(strong >= _floors(pairs.indptr, strong, top)[a])
    a, b, both = a[chosen], pairs.indices[chosen], pairs.data[chosen].astype(np.int64)
    order = np.argsort(counts.products)
    rank = _inverse(order, len(order))
    return _ranked_table(
        counts.baskets, counts.products[order], rank[a], counts.products[b], both,
        counts.sold[a], counts.sold[b], strong[chosen], top,
    )  # fmt: skip


def _floors(starts: Array, strong: Floats, top: int) -> Floats:
    """Return per product what its last top neighbour reaches, 0 where all fit in.

    A partition per large product; sorting all rows costs three times as much.
    """
    floors = np.zeros(len(starts) - 1)
    for place in np.flatnonzero(np.diff(starts) > top):
        part = strong[starts[place] : starts[place + 1]]
        floors[place] = np.partition(part, len(part) - top)[len(part) - top]
    # what the ranking's integer takes for equal must not be cut off here
    return floors - EDGE


def _inverse(places: Ints, size: int) -> Ints:
    """Return for each place its position in `places`, -1 for one that isn't there."""
    positions = np.full(size, -1, np.int64)
    positions[places] = np.arange(len(places))
    return positions


def refresh(
    table: Neighbours, counts: Counts, changed: Ints,
    top: int = TOP, min_baskets: int = MIN_BASKETS,
) -> tuple[Neighbours, Ints]:  # fmt: skip
    """Return (new rows of the touched products, ids of the touched products) after `update`.

    Args: the rows as stored, the counts after the update and the changed keys it returned.
    All counts and measures in the result are exact. A pair that didn't change enters a list only
    by the next full run, should others have fallen behind it. Rows of other products stay as they
    are until then.
    """
    higher, lower = changed >> LOW, changed & LOW_MASK
    is_touched = np.zeros(len(counts.products), bool)
    is_touched[higher] = is_touched[lower] = True
    touched = np.flatnonzero(is_touched)
    touched = touched[np.argsort(counts.products[touched])]
    products = counts.products[touched]
    position = _inverse(touched, len(counts.products))
    rows, owner, neighbour_count = _unchanged(table, counts, changed, products, touched)
    stored = table.basket_count[rows]
    product_count = counts.sold[touched[owner]]
    strong = measures.strength(stored, product_count, neighbour_count)
    floor = _full_list_floors(owner, strong, len(products), top)
    both = counts.both(changed)
    higher, lower, both = (part[both >= min_baskets] for part in (higher, lower, both))
    a, b = np.concatenate((higher, lower)), np.concatenate((lower, higher))
    both = np.concatenate((both, both))
    changed_strong = measures.strength(both, counts.sold[a], counts.sold[b])
    enters = changed_strong >= floor[position[a]]
    a, b, both = a[enters], b[enters], both[enters]
    return _ranked_table(
        counts.baskets,
        products,
        np.concatenate((position[a], owner)),
        np.concatenate((counts.products[b], table.neighbour[rows])),
        np.concatenate((both, stored)),
        np.concatenate((counts.sold[a], product_count)),
        np.concatenate((counts.sold[b], neighbour_count)),
        np.concatenate((changed_strong[enters], strong)),
        top,
    ), products


def _full_list_floors(owner: Ints, strong: Floats, size: int, top: int) -> Floats:
    """Return per product what a changed pair must reach, 0 where its stored list isn't full.

    A list whose own pair changed isn't full any more: that pair competes anew.
    """
    lengths = np.bincount(owner, minlength=size)
    floors = np.zeros(size)
    starts = np.cumsum(lengths) - lengths
    full = np.flatnonzero(lengths >= top)
    if len(full):
        listed = np.flatnonzero(lengths > 0)
        weakest = np.full(size, 0.0)
        weakest[listed] = np.minimum.reduceat(strong, starts[listed])
        floors[full] = weakest[full] - EDGE
    return floors


def _unchanged(
    table: Neighbours, counts: Counts, changed: Ints, products: Ints, touched: Ints
) -> tuple[Ints, Ints, Ints]:
    """Return the touched products' stored rows whose pair didn't change.

    As (row numbers, position of the product among the touched, the neighbour's present count).
    """
    rows, owner = table.rows_of(products)
    mate = locate(table.neighbour[rows], products)
    neighbour_count = np.where(mate < 0, table.neighbour_count[rows], counts.sold[touched[mate]])
    maybe = np.flatnonzero(mate >= 0)  # both products of a changed pair are touched
    a, b = touched[owner[maybe]], touched[mate[maybe]]
    keys = np.maximum(a, b) << LOW | np.minimum(a, b)
    stays = np.ones(len(rows), bool)
    stays[maybe] = ~is_among(keys, changed)
    return rows[stays], owner[stays], neighbour_count[stays]
