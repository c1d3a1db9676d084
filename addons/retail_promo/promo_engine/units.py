"""Lines as units: runs of equal units, dearest first, and what groups of them gain.

Twin: static/src/promo_engine/units.js

A line may hold millions of units, so they are never listed one by one: a run stands for
units of one line that are worth the same.
"""

from collections.abc import Sequence

from .money import RATE_ONE, mul_div
from .state import State, View

Run = tuple[int, int, int]  # (value in minor units, position of the line, count)


def runs_of(state: State, view: View) -> list[Run]:
    """Return the units of the lines of whole quantity, dearest first, then in line order.

    A line's remaining amount is split over its units by largest remainder: its first units
    get one more than the others.
    """
    if view.runs is None:
        by_value = []  # values negated: the dearest sort first, and within them the first line
        for line, amount in zip(view.lines, view.weights, strict=True):
            units = state.lines[line].units
            if units:
                value, dearer = divmod(amount, units)
                if dearer:
                    by_value.append((-value - 1, line, dearer))
                by_value.append((-value, line, units - dearer))
        by_value.sort()
        view.runs = [(-negated, line, count) for negated, line, count in by_value]
    return view.runs


def count_units(runs: Sequence[Run]) -> int:
    return sum([count for _value, _line, count in runs])


def nth_shares(runs: list[Run], n: int, k: int, groups: int, rate: int) -> dict[int, int]:
    """Return per line what the last k units of each of the first `groups` groups of n gain."""
    shares: dict[int, int] = {}
    end = groups * n
    start = 0
    for value, line, count in runs:
        stop = min(start + count, end)
        if stop <= start:
            break
        discounted = _last_of_groups(stop, n, k) - _last_of_groups(start, n, k)
        shares[line] = shares.get(line, 0) + discounted * mul_div(value, rate, RATE_ONE)
        start = stop
    return shares


def _last_of_groups(position: int, n: int, k: int) -> int:
    """Return how many units before the position are among the last k of their group of n."""
    return position // n * k + max(0, position % n - (n - k))


def bundle_shares(runs: list[Run], n: int, price: int, groups: int) -> tuple[dict[int, int], int]:
    """Return per line what the groups of n gain over the price, and how many groups gain."""
    shares: dict[int, int] = {}
    gaining = 0
    for group, repeats in _groups(runs, n, groups):
        gain = _worth(group) - price
        if gain <= 0:
            break  # no later group is dearer
        gaining += repeats
        split = _split(gain, group) if len(group) > 1 else [(group[0][1], gain)]
        for line, share in split:
            shares[line] = shares.get(line, 0) + share * repeats
    return shares, gaining


def _groups(runs: list[Run], n: int, limit: int) -> list[tuple[list[Run], int]]:
    """Return up to `limit` groups of n units as (runs of the group, how often it occurs)."""
    groups: list[tuple[list[Run], int]] = []
    part: list[Run] = []
    missing = n
    for value, line, count in runs:
        while count and limit:
            taken = min(count, missing)
            part.append((value, line, taken))
            missing -= taken
            count -= taken
            if missing:
                break
            # A group within one run occurs as often as the run has room for it.
            repeats = min(limit, 1 + count // n) if len(part) == 1 else 1
            groups.append((part, repeats))
            limit -= repeats
            count -= (repeats - 1) * n
            part, missing = [], n
    return groups


def _split(gain: int, group: list[Run]) -> list[tuple[int, int]]:
    """Split a gain over the units of a group by largest remainder, as (line, share)."""
    whole = _worth(group)
    shares = [(line, gain * value // whole * count) for value, line, count in group]
    left = gain - sum([share for _line, share in shares])
    if left:
        remainders = [(-(gain * value % whole), line, count) for value, line, count in group]
        for _remainder, line, count in sorted(remainders):
            extra = min(left, count)
            shares.append((line, extra))
            left -= extra
    return shares


def _worth(group: list[Run]) -> int:
    return sum([value * count for value, _line, count in group])


def gaining_shares(gains: list[Run], limit: int | None) -> tuple[dict[int, int], int]:
    """Take the first `limit` units that gain (their value is the gain); None: all of them.

    Returns (gain per line, units taken).
    """
    shares: dict[int, int] = {}
    taken = 0
    for gain, line, count in gains:
        units = count if limit is None else min(count, limit - taken)
        if gain > 0 and units > 0:
            shares[line] = shares.get(line, 0) + gain * units
            taken += units
    return shares, taken
