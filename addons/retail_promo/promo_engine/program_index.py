"""Programs indexed by what can make them matter to a cart.

Twin: static/src/promo_engine/program_index.js

A program lies on the shelves of its rarest cart condition (a code before a segment before a
store ...), and there under the products, categories, brands and tags of its trigger set. A
cart looks only at the shelves of its own code, segments, store ... and there only under what
its lines are. What is not found can neither apply nor be told of.
"""

from collections.abc import Sequence
from typing import Any

from .cart import Cart
from .conditions import checks_of
from .errors import Json, check_integers, check_unique, ensure, needed, needed_integer
from .program import Program, sort_key
from .sets import KINDS, SetPool

MODES = ("compound", "exclusive", "best", "best_line")
BEST_LINE_KINDS = ("percent", "price")
# The condition that decides on which shelves a program lies, the rarest first.
SHELF_CONDITIONS = ("segments_any", "tags_any", "stores", "classes", "channels", "currencies")
ShelfKey = tuple[str, object]  # the condition and one of its values
OPEN_SHELF: ShelfKey = ("open", None)


class Shelf:
    """Ranks of programs by what their trigger sets name."""

    __slots__ = ("_by_kind", "_everywhere")

    def __init__(self) -> None:
        self._everywhere: list[int] = []
        self._by_kind: dict[str, dict[object, list[int]]] = {kind: {} for kind in KINDS}

    def add(self, program: Program) -> None:
        if program.trigger_set.all:
            self._everywhere.append(program.rank)
            return
        for kind, values in program.trigger_set.include:
            for value in values:
                self._by_kind[kind].setdefault(value, []).append(program.rank)

    def collect(self, cart: Cart, ranks: set[int]) -> None:
        """Add the ranks of the programs whose set may meet a line of the cart."""
        if cart.directory.meets_any():
            ranks.update(self._everywhere)
        for kind, places in self._by_kind.items():
            for value in cart.directory.values(kind) & places.keys() if places else ():
                ranks.update(places[value])


class ProgramIndex:
    """All programs and groups of a shop; build once, evaluate many carts.

    Raises InvalidInput for repeated ids, an unknown group or mode, unfit numbers, or a
    program that its group's mode can't hold.
    """

    def __init__(self, programs: Sequence[Json], groups: Sequence[Json]) -> None:
        check_integers(programs, "programs")
        check_integers(groups, "groups")
        self.modes = _modes_in_order(groups)
        places = {group: place for place, group in enumerate(self.modes)}
        pool = SetPool()
        self.programs = [Program(program, pool) for program in programs]
        check_unique([program.id for program in self.programs], "programs")
        for program in self.programs:
            ensure(program.group in places, f"program {program.id}: unknown group")
            _check_mode(program, self.modes[program.group])
        self.programs.sort(key=lambda program: (places[program.group], program.order))
        self._shelves: dict[ShelfKey, Shelf] = {}
        self._by_code: dict[object, list[int]] = {}
        for rank, program in enumerate(self.programs):
            program.rank = rank
            program.checks = checks_of(program)
            self._place(program)

    def candidates(self, cart: Cart) -> list[Program]:
        """Return the programs that can matter to the cart, in the order of evaluation."""
        ranks: set[int] = set()
        for code in cart.codes:
            ranks.update(self._by_code.get(code, ()))
        for key in _shelf_keys(cart):
            shelf = self._shelves.get(key)
            if shelf is not None:
                shelf.collect(cart, ranks)
        return [self.programs[rank] for rank in sorted(ranks)]

    def by_group(self, programs: list[Program]) -> list[tuple[str, list[Program]]]:
        """Split programs in the order of evaluation into (mode, programs of one group)."""
        runs: list[tuple[str, list[Program]]] = []
        group = None
        for program in programs:
            if not runs or program.group != group:
                group = program.group
                runs.append((self.modes[group], []))
            runs[-1][1].append(program)
        return runs

    def _place(self, program: Program) -> None:
        if program.code is not None:
            self._by_code.setdefault(program.code, []).append(program.rank)
            return
        for key in _home_keys(program):
            self._shelves.setdefault(key, Shelf()).add(program)


def _modes_in_order(groups: Sequence[Json]) -> Json:
    """Return {group id: mode} in the order in which the groups run."""
    check_unique([needed(group, "id", "group") for group in groups], "groups")
    modes = {}
    for group in sorted(groups, key=_group_order):
        path = f"group {group['id']}"
        mode = needed(group, "mode", path)
        ensure(mode in MODES, f"{path}: unknown mode {mode}")
        modes[group["id"]] = mode
    return modes


def _group_order(group: Json) -> tuple[int, tuple[Any, ...]]:
    return (needed_integer(group, "order", f"group {group['id']}"), sort_key(group["id"]))


def _home_keys(program: Program) -> list[ShelfKey]:
    for condition in SHELF_CONDITIONS:
        values = getattr(program, condition)
        if values:
            return [(condition, value) for value in values]
    return [OPEN_SHELF]


def _shelf_keys(cart: Cart) -> list[ShelfKey]:
    keys = [
        OPEN_SHELF,
        ("stores", cart.store),
        ("channels", cart.channel),
        ("currencies", cart.currency),
    ]
    if cart.member is not None:
        keys.append(("classes", cart.member.tier))
        keys.extend(("segments_any", segment) for segment in cart.member.segments)
        keys.extend(("tags_any", tag) for tag in cart.member.tags)
    return keys


def _check_mode(program: Program, mode: str) -> None:
    if mode == "best_line":
        path = f"program {program.id}: a best_line group"
        ensure(program.kind in BEST_LINE_KINDS, f"{path} takes no {program.kind}")
        ensure(not program.unit_limits, f"{path} takes no unit limit")
