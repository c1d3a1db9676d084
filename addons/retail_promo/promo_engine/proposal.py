"""What one program would do to the cart in its present state.

Twin: static/src/promo_engine/proposal.js
"""

from __future__ import annotations

from typing import NamedTuple

from .cart import Cart
from .errors import Json
from .program import Program
from .state import State, View


class Hint(NamedTuple):
    """What is missing to a threshold or the next step: minor units, or thousandths."""

    kind: str  # "amount" or "qty"
    missing: int


class Scene(NamedTuple):
    """All that a reward looks at. `unit_limit` in units, None when there is none."""

    program: Program
    cart: Cart
    state: State
    trigger: View
    target: View
    unit_limit: int | None


class Proposal:
    """The outcome of computing a program; it does something unless it has a reason.

    `shares`: discount by line position, all > 0 once settled; `quantities`: thousandths taken
    by line (fixed price only); `gifts`, `points`, `delivery`: as in the outcome.
    """

    __slots__ = (
        "amount",
        "delivery",
        "gifts",
        "hint",
        "points",
        "quantities",
        "reason",
        "shares",
        "trigger_lines",
        "units",
    )

    def __init__(
        self,
        shares: dict[int, int] | None = None,
        units: int = 0,
        hint: Hint | None = None,
        reason: str | None = None,
    ) -> None:
        self.shares = {} if shares is None else shares
        self.amount = 0
        self.units = units
        self.hint = hint
        self.reason = reason
        self.quantities: dict[int, int] = {}
        self.points: int | None = None
        self.gifts: Json | None = None
        self.delivery = False
        self.trigger_lines: list[int] = []

    def gives_no_money(self) -> bool:
        """Tell whether the program does something even without a discount."""
        return self.points is not None or self.gifts is not None or self.delivery


def refused(reason: str, hint: Hint | None = None) -> Proposal:
    """Return the proposal of a program that does nothing."""
    return Proposal(reason=reason, hint=hint)
