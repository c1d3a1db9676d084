"""Quality (`run`) and speed (`speed`) of the recommendation engine on real grocery baskets.

Learned on weeks 1-44 and judged on weeks 45-52: the defaults were tuned on weeks 1-36 against
37-44, and nothing on later ones. Who and what counts:

- catalogue: products in at least 10 baskets of the learned weeks;
- next basket: each household's first basket of 5 products or more in the judged weeks;
- new items: everything a household buys in the judged weeks that it never bought before;
- half basket: a random half of the next basket is known, the rest is wanted;
- recall@10 = hits among 10 shown / hits possible, mean over households; all that shopped in
  both periods count, also those with a single basket of history.
"""

import itertools
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "addons" / "retail_guide")]

import guide_engine as engine  # noqa: E402

from demo import grocery  # noqa: E402

LEARNED_WEEKS, JUDGED_WEEKS = (1, 44), (45, 52)
MIN_BASKETS = 10  # of a product, to belong to the catalogue
MIN_WANTED = 5  # products of a basket that is to be guessed
RUNS = 5
SPEED_LINES = 1_000_000
SPEED_PARTS = 10
DAY_SHARE = 0.01  # of the baskets, that one day adds


@dataclass(frozen=True)
class Set:
    """What was learned and asked; products and households are numbered from 0."""

    learned: pd.DataFrame
    counts: engine.Counts
    table: engine.Neighbours
    tastes: engine.Tastes
    shelves: dict[int, engine.Shelf]  # by home store
    next_baskets: list[tuple[int, engine.Case]]  # with the household's home store
    new_items: list[tuple[int, engine.Case]]
    half_baskets: list[tuple[int, engine.Case]]


def run(
    env: object = None,
    learned: tuple[int, int] = LEARNED_WEEKS,
    judged: tuple[int, int] = JUDGED_WEEKS,
) -> list[dict]:
    """Return the figures of quality in the form of bench.json; weeks are first and last.

    No database is needed, so that `env` is left alone.
    """
    sales, _products = grocery.load()
    return _quality(_prepare(sales, learned, judged))


def speed() -> list[dict]:
    """Return the figures of learning: full against scipy's product, a day against full."""
    sales, _products = grocery.load()
    return _speed(sales)


def _prepare(sales: pd.DataFrame, learned: tuple[int, int], judged: tuple[int, int]) -> Set:
    past = sales[sales["week"].between(*learned)]
    baskets = past["product"].value_counts()
    catalogue = np.sort(baskets[baskets >= MIN_BASKETS].index.to_numpy())
    past = _numbered(past, catalogue)
    counts = engine.fit(past["basket"], past["product"])
    shelves, homes = _shelves(past, counts)
    future = _numbered(sales[sales["week"].between(*judged)], catalogue)
    future = future[future["household"].isin(homes.index)].sort_values(["at", "basket"])
    return Set(
        past,
        counts,
        engine.find_neighbours(counts),
        engine.fit_tastes(past["household"], past["product"]),
        shelves,
        *_cases(past, future, homes),
    )


def _numbered(sales: pd.DataFrame, catalogue: np.ndarray) -> pd.DataFrame:
    known = sales[sales["product"].isin(catalogue)]
    return known.assign(product=np.searchsorted(catalogue, known["product"]))


def _shelves(
    past: pd.DataFrame, counts: engine.Counts
) -> tuple[dict[int, engine.Shelf], pd.Series]:
    """Return (shelf by store, home store by household)."""
    visits = past.drop_duplicates("basket").groupby(["household", "store"]).size()
    visits = visits.reset_index(name="visits")
    visits = visits.sort_values(["household", "visits", "store"], ascending=[True, False, True])
    homes = visits.drop_duplicates("household").set_index("household")["store"]
    shelves = {}
    for store, sold in past.groupby("store"):
        in_store = np.bincount(sold["product"], minlength=len(counts.products))
        popularity = engine.store_popularity(
            in_store, counts.sold, sold["basket"].nunique(), counts.baskets
        )
        shelves[store] = engine.Shelf(counts.products, popularity)
    return shelves, homes


def _cases(past: pd.DataFrame, future: pd.DataFrame, homes: pd.Series) -> tuple[list, list, list]:
    until = past["at"].max()
    days = (until - past["at"]).dt.total_seconds().to_numpy() / 86_400
    products, rows = past["product"].to_numpy(), past.groupby("household").indices
    none = np.zeros(0, np.int64)
    following, new, halves = [], [], []
    for household, lines in future.groupby("household"):
        own = rows[household]
        history = engine.History(products[own], days[own])
        home = homes[household]
        bought = np.unique(lines["product"])
        fresh = np.setdiff1d(bought, history.products)
        if len(fresh):
            known = np.unique(history.products)
            new.append((home, engine.Case(history, none, fresh, known)))
        for basket, part in lines.groupby("basket", sort=False):
            if len(part) >= MIN_WANTED:
                wanted = part["product"].to_numpy()
                following.append((home, engine.Case(history, none, wanted, none)))
                mixed = np.random.default_rng(basket).permutation(wanted)
                half = len(mixed) // 2
                halves.append((home, engine.Case(history, mixed[:half], mixed[half:], none)))
                break
    return following, new, halves


