"""What goes back when part of a sale is returned.

Twin: static/src/promo_engine/refund.js
"""

from collections.abc import Sequence

from .errors import Json
from .evaluate import evaluate
from .outcome import consumption
from .program import sort_key
from .program_index import ProgramIndex

LEDGER_KEYS = {
    "member_orders": "orders",
    "member_units": "units",
    "orders": "orders",
    "units": "units",
    "store_units": "units",
    "amount": "amount",
}
DIFFERENCE_KEYS = ("orders", "units", "amount", "points")


def refund(
    paid: int,
    cart: Json,
    programs: ProgramIndex | Sequence[Json],
    groups: Sequence[Json] = (),
    granted: Json | None = None,
    refundable: int | None = None,
) -> Json:
    """Return what to pay back for a sale of which only `cart` is kept.

    `paid`: minor units paid so far less earlier refunds. `cart`: the kept basket with the
    sale's own now, utc, codes and member, and with `used` as the ledger holds it now, the
    sale included. `programs`: the versions stored with the sale. `granted`: the sale's
    outcome now in force (after an earlier return: that one), None if nothing was granted.
    `refundable`: minor units that may still be paid back, None for no such bound.
    Returns `{refund, shortfall, outcome, released}`: `shortfall` is what the kept goods cost
    above what was paid, to be shown and not collected; `released` what goes back to limits
    and points, `{program, orders, units, amount, points}`, negative for what is used anew.
    """
    granted = granted or {"applied": []}
    kept = {**cart, "used": used_without(cart.get("used") or {}, consumption(granted))}
    outcome = evaluate(kept, programs, groups)
    due = max(0, paid - outcome["total"])
    return {
        "refund": due if refundable is None else max(0, min(due, refundable)),
        "shortfall": max(0, outcome["total"] - paid),
        "outcome": outcome,
        "released": _difference(granted, outcome),
    }


def used_without(used: Json, consumed: Sequence[Json]) -> Json:
    """Return the ledger's `used` less a sale's own consumption, never below zero."""
    left = dict(used)
    for entry in consumed:
        program = str(entry["program"])
        if left.get(program):
            left[program] = {
                key: max(0, (value or 0) - entry[LEDGER_KEYS[key]])
                for key, value in left[program].items()
                if key in LEDGER_KEYS
            }
    return left


def _difference(granted: Json, outcome: Json) -> list[Json]:
    before, after = _by_program(granted), _by_program(outcome)
    nothing = dict.fromkeys(DIFFERENCE_KEYS, 0)
    released = []
    for program in sorted({**before, **after}, key=sort_key):
        old, new = before.get(program, nothing), after.get(program, nothing)
        change = {key: old[key] - new[key] for key in DIFFERENCE_KEYS}
        if any(change.values()):
            released.append({"program": program, **change})
    return released


def _by_program(outcome: Json) -> Json:
    points = {entry["program"]: entry.get("points", 0) for entry in outcome["applied"]}
    return {
        entry["program"]: {**entry, "points": points[entry["program"]]}
        for entry in consumption(outcome)
    }
