"""Exact integer arithmetic: rounding and splitting.

Twin: static/src/promo_engine/money.js
"""

from collections.abc import Sequence

from .errors import ensure

RATE_ONE = 10000  # basis points in 100 %
QTY_ONE = 1000  # thousandths in one unit


def mul_div(a: int, b: int, c: int) -> int:
    """Return a * b / c rounded half away from zero.

    Raises InvalidInput (a ValueError) if c is 0.
    """
    product = a * b
    if product >= 0 and c > 0:
        return (2 * product + c) // (2 * c)
    ensure(c != 0, "mul_div: division by zero")
    quotient = (2 * abs(product) + abs(c)) // (2 * abs(c))
    return -quotient if (product < 0) != (c < 0) else quotient


def largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Split total in proportion to the weights; the shares sum to it exactly.

    Floor shares first, then one unit each to the largest remainders, ties to the earlier
    weight. A negative total is split like its opposite.
    Raises InvalidInput for a negative weight, or when there is a total and no weight.
    """
    whole = sum(weights)
    ensure(not weights or min(weights) >= 0, "largest_remainder: negative weight")
    ensure(whole or not total, "largest_remainder: nothing to split over")
    if not whole:
        return [0] * len(weights)
    if total < 0:
        return [-share for share in largest_remainder(-total, weights)]
    shares = [total * weight // whole for weight in weights]
    left = total - sum(shares)
    if left:
        remainders = [-(total * weight % whole) for weight in weights]
        for position in sorted(range(len(weights)), key=remainders.__getitem__)[:left]:
            shares[position] += 1
    return shares
