"""Count in how many baskets products were sold, alone and together; add and remove baskets.

A pair is kept once, as (higher, lower) place of its products. Places are given in order of first
appearance and never change, so that new products only append. `base` is never written to; what
came later lies in the small `tail` until that is worth merging. Both together are exact.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import add

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .arrays import Array, Ints, as_lines, locate, number, pack, unpack
from .errors import EngineError

BLOCK_PAIRS = 4_000_000  # pairs counted at a time: bounds the memory of a fit
TAIL_SHARE = 0.1  # of the base's pairs; a longer tail is merged
TAIL_PAIRS = 50_000  # a tail up to this many pairs is never merged
LOW = 32  # bits of a key that hold the lower place
LOW_MASK = 2**LOW - 1
Lines = tuple[npt.ArrayLike, npt.ArrayLike]


@dataclass(frozen=True)
class Counts:
    """State of learning. Arrays are not to be written to.

    baskets: number of baskets. products: ids by place. sold: baskets per place.
    base: CSR, row = higher place, sorted columns = lower place, data = baskets with both.
    tail_keys: sorted `higher << 32 | lower`; tail_counts: to add to the base's, also negative.
    """

    baskets: int
    products: Ints
    sold: Ints
    base: sparse.csr_matrix
    tail_keys: Ints
    tail_counts: Ints

    def places(self, products: npt.ArrayLike) -> Ints:
        """Return the places of product ids, -1 for a product that was never sold."""
        order, ids = self._by_id
        found = locate(products, ids)
        return np.where(found < 0, -1, order[found]) if len(order) else found

    @cached_property
    def _by_id(self) -> tuple[Ints, Ints]:
        """Places and ids, both in order of the ids."""
        order = np.argsort(self.products)
        return order, self.products[order]

    def both(self, keys: Ints) -> Ints:
        """Return in how many baskets the pairs with these keys were sold together."""
        return _base_counts(self.base, keys) + _tail_counts(self, keys)

    def matrix(self, min_baskets: int = 1) -> sparse.csr_matrix:
        """Return the symmetric pair counts by places, of pairs with at least so many baskets."""
        merged = _merge(self.base, self.tail_keys, self.tail_counts, len(self.products))
        kept = merged.data >= min_baskets
        ends = np.concatenate(([0], np.cumsum(kept, dtype=np.int32)))[merged.indptr]
        triple = (merged.data[kept].astype(np.int32), merged.indices[kept], ends)
        lower = sparse.csr_matrix(triple, shape=merged.shape)
        return (lower + lower.T).tocsr()

    def to_bytes(self) -> bytes:
        return pack(
            {
                "baskets": np.array([self.baskets]),
                "products": self.products,
                "sold": self.sold,
                "indptr": self.base.indptr,
                "indices": self.base.indices,
                "data": self.base.data,
                "tail_keys": self.tail_keys,
                "tail_counts": self.tail_counts,
            }
        )

    @classmethod
    def from_bytes(cls, content: bytes) -> "Counts":
        """Return the state that `to_bytes` stored. Raises EngineError when it is damaged."""
        parts = unpack(content)
        try:
            size = len(parts["indptr"]) - 1
            triple = (parts["data"], parts["indices"], parts["indptr"])
            base = sparse.csr_matrix(triple, shape=(size, size))
            return cls(
                int(parts["baskets"][0]), parts["products"], parts["sold"], base,
                parts["tail_keys"], parts["tail_counts"],
            )  # fmt: skip
        except (KeyError, ValueError, IndexError) as error:
            raise EngineError("the stored counts are damaged") from error


def fit(baskets: npt.ArrayLike, products: npt.ArrayLike) -> Counts:
    """Return the counts of all lines; a product counts once per basket.

    Args: basket and product id per line, any order. Raises EngineError for bad ids.
    """
    basket_ids, product_ids = as_lines(baskets, products)
    distinct, places = number(product_ids)
    table = basket_table(basket_ids, places, len(distinct))
    sold = np.bincount(table.indices, minlength=len(distinct)).astype(np.int64)
    parts = [_above_diagonal(start, block) for start, block in pair_blocks(table, sold)]
    # Rows are lower places with unsorted columns here; turning them gives the sorted base.
    upper = (
        sparse.vstack(parts, format="csr") if parts else sparse.csr_matrix((0, 0), dtype=np.uint16)
    )
    parts.clear()
    none = np.zeros(0, np.int64)
    return Counts(table.shape[0], distinct, sold, _turned(upper), none, none)


def join(parts: Sequence[Counts]) -> Counts:
    """Return the counts of all parts; no basket may have been counted in two of them.

    They are the very counts of a fit of all, however the baskets were parted.
    """
    ids = reduce(np.union1d, (counts.products for counts in parts), np.zeros(0, np.int64))
    sold = np.zeros(len(ids), np.int64)
    for counts in parts:
        sold[np.searchsorted(ids, counts.products)] += counts.sold
    sums = [_placed(counts, ids) for counts in parts]
    while len(sums) > 1:  # two by two: each pair is added up few times
        sums = [reduce(add, sums[start : start + 2]) for start in range(0, len(sums), 2)]
    base = sums[0] if sums else sparse.csr_matrix((0, 0), dtype=np.int32)
    base.data = _smallest(base.data)
    none = np.zeros(0, np.int64)
    return Counts(sum(counts.baskets for counts in parts), ids, sold, base, none, none)


def _placed(counts: Counts, ids: Ints) -> sparse.csr_matrix:
    """Return all the pairs by the places of their products among the sorted ids."""
    base = _merge(counts.base, counts.tail_keys, counts.tail_counts, len(counts.products))
    places = np.searchsorted(ids, counts.products).astype(np.int32)
    columns, shape = places[base.indices], (len(ids), len(ids))
    if np.all(np.diff(places) > 0):  # pairs stay in their order
        lengths = np.zeros(len(ids) + 1, np.int32)
        lengths[places + 1] = np.diff(base.indptr)
        triple = (base.data.astype(np.int32), columns, np.cumsum(lengths, dtype=np.int32))
        return sparse.csr_matrix(triple, shape=shape)
    rows = np.repeat(places, np.diff(base.indptr))
    pairs = (np.maximum(rows, columns), np.minimum(rows, columns))
    return sparse.csr_matrix((base.data.astype(np.int32), pairs), shape=shape)


def basket_table(basket_ids: Ints, places: Ints, width: int) -> sparse.csr_matrix:
    """Return the 0/1 matrix of baskets by products."""
    distinct, rows = number(basket_ids)
    ones = np.ones(len(rows), np.int32)
    table = sparse.csr_matrix((ones, (rows, places)), shape=(len(distinct), width))
    table.sum_duplicates()
    table.data[:] = 1
    return table


def pair_blocks(table: sparse.csr_matrix, sold: Ints) -> Iterator[tuple[int, sparse.csr_matrix]]:
    """Yield (first place, whole rows of the symmetric pair counts from there on)."""
    by_product = table.T.tocsr()
    effort = np.cumsum(by_product @ np.diff(table.indptr).astype(np.int64))
    start = 0
    while start < len(sold):
        done = effort[start - 1] if start else 0
        end = max(start + 1, int(np.searchsorted(effort, done + BLOCK_PAIRS, "right")))
        yield start, by_product[start:end] @ table
        start = end


def _above_diagonal(start: int, block: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return the block's pairs whose column is the higher place, in the smallest type."""
    places = np.arange(start, start + block.shape[0], dtype=np.int32)
    rows = np.repeat(places, np.diff(block.indptr))
    above = block.indices > rows
    ends = np.concatenate(([0], np.cumsum(above, dtype=np.int32)))[block.indptr]
    data = _smallest(block.data[above])
    return sparse.csr_matrix((data, block.indices[above], ends), shape=block.shape)


