"""What an evaluation tells: the outcome, its canonical form, and what a sale consumes.

Twin: static/src/promo_engine/outcome.js
"""

import json
from typing import Any

from .cart import Cart
from .errors import Json
from .program import Program, sort_key
from .proposal import Proposal
from .state import State


class Report:
    """Collects what happens to the programs while a cart is evaluated."""

    def __init__(self, cart: Cart, explain: bool) -> None:
        """`explain`: tell of every program, not only of those that could matter."""
        self._cart = cart
        self._explain = explain
        self._applied: list[Json] = []
        self._rejected: list[Json] = []
        self._hints: list[Json] = []

    def apply(self, program: Program, proposal: Proposal) -> None:
        entry = {
            "program": program.id,
            "version": program.version,
            "amount": proposal.amount,
            "units": proposal.units,
        }
        if proposal.points is not None:
            entry["points"] = proposal.points
        if proposal.gifts is not None:
            entry["gifts"] = proposal.gifts
        if proposal.delivery:
            entry["delivery"] = True
        self._applied.append(entry)

    def reject(self, program: Program, reason: str, conditions_hold: bool = True) -> None:
        if self._tells_of(program, conditions_hold):
            self._rejected.append({"program": program.id, "reason": reason})

    def hint(self, program: Program, proposal: Proposal) -> None:
        hint = proposal.hint
        if hint is not None and self._tells_of(program, True):
            self._hints.append({"program": program.id, "kind": hint.kind, "missing": hint.missing})

    def outcome(self, state: State) -> Json:
        """Return the outcome as the contract's plain dict."""
        lines = []
        for line, discounts in zip(state.lines, state.discounts, strict=True):
            net = state.remaining[line.position]
            lines.append({"id": line.id, "net": net, "discounts": discounts})
        return {
            "applied": self._applied,
            "rejected": sorted(self._rejected, key=_by_program),
            "hints": sorted(self._hints, key=_by_program),
            "lines": lines,
            "total": sum(state.remaining),
        }

    def _tells_of(self, program: Program, conditions_hold: bool) -> bool:
        if self._explain or (program.code is not None and program.code in self._cart.codes):
            return True
        return conditions_hold and bool(self._cart.directory.find(program.trigger_set))


def canonical(outcome: Json) -> bytes:
    """Return the outcome as the JSON bytes that both twins agree on."""
    text = json.dumps(outcome, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # A lone surrogate has no UTF-8 form: JSON's own escape, as in the twin.
    return text.encode("utf-8", errors="backslashreplace")


def consumption(outcome: Json) -> list[Json]:
    """Return what a sale with this outcome takes from each program's limits, by program.

    `{program, orders, units, amount}`: orders 1, discounted units, discount in minor units.
    The ledger keeps orders and units per member and store too.
    """
    taken = [
        {"program": a["program"], "orders": 1, "units": a["units"], "amount": a["amount"]}
        for a in outcome["applied"]
    ]
    return sorted(taken, key=_by_program)


def _by_program(entry: Json) -> tuple[Any, ...]:
    return sort_key(entry["program"])
