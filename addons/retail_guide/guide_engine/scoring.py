"""Rank what to recommend to a member, with a basket, in a store; say why."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from . import measures
from .arrays import Floats, Ints, as_ids, locate
from .errors import EngineError
from .neighbours import Neighbours
from .tastes import Tastes

REPEAT, BASKET, HISTORY, POPULAR = "repeat", "basket", "history", "popular"
REASONS = (REPEAT, BASKET, HISTORY, POPULAR)  # on equal shares the earlier one is told
STORE_DOUBT_BASKETS = 300  # baskets of a store at which half of its own popularity is believed


@dataclass(frozen=True)
class History:
    """A member's purchases, net of returns: one entry per basket and product.

    products: ids; days: age of each purchase in days, >= 0.
    """

    products: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    days: Floats = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        object.__setattr__(self, "products", as_ids(self.products))
        object.__setattr__(self, "days", np.asarray(self.days, np.float64))
        if self.days.shape != self.products.shape:
            raise EngineError("there must be one age per purchase")
        if np.any(~np.isfinite(self.days) | (self.days < 0)):
            raise EngineError("the age of a purchase must be 0 days or more")


@dataclass(frozen=True)
class Shelf:
    """What a store sells: aligned arrays, products sorted and distinct.

    popularity: >= 0, share of baskets (`store_popularity`). allowed: False for what is out of
    stock, refused by the member or not sellable. multiplier: business weight > 0, 1 is neutral.
    """

    products: Ints
    popularity: Floats
    allowed: npt.NDArray[np.bool_] | None = None
    multiplier: Floats | None = None

    def __post_init__(self) -> None:
        products = as_ids(self.products)
        object.__setattr__(self, "products", products)
        if np.any(products[1:] <= products[:-1]):
            raise EngineError("a shelf's products must be sorted and distinct")
        for name, kind in (("popularity", float), ("allowed", bool), ("multiplier", float)):
            values = getattr(self, name)
            if values is None:
                continue
            values = np.asarray(values, kind)
            if values.shape != products.shape:
                raise EngineError(f"a shelf's {name} must have one value per product")
            if kind is float and (np.any(~np.isfinite(values)) or np.any(values < 0)):
                raise EngineError(f"a shelf's {name} must not be negative")
            object.__setattr__(self, name, values)


@dataclass(frozen=True)
class Options:
    """How to blend; the defaults are tuned on the grocery set (weeks 1-36 against 37-44)."""

    limit: int = 10
    half_life_days: float = 84.0  # of a purchase's weight: 12 weeks
    repeat: float = 1.0  # per purchase, decayed
    basket: float = 7.0  # per unit of neighbour strength to a product in the basket
    history: float = 0.02  # per unit of neighbour strength to a decayed purchase
    taste: float = 0.6
    popular: float = 0.02  # for the store's most popular product: the floor
    only_new: bool = False  # leave out what the member ever bought


@dataclass(frozen=True)
class Recommendation:
    """A product with its reason.

    repeat: `count` baskets of the member hold it, the last `days` ago. basket: often bought with
    `because`, in `count` baskets, with confidence and lift. history: goes with `because` that the
    member bought `days` ago; count, confidence and lift are 0 where no basket held both.
    popular: in the share `confidence` of the store's baskets.
    """

    product: int
    score: float
    reason: str
    because: int | None = None
    count: int = 0
    days: float | None = None
    confidence: float = 0.0
    lift: float = 0.0


def store_popularity(
    in_store: npt.ArrayLike, in_all: npt.ArrayLike, store_baskets: int, baskets: int
) -> Floats:
    """Return each product's share of the store's baskets, leaning on all stores' while it is young.

    Args: baskets with the product in the store and in all stores, aligned; numbers of baskets.
    """
    overall = measures.support(np.asarray(in_all, np.float64), baskets)
    own = np.asarray(in_store, np.float64)
    return (own + STORE_DOUBT_BASKETS * overall) / (store_baskets + STORE_DOUBT_BASKETS)


def score(
    history: History, basket: Sequence[int] | Ints, shelf: Shelf, table: Neighbours,
    tastes: Tastes | None = None, options: Options | None = None,
) -> list[Recommendation]:  # fmt: skip
    """Return the best products of the shelf with a score above zero, best first.

    Products in the basket and those not allowed never appear. Equal scores are ranked by
    popularity, then by id. The shares that make a score up also decide the reason.
    """
    options = options or Options()
    held = np.unique(as_ids(basket))
    weights = np.power(0.5, history.days / options.half_life_days)
    known = _Known.of(history, weights)
    shares = np.vstack(
        [
            options.repeat * _spread(shelf, known.products, known.weights),
            options.basket * _near(shelf, table, held, np.ones(len(held))),
            options.history * _near(shelf, table, known.products, known.weights)
            + options.taste * _taste(shelf, tastes, known.products),
            options.popular * _relative(shelf.popularity),
        ]
    )
    if options.only_new:
        _close(shelf, shares, known.products)
    _close(shelf, shares, held)
    total = shares.sum(axis=0)
    if shelf.allowed is not None:
        total = np.where(shelf.allowed, total, 0.0)
    if shelf.multiplier is not None:
        total = total * shelf.multiplier
    explain = _Explainer(known, held, shelf, table, tastes)
    return [
        explain(int(place), float(total[place]), REASONS[int(shares[:, place].argmax())])
        for place in _best(total, shelf, options.limit)
    ]


@dataclass(frozen=True)
class _Known:
    """The member's distinct products, sorted, with weight, baskets and age of the last purchase."""

    products: Ints
    weights: Floats
    counts: Ints
    days: Floats

    @classmethod
    def of(cls, history: History, weights: Floats) -> "_Known":
        products, places = np.unique(history.products, return_inverse=True)
        last = np.full(len(products), np.inf)
        np.minimum.at(last, places, history.days)
        size = len(products)
        total = np.bincount(places, weights, size).astype(np.float64)  # integers when empty
        return cls(products, total, np.bincount(places, minlength=size), last)


