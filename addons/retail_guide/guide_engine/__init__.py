"""The recommendation engine: baskets in, neighbours and ranked products with reasons out.

Pure: numpy and scipy only; no Odoo, no clock, no I/O. Ids are any integers >= 0.

    counts = fit(basket_ids, product_ids)             full learning; `update` for a day's baskets,
                                                      `join` for the counts of parts
    table = find_neighbours(counts)                   top 50 per product with their measures
    tastes = fit_tastes(member_ids, product_ids)      what members alike buy
    score(history, basket, shelf, table, tastes)      ranked Recommendations
"""

from .alternatives import MIN_PRICE_RATIO, instead_of
from .choice import scores
from .counts import Counts, fit, join, update
from .distance import distance_km
from .errors import EngineError
from .evaluation import Case, Quality, cosine_ranking, evaluate, popularity_ranking, recall_at
from .forecast import Forecasts, abc, forecast, season_index, weekday_shares
from .neighbours import Neighbours, find_neighbours, refresh
from .scoring import History, Options, Recommendation, Shelf, score, store_popularity
from .tastes import Tastes, fit_tastes
from .uplift import Sample, Uplift, uplift

__all__ = [
    "Case", "Counts", "EngineError", "Forecasts", "History", "MIN_PRICE_RATIO", "Neighbours",
    "Options", "Quality", "Recommendation", "Sample", "Shelf", "Tastes", "Uplift", "abc",
    "cosine_ranking", "distance_km", "evaluate", "find_neighbours", "fit", "fit_tastes", "forecast",
    "instead_of", "join", "popularity_ranking", "recall_at", "refresh", "score", "scores",
    "season_index", "store_popularity", "update", "uplift", "weekday_shares",
]  # fmt: skip
