"""What is left of the cart between two programs.

Twin: static/src/promo_engine/state.js
"""

from .cart import Cart
from .errors import Json
from .sets import ProductSet


class View:
    """Open lines: positions in cart order, remaining amounts in minor, and their sum."""

    __slots__ = ("amount", "lines", "runs", "weights")

    def __init__(self, lines: list[int], weights: list[int]) -> None:
        self.lines = lines
        self.weights = weights
        self.amount = sum(weights)
        self.runs: list[tuple[int, int, int]] | None = None  # see units.runs_of


class State:
    """Remaining amount and openness of every line, and the discounts given so far."""

    def __init__(self, cart: Cart) -> None:
        self.lines = cart.lines
        self.remaining = [line.amount for line in cart.lines]
        # What a line may still lose before it is at its floor.
        self.room = [max(0, line.amount - line.floor) for line in cart.lines]
        self.discounts: list[list[Json]] = [[] for _line in cart.lines]
        self._open = [line.counts for line in cart.lines]
        self._directory = cart.directory
        self._views: dict[ProductSet, View] = {}  # of the present state only

    def view(self, product_set: ProductSet) -> View:
        """Return the set's open lines, gift lines left out."""
        view = self._views.get(product_set)
        if view is None:
            lines = [line for line in self._directory.find(product_set) if self._open[line]]
            view = self._views[product_set] = self.view_of(lines)
        return view

    def view_of(self, lines: list[int]) -> View:
        """Return a view of open lines chosen by the caller."""
        remaining = self.remaining
        return View(lines, [remaining[line] for line in lines])

    def is_open(self, line: int) -> bool:
        return self._open[line]

    def quantity(self, lines: list[int]) -> int:
        """Return the quantity of lines in thousandths, weighed ones too."""
        return sum([self.lines[line].qty for line in lines])

    def whole_units(self, lines: list[int]) -> int:
        """Return how many units the lines of whole quantity have."""
        return sum([self.lines[line].units for line in lines])

    def take(self, program_id: object, shares: dict[int, int]) -> None:
        """Lower the remaining amounts by the shares (all > 0)."""
        for line, share in shares.items():
            left = self.remaining[line] - share
            self.remaining[line] = left
            self.room[line] -= share
            self.discounts[line].append({"program": program_id, "amount": share})
            if not left:
                self._open[line] = False
        self._views.clear()

    def close(self, lines: list[int]) -> None:
        """Let no later program count or discount these lines."""
        for line in lines:
            self._open[line] = False
        self._views.clear()
