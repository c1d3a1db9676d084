"""What to offer instead of a product: same category, allowed, similar price, similar baskets."""

import numpy as np
import numpy.typing as npt

from .arrays import Floats, Ints, locate
from .errors import EngineError
from .neighbours import Neighbours
from .scoring import Shelf

MIN_PRICE_RATIO = 0.5  # cheaper over dearer price; beyond it is no alternative


def instead_of(
    product: int, shelf: Shelf, categories: npt.ArrayLike, prices: npt.ArrayLike,
    table: Neighbours, limit: int = 5,
) -> list[tuple[int, float]]:  # fmt: skip
    """Return (product, score 0..2) best first: nearness of price plus likeness of baskets.

    Args: category and price > 0 per product of the shelf. Likeness is the cosine of the two
    products' neighbour lists: what serves the same purpose is bought with the same things, but
    seldom together. Equal scores are ranked by popularity, then id. Unknown product: empty list.
    """
    kinds, costs = np.asarray(categories), np.asarray(prices, np.float64)
    if kinds.shape != shelf.products.shape or costs.shape != shelf.products.shape:
        raise EngineError("there must be one category and one price per product of the shelf")
    place = int(locate([product], shelf.products)[0])
    if place < 0:
        return []
    low, high = np.minimum(costs, costs[place]), np.maximum(costs, costs[place])
    near = np.divide(low, high, out=np.zeros(len(costs)), where=high > 0)
    fits = (kinds == kinds[place]) & (near >= MIN_PRICE_RATIO) & (shelf.products != product)
    if shelf.allowed is not None:
        fits &= shelf.allowed
    places = np.flatnonzero(fits)
    total = near[places] + _likeness(product, shelf.products[places], table)
    order = np.lexsort((shelf.products[places], -shelf.popularity[places], -total))[:limit]
    return [(int(shelf.products[places[i]]), float(total[i])) for i in order]


def _likeness(product: int, others: Ints, table: Neighbours) -> Floats:
    """Return the cosine of the product's neighbour list with each other's, 0..1."""
    strong = table.strength
    own, _owner = table.rows_of([product])
    rows, owner = table.rows_of(others)
    order = np.argsort(table.neighbour[own])
    places = locate(table.neighbour[rows], table.neighbour[own][order])
    mine = np.where(places >= 0, strong[own][order][places], 0.0) if len(own) else 0.0 * rows
    size = len(others)
    dot = np.bincount(owner, mine * strong[rows], size)
    norm: Floats = np.sqrt(np.bincount(owner, strong[rows] ** 2, size) * (strong[own] ** 2).sum())
    likeness: Floats = np.divide(dot, norm, out=np.zeros(size), where=norm > 0)
    return likeness
