"""The lowest amount of a line that keeps a minimum margin: what carts bring as its floor.

Twin: static/src/promo_engine/margin.js
"""

from .errors import ensure
from .money import QTY_ONE, RATE_ONE

COST_ONE = 1000000  # parts of a minor unit in which costs are told


def line_floor(cost: int, margin: int, qty: int, amount: int, untaxed: int) -> int:
    """Return the least that a line may bring, in minor units, rounded up, at most its amount.

    `cost`: of one unit without tax, in millionths of a minor unit. `margin`: basis points of
    the price without tax. `qty` in thousandths. `amount`: of the line as promotions count it,
    `untaxed`: the same without tax; the floor is meant as the amount is.
    Raises InvalidInput for a margin that no price could have.
    """
    ensure(0 <= margin < RATE_ONE, "line_floor: a margin lies below 100 %")
    if cost <= 0 or qty <= 0 or amount <= 0 or untaxed <= 0:
        return 0
    least = _divide_up(
        cost * qty * amount * RATE_ONE, (RATE_ONE - margin) * untaxed * QTY_ONE * COST_ONE
    )
    return min(amount, least)


def part_of_floor(floor: int, qty: int, sold: int) -> int:
    """Return the floor of what is kept of a line: qty of what was sold, both in thousandths."""
    if floor <= 0 or qty <= 0 or sold <= 0:
        return 0
    return _divide_up(floor * qty, sold)


def _divide_up(number: int, by: int) -> int:
    return -(-number // by)