def _smallest(data: Array) -> Array:
    """Return counts of pairs in the smallest type that holds them."""
    return data.astype(np.uint16 if data.max(initial=0) < 2**16 else np.int32)


def _turned(upper: sparse.csr_matrix) -> sparse.csr_matrix:
    by_column = upper.tocsc()
    triple = (by_column.data, by_column.indices, by_column.indptr)
    return sparse.csr_matrix(triple, shape=upper.shape)


def update(counts: Counts, added: Lines, removed: Lines = ((), ())) -> tuple[Counts, Ints]:
    """Return (counts with baskets added and removed, keys of the pairs that changed).

    Args: lines of whole baskets. A basket that changed is removed as it was and added as it is.
    Raises EngineError when a removed basket can't have been counted.
    """
    new, old = as_lines(*added), as_lines(*removed)
    counts = _with_products(counts, np.concatenate((new[1], old[1])))
    plus = basket_table(new[0], counts.places(new[1]), len(counts.products))
    minus = basket_table(old[0], counts.places(old[1]), len(counts.products))
    sold = counts.sold + _column_counts(plus) - _column_counts(minus)
    baskets = counts.baskets + plus.shape[0] - minus.shape[0]
    keys, change = _pair_changes(plus, minus)
    tail_keys, tail_counts = keys, change
    if len(counts.tail_keys):
        tail_keys, tail_counts = _sum_by_key(
            np.concatenate((counts.tail_keys, keys)), np.concatenate((counts.tail_counts, change))
        )
    result = Counts(baskets, counts.products, sold, counts.base, tail_keys, tail_counts)
    shrunk = keys[change < 0]
    if baskets < 0 or np.any(sold < 0) or np.any(result.both(shrunk) < 0):
        raise EngineError("a basket to remove was never counted")
    return _tidied(result), keys


