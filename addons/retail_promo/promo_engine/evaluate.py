"""Evaluating a cart: the engine's front door.

Twin: static/src/promo_engine/evaluate.js
"""

from collections.abc import Sequence

from .cart import Cart
from .errors import Json
from .outcome import Report
from .program_index import ProgramIndex
from .stacking import run_group
from .state import State


def evaluate(
    cart: Json,
    programs: ProgramIndex | Sequence[Json],
    groups: Sequence[Json] = (),
    explain: bool = False,
) -> Json:
    """Return the outcome of a cart as a plain dict; see docs/promo_engine.md for the shapes.

    `programs`: the contract's programs with their `groups`, or a ProgramIndex of both, which
    costs less when many carts meet the same programs. `explain`: tell of every program.
    Money in minor units, quantities in thousandths, rates in basis points.
    Raises InvalidInput (a ValueError) for input that breaks the contract.
    """
    index = programs if isinstance(programs, ProgramIndex) else ProgramIndex(programs, groups)
    basket = Cart(cart)
    state = State(basket)
    report = Report(basket, explain)
    chosen = index.programs if explain else index.candidates(basket)
    for mode, members in index.by_group(chosen):
        run_group(mode, members, basket, state, report)
    return report.outcome(state)