def _quality(data: Set) -> list[dict]:
    ours, popular = _Ours(data), engine.popularity_ranking(data.counts)
    new, pairs = _Ours(data, only_new=True), engine.cosine_ranking(data.counts)
    next_ours = ours.judge(data.next_baskets)
    next_peer = _judge(data, data.next_baskets, popular)
    new_ours, new_peer = new.judge(data.new_items), _judge(data, data.new_items, popular)
    half_ours, half_peer = ours.judge(data.half_baskets), _judge(data, data.half_baskets, pairs)
    return [
        _result("quality.next_basket", next_ours.recall, next_peer.recall, 2.4, "recall@10"),
        _result("quality.new_items", new_ours.recall, new_peer.recall, 1.35, "recall@10"),
        _result("quality.half_basket", half_ours.recall, half_peer.recall, 1.4, "recall@10"),
        _result("quality.coverage", next_ours.coverage, 1.0, 0.3, "share of the catalogue"),
    ]


class _Ours:
    """The engine as the shop calls it: every case by `score`, on the home store's shelf."""

    def __init__(self, data: Set, **options: object):
        self.data = data
        self.options = replace(engine.Options(), **options)

    def judge(self, cases: list[tuple[int, engine.Case]]) -> engine.Quality:
        homes = iter([home for home, _case in cases])

        def recommend(case: engine.Case) -> list[int]:
            ranked = engine.score(
                case.history, case.basket, self.data.shelves[next(homes)],
                self.data.table, self.data.tastes, self.options,
            )  # fmt: skip
            return [line.product for line in ranked]

        return _judge(self.data, cases, recommend)


def _judge(data: Set, cases: list[tuple[int, engine.Case]], recommend: Callable) -> engine.Quality:
    return engine.evaluate((case for _home, case in cases), recommend, len(data.counts.products))


def _speed(sales: pd.DataFrame) -> list[dict]:
    """Time learning on SPEED_LINES lines, numbered densely as a database numbers them.

    Full: counts, neighbours and tastes. A day: its baskets counted, the lists they touch ranked.
    """
    lines = sales.head(SPEED_LINES)
    baskets, _ids = pd.factorize(lines["basket"])
    products, _ids = pd.factorize(lines["product"], sort=True)
    members, _ids = pd.factorize(lines["household"])
    first_day = baskets < baskets.max() * (1 - DAY_SHARE)
    # The job counts in parts of whole baskets, each of which survives a killed worker.
    ends = np.searchsorted(baskets, np.linspace(0, baskets[-1] + 1, SPEED_PARTS + 1).astype(int))
    table = sparse.csr_matrix((np.ones(len(lines), np.int32), (baskets, products)))
    before = engine.fit(baskets[first_day], products[first_day])
    stored = engine.find_neighbours(before)
    day = (baskets[~first_day], products[~first_day])

    def product() -> None:
        table.T @ table

    def learn() -> None:
        parts = [
            engine.fit(baskets[start:end], products[start:end])
            for start, end in itertools.pairwise(ends)
        ]
        engine.find_neighbours(engine.join(parts))
        engine.fit_tastes(members, products)

    def increment() -> None:
        counts, changed = engine.update(before, day)
        engine.refresh(stored, counts, changed)

    bare, full, daily = _medians(product, learn, increment)
    return [
        _result("fit", full, bare, 3, "CPU s", RUNS),
        _result("increment", daily, full, 0.05, "CPU s", RUNS),
    ]


def _medians(*jobs: Callable[[], None]) -> list[float]:
    """Return the median CPU seconds per job; the jobs take turns, so that noise hits all."""
    times: list[list[float]] = [[] for _job in jobs]
    for _run in range(RUNS):
        for job, taken in zip(jobs, times, strict=True):
            start = time.process_time()
            job()
            taken.append(time.process_time() - start)
    return [statistics.median(taken) for taken in times]


def _result(name: str, ours: float, peer: float, aim: float, unit: str, runs: int = 1) -> dict:
    return {
        "name": f"recommend.{name}", "ours": round(ours, 4), "peer": round(peer, 4), "unit": unit,
        "ratio": round(ours / peer, 4), "aim": aim, "queries": "", "runs": runs,
    }  # fmt: skip
