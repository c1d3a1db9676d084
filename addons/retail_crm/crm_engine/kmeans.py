"""Groups of buyers that are alike: k-means with a fixed start, the same for the same buyers.

Source: Lloyd, "Least Squares Quantization in PCM", IEEE Transactions on Information Theory 28
(1982). The start is not drawn: buyers are put in order of their value and cut into k equal
parts, so that a day of the past gives the groups it gave then.
"""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ranks = npt.NDArray[np.int64]
ROUNDS = 200


def rank_buyers(recency: Array, frequency: Array, amount: Array, count: int) -> Ranks:
    """Return each buyer's group, 1 (spends most) to at most ``count``; arrays of equal length.

    ``recency`` in days since the last purchase, ``frequency`` in purchases, ``amount`` in money
    (below zero counts as none). Fewer groups come out where fewer kinds of buyers exist.
    """
    if not len(recency):
        return np.zeros(0, dtype=np.int64)
    points = _scaled(np.column_stack([-recency, frequency, amount]))
    kinds, of_buyer, weights = np.unique(points, axis=0, return_inverse=True, return_counts=True)
    groups = cluster(kinds, weights.astype(float), min(count, len(kinds)))
    ranked = _by_amount(kinds, weights.astype(float), groups)
    return np.asarray(ranked[of_buyer.ravel()] + 1)


def cluster(points: Array, weights: Array, count: int) -> Ranks:
    """Return the group 0..count-1 of each of n points (n, d) that stand for ``weights`` buyers."""
    if not len(points) or count < 1:
        return np.zeros(len(points), dtype=np.int64)
    groups = _start(points, weights, count)
    for _round in range(ROUNDS):
        centres = _centres(points, weights, groups, count)
        distances = ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
        nearest = distances.argmin(axis=1)
        if np.array_equal(nearest, groups):
            break
        groups = nearest
    return groups


def _scaled(values: Array) -> Array:
    """Return the columns' logarithms with mean 0 and deviation 1: a few giants don't rule."""
    logs = np.sign(values) * np.log1p(np.abs(values))
    logs[:, 1:] = np.maximum(logs[:, 1:], 0.0)
    deviations = logs.std(axis=0)
    scaled = (logs - logs.mean(axis=0)) / np.where(deviations > 0, deviations, 1.0)
    return np.asarray(np.round(scaled, 9))


def _start(points: Array, weights: Array, count: int) -> Ranks:
    """Cut the points, in order of their value, into parts of equal weight."""
    order = np.lexsort((*points.T, points.sum(axis=1)))
    before = np.cumsum(weights[order]) - weights[order]
    groups = np.empty(len(points), dtype=np.int64)
    groups[order] = np.minimum(before * count / weights.sum(), count - 1).astype(np.int64)
    return groups


def _centres(points: Array, weights: Array, groups: Ranks, count: int) -> Array:
    """Return the groups' centres; one without points lies infinitely far away and stays empty."""
    mass = np.bincount(groups, weights, minlength=count)
    sums = [np.bincount(groups, weights * column, minlength=count) for column in points.T]
    centres = np.column_stack(sums) / np.where(mass > 0, mass, 1.0)[:, None]
    centres[mass == 0] = np.inf
    return centres


def _by_amount(points: Array, weights: Array, groups: Ranks) -> Ranks:
    """Return the groups renumbered from 0: the one whose mean buyer spends most first."""
    found = np.unique(groups)
    means = [np.average(points[groups == g], axis=0, weights=weights[groups == g]) for g in found]
    # By amount, then by how often, then by how lately.
    order = np.lexsort(np.array(means).T)[::-1]
    ranks = np.zeros(int(found.max(initial=0)) + 1, dtype=np.int64)
    ranks[found[order]] = np.arange(len(found))
    return np.asarray(ranks[groups])
