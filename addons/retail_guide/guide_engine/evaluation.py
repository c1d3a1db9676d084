"""Judge recommendations on sales that the learning has not seen."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from . import measures
from .arrays import Floats, Ints, as_ids
from .counts import Counts
from .scoring import History

AT = 10  # products shown


@dataclass(frozen=True)
class Case:
    """One question: with this history and basket, which products are wanted?

    closed: products that don't count as an answer, besides the basket's.
    """

    history: History
    basket: Ints
    wanted: Ints
    closed: Ints


@dataclass(frozen=True)
class Quality:
    """recall: mean recall@10 over the cases. coverage: share of the catalogue ever shown."""

    recall: float
    coverage: float
    cases: int


def recall_at(shown: Sequence[int], wanted: npt.ArrayLike, at: int = AT) -> float:
    """Return hits among the first `at` shown over the hits possible, 0..1.

    Raises ValueError when nothing is wanted: such a case says nothing.
    """
    goal = np.unique(as_ids(wanted))
    if len(goal) == 0:
        raise ValueError("a case without wanted products can't be judged")
    hits = np.isin(np.unique(np.asarray(shown[:at], np.int64)), goal).sum()
    return float(hits / min(at, len(goal)))


def evaluate(
    cases: Iterable[Case], recommend: Callable[[Case], Sequence[int]], catalogue: int, at: int = AT
) -> Quality:
    """Return the quality of `recommend`, which answers a case with product ids, best first.

    Args: catalogue, the number of products that could be shown.
    """
    recalls, seen = [], set()
    for case in cases:
        shown = list(recommend(case))[:at]
        recalls.append(recall_at(shown, case.wanted, at))
        seen.update(shown)
    if not recalls:
        return Quality(0.0, 0.0, 0)
    return Quality(float(np.mean(recalls)), len(seen) / max(catalogue, 1), len(recalls))


def popularity_ranking(counts: Counts) -> Callable[[Case], Sequence[int]]:
    """Return the baseline that shows everybody what sells most."""
    order = np.lexsort((counts.products, -counts.sold))
    ranked = counts.products[order]

    def recommend(case: Case) -> Sequence[int]:
        closed = np.concatenate((case.basket, case.closed))
        head = ranked[: len(closed) + AT]
        shown: list[int] = head[~np.isin(head, closed)][:AT].tolist()
        return shown

    return recommend


def cosine_ranking(counts: Counts) -> Callable[[Case], Sequence[int]]:
    """Return the baseline of one SQL self-join: sum of the plain cosines of all pairs."""
    pairs = counts.matrix().tocoo()
    data = measures.cosine(pairs.data, counts.sold[pairs.row], counts.sold[pairs.col])
    matrix = type(pairs)((data, (pairs.row, pairs.col)), shape=pairs.shape).tocsr()

    def recommend(case: Case) -> Sequence[int]:
        places = counts.places(case.basket)
        total: Floats = np.asarray(matrix[places[places >= 0]].sum(axis=0)).ravel()
        closed = counts.places(np.concatenate((case.basket, case.closed)))
        total[closed[closed >= 0]] = 0.0
        head = np.argpartition(-total, min(AT, len(total) - 1))[:AT]
        head = head[total[head] > 0]
        order = np.lexsort((counts.products[head], -total[head]))
        shown: list[int] = counts.products[head[order]].tolist()
        return shown

    return recommend
