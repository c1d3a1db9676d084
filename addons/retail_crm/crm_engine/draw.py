"""Draws that come out the same whenever they are made again: by the hash of who and what for."""

from collections.abc import Hashable, Sequence
from hashlib import sha256

PARTS = 10_000


def lot(*key: Hashable) -> int:
    """Return a number from 0 up to, not at, 10000 that depends on the key only."""
    text = "/".join(str(part) for part in key)
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big") % PARTS


def held_out(percent: float, *key: Hashable) -> bool:
    """Tell whether the key is among the percent of all keys that are left out."""
    return lot(*key) < percent * PARTS / 100


def next_variant(shares: Sequence[float], counts: Sequence[int]) -> int:
    """Return the index of the variant that lags most behind its share; the first one of equals.

    shares: weights > 0; counts: how many each has by now. So the counts never stray further than
    one from what the shares ask for, however few there are.
    """
    total, weight = sum(counts) + 1, sum(shares)
    lags = [share * total / weight - count for share, count in zip(shares, counts, strict=True)]
    return lags.index(max(lags))
