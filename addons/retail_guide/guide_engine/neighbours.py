"""The products most often sold with each product, ranked, with the measures behind it."""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from . import measures
from .arrays import Floats, Ints, locate, number
from .counts import LOW, LOW_MASK, Counts

TOP = 50  # neighbours kept per product
MIN_BASKETS = 2  # common baskets; one alone is chance
STEP_BITS = 32
STEPS = 2 ** (STEP_BITS - 1)  # strengths nearer than 1/STEPS count as equal


@dataclass(frozen=True)
class Neighbours:
    """A table with one row per product and neighbour, sorted by product and rank.

    baskets: of all learning. Columns: product and neighbour ids, rank from 1, basket_count (both),
    product_count, neighbour_count; support, confidence (of the product), lift, cosine.
    """

    baskets: int
    product: Ints
    neighbour: Ints
    rank: Ints
    basket_count: Ints
    product_count: Ints
    neighbour_count: Ints
    support: Floats
    confidence: Floats
    lift: Floats
    cosine: Floats

    def __len__(self) -> int:
        return len(self.product)

    def strength(self) -> Floats:
        """Return what the rows are ranked by and scores are made of."""
        return measures.strength(self.basket_count, self.product_count, self.neighbour_count)

    def rows_of(self, products: npt.ArrayLike) -> tuple[Ints, Ints]:
        """Return (row numbers, which of the products each belongs to), in the products' order."""
        wanted = np.asarray(products, np.int64)
        start = np.searchsorted(self.product, wanted, "left")
        length = np.searchsorted(self.product, wanted, "right") - start
        owner = np.repeat(np.arange(len(wanted)), length)
        within = np.arange(len(owner)) - np.repeat(np.cumsum(length) - length, length)
        return start[owner] + within, owner

    def only(self, rows: npt.NDArray) -> "Neighbours":
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
        rows = (places, neighbour, basket_count, product_count, neighbour_count)
        return _ranked_table(baskets, distinct, *(np.asarray(row, np.int64) for row in rows), top)


def _ranked_table(
    baskets: int, distinct: Ints, product: Ints, neighbour: Ints, both: Ints, a: Ints, b: Ints,
    top: int,
) -> Neighbours:  # fmt: skip
    """Return the table; `product` holds places in the sorted ids `distinct`."""
    order = _ranked(product, neighbour, both, measures.strength(both, a, b))
    product = product[order]
    starts = np.concatenate(([0], np.cumsum(np.bincount(product, minlength=len(distinct)))))
    rank = np.arange(len(order)) - starts[product] + 1
    if len(rank) and rank.max() > top:
        kept = rank <= top
        order, product, rank = order[kept], product[kept], rank[kept]
    both, a, b = both[order], a[order], b[order]
    shown = measures.pair_measures(both, a, b, baskets)
    return Neighbours(baskets, distinct[product], neighbour[order], rank, both, a, b, **shown)


def _ranked(product: Ints, neighbour: Ints, both: Ints, strong: Floats) -> Ints:
    """Return the order by product, strength, common baskets (both falling) and neighbour.

    Sorted by one integer first, as sorting by four keys takes five times as long; only the rows
    that this leaves equal are sorted by the rest.
    """
    key = product << STEP_BITS | (STEPS - np.rint(strong * STEPS).astype(np.int64))
    order = np.argsort(key)
    same = key[order][1:] == key[order][:-1]
    tied = np.flatnonzero(np.concatenate((same, [False])) | np.concatenate(([False], same)))
    rows = order[tied]
    order[tied] = rows[np.lexsort((neighbour[rows], -both[rows], key[rows]))]
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
        counts.sold[a], counts.sold[b], top,
    )  # fmt: skip


def _floors(starts: npt.NDArray, strong: Floats, top: int) -> Floats:
    """Return per product what its last top neighbour reaches, 0 where all fit in.

    A partition per large product; sorting all rows costs three times as much.
    """
    floors = np.zeros(len(starts) - 1)
    for place in np.flatnonzero(np.diff(starts) > top):
        part = strong[starts[place] : starts[place + 1]]
        floors[place] = np.partition(part, len(part) - top)[len(part) - top]
    # what the ranking's integer takes for equal must not be cut off here
    return floors - 2 / STEPS


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
    both = counts.both(changed)
    kept = both >= min_baskets
    higher, lower, both = higher[kept], lower[kept], both[kept]
    rows, owner, neighbour_count = _unchanged(table, counts, changed, products, touched)
    return _ranked_table(
        counts.baskets,
        products,
        np.concatenate((position[higher], position[lower], owner)),
        np.concatenate((counts.products[lower], counts.products[higher], table.neighbour[rows])),
        np.concatenate((both, both, table.basket_count[rows])),
        counts.sold[np.concatenate((higher, lower, touched[owner]))],
        np.concatenate((counts.sold[lower], counts.sold[higher], neighbour_count)),
        top,
    ), products


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
    stays[maybe] = locate(keys, changed) < 0
    return rows[stays], owner[stays], neighbour_count[stays]
