"""Choose from the whole set the part that becomes the demo shop."""

from dataclasses import dataclass

import pandas as pd

from .invent import number


@dataclass(frozen=True)
class Size:
    """How large the demo shop gets."""

    stores: int = 4
    real_stores: int = 12  # real stores whose sales the demo's stores carry
    products: int = 1_800
    baskets: int = 20_250  # of history, at least
    orders: int = 200  # latest baskets, kept out of the history
    household_baskets: int = 12  # households with fewer are left out


def choose(sales: pd.DataFrame, size: Size) -> pd.DataFrame:
    """Return the sales lines of the demo shop; column store is 1..size.stores.

    One real store alone has 4,000 baskets a year at most. So each of the busiest stores also
    carries those of the next busiest ones with which it shares the most households.
    Raises ValueError when the set has too few baskets for the size.
    """
    carried = _carriers(sales, size)
    chosen = sales[sales["store"].isin(carried.index)]
    chosen = chosen.assign(store=chosen["store"].map(carried))
    chosen = chosen[chosen["product"].isin(_most_sold(chosen, size.products))]
    chosen = chosen[chosen["household"].isin(_households(chosen, size))]
    return chosen.reset_index(drop=True)


def _carriers(sales: pd.DataFrame, size: Size) -> pd.Series:
    """Return a map from the real store's id to the demo store's number."""
    baskets = sales.groupby("store")["basket"].nunique()
    busiest = baskets.sort_values(ascending=False, kind="stable").head(size.real_stores).index
    visits = sales.drop_duplicates(["household", "store"])[["household", "store"]]
    visitors = {store: set(group) for store, group in visits.groupby("store")["household"]}
    anchors = list(busiest[: size.stores])
    carriers = {store: place for place, store in enumerate(anchors, start=1)}
    for store in busiest[size.stores :]:
        shared = [len(visitors[store] & visitors[anchor]) for anchor in anchors]
        carriers[store] = shared.index(max(shared)) + 1
    return pd.Series(carriers)


def _most_sold(sales: pd.DataFrame, count: int) -> pd.Index:
    baskets = sales.groupby("product")["basket"].nunique()
    return baskets.sort_values(ascending=False, kind="stable").head(count).index


def _households(sales: pd.DataFrame, size: Size) -> list[int]:
    """Return households, regular ones in an arbitrary fixed order, until the baskets suffice."""
    baskets = sales.groupby("household")["basket"].nunique()
    baskets = baskets[baskets >= size.household_baskets]
    order = sorted(baskets.index, key=lambda household: (number("pick", household), household))
    total, chosen = 0, []
    for household in order:
        if total >= size.baskets + size.orders:
            break
        chosen.append(household)
        total += int(baskets[household])
    if total < size.baskets + size.orders:
        raise ValueError(f"the set has {total} baskets, the demo shop needs more")
    return chosen