def _with_products(counts: Counts, products: Ints) -> Counts:
    """Return the counts with places for products that were not sold before."""
    distinct = np.unique(products)
    fresh = distinct[counts.places(distinct) < 0]
    if len(fresh) == 0:
        return counts
    size = len(counts.products) + len(fresh)
    base = counts.base
    indptr = np.concatenate((base.indptr, np.full(len(fresh), base.indptr[-1], base.indptr.dtype)))
    return Counts(
        counts.baskets,
        np.concatenate((counts.products, fresh)),
        np.concatenate((counts.sold, np.zeros(len(fresh), np.int64))),
        sparse.csr_matrix((base.data, base.indices, indptr), shape=(size, size)),
        counts.tail_keys,
        counts.tail_counts,
    )


def _column_counts(table: sparse.csr_matrix) -> Ints:
    return np.bincount(table.indices, minlength=table.shape[1])


def _pair_changes(plus: sparse.csr_matrix, minus: sparse.csr_matrix) -> tuple[Ints, Ints]:
    """Return (sorted keys, changes of the count, none zero) by the baskets of two tables."""
    both = plus.T @ plus
    if minus.nnz:
        both = both - minus.T @ minus
    pairs = sparse.tril(both, k=-1, format="csr")
    pairs.sort_indices()
    pairs.eliminate_zeros()
    higher = np.repeat(np.arange(pairs.shape[0]), np.diff(pairs.indptr))
    return higher << LOW | pairs.indices.astype(np.int64), pairs.data.astype(np.int64)


def _sum_by_key(keys: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """Return (sorted distinct keys, sum of counts per key), without sums of zero."""
    if len(keys) == 0:
        return keys, counts
    order = np.argsort(keys)
    keys, counts = keys[order], counts[order]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    sums = np.add.reduceat(counts, starts)
    return keys[starts][sums != 0], sums[sums != 0]


def _base_counts(base: sparse.csr_matrix, keys: Ints) -> Ints:
    """Look the keys up by bisection in all their rows at once."""
    if base.nnz == 0:
        return np.zeros(len(keys), np.int64)
    rows, columns = keys >> LOW, (keys & LOW_MASK).astype(base.indices.dtype)
    place, ends = (base.indptr[edge].astype(np.intp) for edge in (rows, rows + 1))
    step = 1 << int((ends - place).max(initial=0)).bit_length() >> 1
    while step:
        ahead = place + step
        # "ahead" columns are smaller than the wanted one when the last of them is
        smaller = base.indices.take(ahead - 1, mode="clip") < columns
        smaller &= ahead <= ends
        place += step * smaller
        step >>= 1
    found = (place < ends) & (base.indices.take(place, mode="clip") == columns)
    return np.where(found, base.data.take(place, mode="clip"), 0).astype(np.int64)


def _tail_counts(counts: Counts, keys: Ints) -> Ints:
    places = locate(keys, counts.tail_keys)
    if len(counts.tail_keys) == 0:
        return np.zeros(len(keys), np.int64)
    return np.where(places < 0, 0, counts.tail_counts[places])


def _merge(
    base: sparse.csr_matrix, tail_keys: Ints, tail_counts: Ints, size: int
) -> sparse.csr_matrix:
    if len(tail_keys) == 0:
        return base
    pairs = (tail_keys >> LOW, tail_keys & LOW_MASK)
    tail = sparse.csr_matrix((tail_counts, pairs), shape=(size, size))
    merged = base.astype(np.int32) + tail.astype(np.int32)
    merged.eliminate_zeros()
    merged.sort_indices()
    return merged


def _tidied(counts: Counts) -> Counts:
    """Return the counts, the tail merged into the base when it became long."""
    if len(counts.tail_keys) <= max(TAIL_PAIRS, TAIL_SHARE * counts.base.nnz):
        return counts
    merged = _merge(counts.base, counts.tail_keys, counts.tail_counts, len(counts.products))
    none = np.zeros(0, np.int64)
    return Counts(counts.baskets, counts.products, counts.sold, merged, none, none)
