"""A program, read once and used for many carts.

Twin: static/src/promo_engine/program.js
"""

from collections.abc import Callable
from typing import Any

from .errors import Json, ensure, needed, needed_integer, optional_integer
from .sets import SetPool

Holds = Callable[[Any, Any], object]  # (program, cart) -> does the cart meet the condition
UNIT_LIMITS = ("per_order_units", "member_units", "units", "store_units")
CONSUMING_KINDS = ("nth", "bundle", "cross", "gift")
STEP_NUMBERS = ("at", "amount", "rate")
# For every reward: the numbers that it must have, and those that it may have.
REWARD_NUMBERS = {
    "percent": (("rate",), ()),
    "amount": (("amount",), ()),
    "every": (("per", "amount"), ("max_times",)),
    "tiers": ((), ()),
    "nth": (("n", "k", "rate"), ("max_times",)),
    "bundle": (("n", "price"), ("max_times",)),
    "price": (("price",), ()),
    "cross": (("n", "k"), ("rate", "price", "max_times")),
    "gift": (("k",), ("n", "max_times")),
    "points": ((), ("points", "rate")),
    "delivery": ((), ()),
}
COUNTS = ("n", "k", "per")  # at least 1; every other number at least 0


class Program:
    """A checked program; an absent optional key is None or empty.

    Raises InvalidInput for a reward that no arithmetic fits: an unknown kind, a missing or
    negative number, a group size of zero.
    """

    def __init__(self, data: Json, pool: SetPool) -> None:
        self.id = needed(data, "id", "program")
        path = f"program {self.id}"
        self.version = needed(data, "version", path)
        self.group = needed(data, "group", path)
        priority = needed_integer(data, "priority", path)
        self.order = (priority, needed_integer(data, "sequence", path), sort_key(self.id))
        self.stackable = data.get("stackable") is True
        self.rank = 0  # place among all programs, given by the index
        self._read_conditions(data, path)
        self._read_sets(data, pool, path)
        self.reward = read_reward(needed(data, "reward", path), path)
        self.kind = self.reward["kind"]
        self.limits = _present(data.get("limits") or {})
        for key in self.limits:
            needed_integer(self.limits, key, path)
        self.unit_limits = tuple(key for key in UNIT_LIMITS if key in self.limits)
        self.max_discount = optional_integer(data, "max_discount", path)
        consumes = data.get("consume_trigger")
        self.consume_trigger = (
            self.kind in CONSUMING_KINDS if consumes is None else consumes is True
        )
        # The cart conditions that it has, given by the index.
        self.checks: tuple[tuple[str, Holds], ...] = ()

    def _read_conditions(self, data: Json, path: str) -> None:
        self.starts = data.get("from")
        self.ends = data.get("to")
        self.windows = data.get("windows") or ()
        self.stores = frozenset(data.get("stores") or ())
        self.channels = frozenset(data.get("channels") or ())
        self.currencies = frozenset(data.get("currencies") or ())
        self.classes = frozenset(data.get("classes") or ())
        self.tags_any = frozenset(data.get("tags_any") or ())
        self.segments_any = frozenset(data.get("segments_any") or ())
        self.first_only = data.get("first_only") is True
        self.code = data.get("code")
        spend = data.get("min_spend")
        self.spend_key = None if spend is None else needed(spend, "key", path)
        self.min_spend = None if spend is None else needed_integer(spend, "amount", path)

    def _read_sets(self, data: Json, pool: SetPool, path: str) -> None:
        trigger = _present(data.get("trigger") or {})
        self.trigger_set = pool.get(trigger.get("set", {"all": True}))
        self.min_qty = optional_integer(trigger, "min_qty", path)
        self.min_amount = optional_integer(trigger, "min_amount", path)
        target = data.get("target")
        self.target_set = None if target is None else pool.get(target)


def sort_key(identifier: object) -> tuple[Any, ...]:
    """Order ids: numbers by value, then texts by code point."""
    return (isinstance(identifier, str), identifier)


def read_reward(data: Json, path: str) -> Json:
    """Return the reward without its null keys.

    Raises InvalidInput when it lacks a number it needs or has an unfit one.
    """
    reward = _present(data)
    kind = str(needed(reward, "kind", path))
    ensure(kind in REWARD_NUMBERS, f"{path}: unknown reward {kind}")
    required, optional = REWARD_NUMBERS[kind]
    for key in required:
        needed_integer(reward, key, path)
    _check_numbers(reward, (*required, *optional), path)
    if kind == "cross":
        ensure("rate" in reward or "price" in reward, f"{path}: reward without rate or price")
    if kind == "points":
        ensure("points" in reward or "rate" in reward, f"{path}: reward without points or rate")
    if kind == "tiers":
        _read_tiers(reward, path)
    return reward


def _check_numbers(values: Json, keys: tuple[str, ...], path: str) -> None:
    for key in keys:
        if key in values:
            value, least = needed_integer(values, key, path), 1 if key in COUNTS else 0
            ensure(value >= least, f"{path}: {key} must be at least {least}")


def _read_tiers(reward: Json, path: str) -> None:
    ensure(reward.get("by") in ("amount", "qty"), f"{path}: tiers by amount or qty")
    ensure(
        reward.get("mode", "best_step") in ("best_step", "each_step"),
        f"{path}: tiers mode best_step or each_step",
    )
    reward["steps"] = [_present(step) for step in reward.get("steps", ())]
    for step in reward["steps"]:
        needed_integer(step, "at", path)
        ensure("amount" in step or "rate" in step, f"{path}: step without amount or rate")
        _check_numbers(step, STEP_NUMBERS, path)


def _present(data: Json) -> Json:
    return {key: value for key, value in data.items() if value is not None}
