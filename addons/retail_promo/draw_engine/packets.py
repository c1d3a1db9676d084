"""How much is in the next red packet. Money in minor units."""

from .seeds import number_below


def possible(budget: int, count: int, least: int, most: int) -> bool:
    """Tell whether a budget can be split into so many packets of least..most (0: no most)."""
    if count < 1 or least < 1 or (most and most < least):
        return False
    return count * least <= budget and (not most or budget <= count * most)


def next_amount(seed: str, left: int, count: int, least: int, most: int) -> int:
    """Return what is in the next packet of `count` that share what is left of the budget.

    Each is at least `least` and at most `most` (0: no most); together they are exactly `left`.
    About the mean on average: at most twice what would be the mean above the least. Raises
    ValueError when the packets can't share what is left.
    """
    if not possible(left, count, least, most):
        raise ValueError("what is left can't be shared like this")
    if count == 1:
        return left
    # Twice the mean above the least: else the first packets would take nearly all.
    highest = min(left - (count - 1) * least, least + 2 * (left - count * least) // count)
    lowest = least
    if most:
        lowest = max(lowest, left - (count - 1) * most)
        highest = max(lowest, min(highest, most))
    return lowest + number_below(seed, highest - lowest + 1)
