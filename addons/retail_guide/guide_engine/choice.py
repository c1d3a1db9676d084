"""Score products for the web shop by several measures, of which more is better."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .arrays import Floats
from .errors import EngineError


def scores(measures: Sequence[npt.ArrayLike], weights: Sequence[float]) -> Floats:
    """Return a score of 0 to 100 per product: the weighted mean of its ranks.

    A rank is the share of the other products that a product leaves behind, those that are even
    count half; so that no unit and no single giant decides.

    Args: per measure an array of one figure per product; per measure a weight >= 0.
    Raises EngineError for arrays of different lengths and weights that are negative or all 0.
    """
    table = [np.asarray(measure, np.float64) for measure in measures]
    if len(weights) != len(table) or len({len(column) for column in table}) > 1:
        raise EngineError("there must be one figure per product and one weight per measure")
    if min(weights, default=0) < 0 or sum(weights) <= 0:
        raise EngineError("weights must not be negative, nor all of them 0")
    ranks = np.array([_rank(column) for column in table])
    result: Floats = 100 * (np.asarray(weights, np.float64) @ ranks) / sum(weights)
    return result


def _rank(values: Floats) -> Floats:
    if len(values) < 2:
        return np.ones(len(values))
    ordered = np.sort(values)
    below = np.searchsorted(ordered, values, "left")
    even = np.searchsorted(ordered, values, "right") - below - 1
    ranks: Floats = (below + even / 2) / (len(values) - 1)
    return ranks
