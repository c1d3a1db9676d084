"""Cart conditions, in the order in which their reasons are given.

Twin: static/src/promo_engine/conditions.js

Each condition is (reason, does the program have it, does the cart meet it). The conditions
after `member_required` can rely on a member.
"""

from collections.abc import Callable
from typing import Any

from .cart import Cart
from .program import Holds, Program
from .windows import in_any_window

QUOTA_LIMITS = ("orders", "units", "store_units")
MEMBER_LIMITS = ("member_orders", "member_units")


def first_failure(program: Program, cart: Cart) -> str | None:
    """Return the reason of the first cart condition that fails, None when all hold."""
    for reason, holds in program.checks:
        if not holds(program, cart):
            return reason
    return None


def checks_of(program: Program) -> tuple[tuple[str, Holds], ...]:
    """Return the (reason, holds) pairs of the conditions that the program has."""
    return tuple((reason, holds) for reason, has, holds in CONDITIONS if has(program))


def needs_member(program: Program) -> bool:
    """Tell whether only a member can meet the program's conditions and limits."""
    return bool(
        program.classes
        or program.tags_any
        or program.segments_any
        or program.first_only
        or program.min_spend is not None
        or _has_limit(program, MEMBER_LIMITS)
    )


def _has_limit(program: Program, keys: tuple[str, ...]) -> bool:
    return any(key in program.limits for key in keys)


def _left(program: Program, cart: Cart, keys: tuple[str, ...]) -> bool:
    return all(
        cart.used(program.id, key) < program.limits[key] for key in keys if key in program.limits
    )


CONDITIONS: tuple[tuple[str, Callable[[Any], object], Holds], ...]
CONDITIONS = (
    ("not_started", lambda p: p.starts is not None, lambda p, cart: cart.utc >= p.starts),
    ("ended", lambda p: p.ends is not None, lambda p, cart: cart.utc < p.ends),
    ("window", lambda p: p.windows, lambda p, cart: in_any_window(p.windows, cart.now)),
    ("store", lambda p: p.stores, lambda p, cart: cart.store in p.stores),
    ("channel", lambda p: p.channels, lambda p, cart: cart.channel in p.channels),
    ("currency", lambda p: p.currencies, lambda p, cart: cart.currency in p.currencies),
    ("code", lambda p: p.code is not None, lambda p, cart: p.code in cart.codes),
    ("member_required", needs_member, lambda p, cart: cart.member is not None),
    ("class", lambda p: p.classes, lambda p, cart: cart.member.tier in p.classes),
    ("tag", lambda p: p.tags_any, lambda p, cart: p.tags_any & cart.member.tags),
    ("segment", lambda p: p.segments_any, lambda p, cart: p.segments_any & cart.member.segments),
    ("not_first", lambda p: p.first_only, lambda p, cart: cart.member.first),
    (
        "spend",
        lambda p: p.min_spend is not None,
        lambda p, cart: (cart.member.spend.get(p.spend_key) or 0) >= p.min_spend,
    ),
    (
        "limit_member",
        lambda p: _has_limit(p, MEMBER_LIMITS),
        lambda p, cart: _left(p, cart, MEMBER_LIMITS),
    ),
    (
        "quota",
        lambda p: _has_limit(p, QUOTA_LIMITS),
        lambda p, cart: _left(p, cart, QUOTA_LIMITS),
    ),
    (
        "budget",
        lambda p: _has_limit(p, ("amount",)),
        lambda p, cart: _left(p, cart, ("amount",)),
    ),
)