def _spread(shelf: Shelf, products: Ints, values: Floats) -> Floats:
    """Return the values summed onto the shelf's products; those not on it are dropped."""
    places = locate(products, shelf.products)
    on_shelf = places >= 0
    size = len(shelf.products)
    return np.bincount(places[on_shelf], values[on_shelf], size).astype(np.float64)


def _near(shelf: Shelf, table: Neighbours, products: Ints, weights: Floats) -> Floats:
    """Return per product on the shelf the weighted strength of being their neighbour."""
    rows, owner = table.rows_of(products)
    strong = measures.strength(
        table.basket_count[rows], table.product_count[rows], table.neighbour_count[rows]
    )
    return _spread(shelf, table.neighbour[rows], strong * weights[owner])


def _taste(shelf: Shelf, tastes: Tastes | None, products: Ints) -> Floats:
    if tastes is None or len(products) == 0 or len(shelf.products) == 0:
        return np.zeros(len(shelf.products))
    wish = tastes.rows_of(products).sum(axis=0)
    wanted: Floats = (tastes.rows_of(shelf.products) @ wish).astype(np.float64)
    return np.maximum(wanted, 0.0)


def _relative(values: Floats) -> Floats:
    peak = float(values.max(initial=0.0))
    relative: Floats = values / (peak or 1.0)
    return relative


def _close(shelf: Shelf, shares: Floats, products: Ints) -> None:
    """Take the products out of the running."""
    places = locate(products, shelf.products)
    shares[:, places[places >= 0]] = 0.0


def _best(total: Floats, shelf: Shelf, limit: int) -> Ints:
    """Return the places of the highest totals above zero, ties resolved."""
    places = np.flatnonzero(total > 0)
    if limit < 1 or len(places) == 0:
        return places[:0]
    if len(places) > limit:
        edge = np.partition(total[places], len(places) - limit)[len(places) - limit]
        places = places[total[places] >= edge]
    order = np.lexsort((shelf.products[places], -shelf.popularity[places], -total[places]))
    return places[order[:limit]]


@dataclass(frozen=True)
class _Explainer:
    """Find the evidence for a recommendation; done only for the few that are shown."""

    known: _Known
    held: Ints
    shelf: Shelf
    table: Neighbours
    tastes: Tastes | None

    def __call__(self, place: int, total: float, reason: str) -> Recommendation:
        product = int(self.shelf.products[place])
        if reason == REPEAT:
            own = int(np.searchsorted(self.known.products, product))
            count, days = int(self.known.counts[own]), float(self.known.days[own])
            return Recommendation(product, total, reason, count=count, days=days)
        if reason == BASKET:
            return self._because(product, total, reason, self.held, np.ones(len(self.held)))
        if reason == HISTORY:
            known = self.known
            return self._because(product, total, reason, known.products, known.weights)
        share = float(self.shelf.popularity[place])
        return Recommendation(product, total, reason, confidence=share)

    def _because(
        self, product: int, total: float, reason: str, sources: Ints, weights: Floats
    ) -> Recommendation:
        """Name the source with the strongest tie, by baskets or else by taste."""
        rows, owner = self.table.rows_of(sources)
        hits = self.table.neighbour[rows] == product
        rows, owner = rows[hits], owner[hits]
        others = sources != product
        if len(rows):
            found = self.table.only(rows)
            best = int(np.argmax(found.strength * weights[owner]))
            return Recommendation(
                product, total, reason, int(found.product[best]), int(found.basket_count[best]),
                self._days(int(found.product[best])), float(found.confidence[best]),
                float(found.lift[best]),
            )  # fmt: skip
        if self.tastes is None or not others.any():
            return Recommendation(product, total, POPULAR)
        alike = self.tastes.rows_of(sources) @ self.tastes.rows_of([product])[0]
        best = int(np.argmax(np.where(others, alike, -np.inf)))
        because = int(sources[best])
        return Recommendation(product, total, reason, because, days=self._days(because))

    def _days(self, product: int) -> float | None:
        place = locate([product], self.known.products)[0]
        return float(self.known.days[place]) if place >= 0 else None
