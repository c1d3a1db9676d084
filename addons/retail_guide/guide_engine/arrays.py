"""Small helpers on integer arrays, and the container in which what was learned is stored."""

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from .errors import EngineError

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Array = npt.NDArray[Any]
MARK_BITS = 20
SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 by the golden ratio, odd
MAGIC = b"guide1\n"
TABLE_SLACK = 100_000  # a lookup table may be so much longer than the ids it numbers


def as_ids(values: npt.ArrayLike) -> Ints:
    """Return a flat int64 array. Raises EngineError for anything but integers >= 0."""
    array = np.asarray(values)
    if array.size == 0:
        return np.zeros(0, np.int64)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise EngineError("ids must be a flat list of integers")
    if array.min() < 0:
        raise EngineError("ids must not be negative")
    return array.astype(np.int64, copy=False)


def as_lines(baskets: npt.ArrayLike, products: npt.ArrayLike) -> tuple[Ints, Ints]:
    """Return two id arrays of one length. Raises EngineError when the lengths differ."""
    basket_ids, product_ids = as_ids(baskets), as_ids(products)
    if len(basket_ids) != len(product_ids):
        raise EngineError("there must be one product per basket line")
    return basket_ids, product_ids


def number(ids: Ints) -> tuple[Ints, Ints]:
    """Return (sorted distinct ids, place of each id among them)."""
    if len(ids) == 0 or ids.max() > 4 * len(ids) + TABLE_SLACK:
        distinct, places = np.unique(ids, return_inverse=True)
        return distinct, places
    seen = np.zeros(ids.max() + 1, bool)
    seen[ids] = True
    return np.flatnonzero(seen), (np.cumsum(seen) - 1)[ids]


def locate(ids: npt.ArrayLike, sorted_ids: Ints) -> Ints:
    """Return the place of each id in sorted_ids, -1 where it is missing."""
    wanted = np.asarray(ids, np.int64)
    if len(sorted_ids) == 0 or len(wanted) == 0:
        return np.full(len(wanted), -1, np.int64)
    last = int(sorted_ids[-1])
    if last <= 4 * len(wanted) + TABLE_SLACK and wanted.max() <= last:
        table = np.full(last + 1, -1, np.int32)
        table[sorted_ids] = np.arange(len(sorted_ids), dtype=np.int32)
        return table[wanted].astype(np.int64)
    places = np.minimum(np.searchsorted(sorted_ids, wanted), len(sorted_ids) - 1)
    return np.where(sorted_ids[places] == wanted, places, -1)


def is_among(keys: Ints, sorted_keys: Ints) -> npt.NDArray[np.bool_]:
    """Return which keys occur in sorted_keys. Most misses cost one look into a small table."""
    marks = np.zeros(2**MARK_BITS, bool)
    marks[_scattered(sorted_keys)] = True
    among = marks[_scattered(keys)]
    maybe = np.flatnonzero(among)
    among[maybe] = locate(keys[maybe], sorted_keys) >= 0
    return among


def _scattered(keys: Ints) -> npt.NDArray[np.uint64]:
    """Return the keys spread evenly over MARK_BITS bits. Source: Knuth, multiplicative hash."""
    return keys.astype(np.uint64) * SPREAD >> np.uint64(64 - MARK_BITS)


def pack(arrays: Mapping[str, Array]) -> bytes:
    """Return the arrays as bytes; equal arrays give equal bytes."""
    stream = io.BytesIO()
    stream.write(MAGIC)
    stream.write(json.dumps(list(arrays)).encode() + b"\n")
    for array in arrays.values():
        np.lib.format.write_array(stream, np.ascontiguousarray(array), allow_pickle=False)
    return stream.getvalue()


def unpack(content: bytes) -> dict[str, Array]:
    """Return what `pack` was given. Raises EngineError when the content is damaged."""
    stream = io.BytesIO(content)
    if stream.read(len(MAGIC)) != MAGIC:
        raise EngineError("this is not a stored model of the recommendation engine")
    try:
        names = json.loads(stream.readline())
        return {name: np.lib.format.read_array(stream, allow_pickle=False) for name in names}
    except (ValueError, EOFError) as error:
        raise EngineError("the stored model is damaged") from error
