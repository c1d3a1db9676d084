"""Which prize a seed wins."""

from collections.abc import Sequence

from .seeds import number_below


def draw(seed: str, weights: Sequence[int]) -> int:
    """Return the index that the seed wins, each as likely as its weight says.

    Prizes lie one after the other, each as long as its weight; the number of the seed below
    the sum falls on one of them. A weight of zero never wins. Raises ValueError when a weight
    is below zero or all are zero.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight is below zero")
    point = number_below(seed, sum(weights))
    for index, weight in enumerate(weights):
        if point < weight:
            return index
        point -= weight
    raise AssertionError("the point lies below the sum of the weights")
