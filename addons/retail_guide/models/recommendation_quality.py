"""How good a learning is: half of each late basket is hidden and has to be recommended."""

from .. import guide_engine as engine
from . import recommendation_snapshot as snapshot

#: Baskets tested; more don't change the figures, only the time.
MAX_CASES = 500
#: A basket is tested from so many products on.
MIN_PRODUCTS = 4
SHOWN = 10


def judge(counts, codes, products):
    """Return the figures of ``retail.recommendation.model`` on baskets not yet counted.

    :param counts: the engine's counts of the earlier baskets
    :param codes: basket per line of the later baskets
    :param products: product per line
    """
    cases = list(_cases(codes, products))
    table = engine.find_neighbours(counts)
    shares = (counts.sold / max(counts.baskets, 1)).tolist()
    shelf = snapshot.shelf(dict(zip(counts.products.tolist(), shares, strict=True)))
    options = engine.Options(limit=SHOWN)

    def recommend(case):
        found = engine.score(case.history, case.basket, shelf, table, options=options)
        return [item.product for item in found]

    catalogue = len(counts.products)
    ours = engine.evaluate(cases, recommend, catalogue, SHOWN)
    popular = engine.evaluate(cases, engine.popularity_ranking(counts), catalogue, SHOWN)
    return {
        "tested_baskets": ours.cases,
        "recall": ours.recall,
        "popularity_recall": popular.recall,
        "coverage": ours.coverage,
    }


def _cases(codes, products):
    """Yield half-known baskets, evenly spread over all that are long enough.

    Which half is known doesn't depend on chance: every second product by id.
    """
    baskets = {}
    for code, product in zip(codes, products, strict=True):
        baskets.setdefault(code, set()).add(product)
    long = [baskets[code] for code in sorted(baskets) if len(baskets[code]) >= MIN_PRODUCTS]
    for held in long[:: max(1, len(long) // MAX_CASES)][:MAX_CASES]:
        ordered = sorted(held)
        yield engine.Case(engine.History(), ordered[::2], ordered[1::2], [])
