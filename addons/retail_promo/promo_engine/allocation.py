"""Splitting a discount over lines, then the cap, then the floors.

Twin: static/src/promo_engine/allocation.js
"""

from .cart import Cart
from .money import largest_remainder
from .program import Program
from .proposal import Proposal
from .state import State, View


def allocate(discount: int, view: View) -> dict[int, int]:
    """Split a discount over the view's lines, the remaining amounts as weights."""
    return dict(zip(view.lines, largest_remainder(discount, view.weights), strict=True))


def settle(proposal: Proposal, program: Program, cart: Cart, state: State) -> None:
    """Cap the shares, cut them at the floors, and refuse a program that gives nothing.

    Nothing that a floor takes from a line moves to another one.
    """
    shares = _capped(proposal.shares, _cap(program, cart))
    room = state.room
    proposal.shares = {
        line: share if share < room[line] else room[line]
        for line, share in shares.items()
        if share and room[line]
    }
    proposal.amount = sum(proposal.shares.values())
    if not proposal.amount:
        proposal.units = 0
        if not proposal.gives_no_money():
            proposal.reason = "zero_discount"


def _cap(program: Program, cart: Cart) -> int | None:
    """Return the least of the program's cap and what is left of its budget."""
    cap = program.max_discount
    budget = program.limits.get("amount")
    if budget is not None:
        left = budget - cart.used(program.id, "amount")
        cap = left if cap is None else min(cap, left)
    return None if cap is None else max(0, cap)


def _capped(shares: dict[int, int], cap: int | None) -> dict[int, int]:
    if cap is None or sum(shares.values()) <= cap:
        return shares
    lines = sorted(shares)
    capped = largest_remainder(cap, [shares[line] for line in lines])
    return dict(zip(lines, capped, strict=True))
