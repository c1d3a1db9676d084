"""How programs of one group stand to each other: all the modes, and closing of lines.

Twin: static/src/promo_engine/stacking.js

A program does something when its proposal has no reason. One that is not stackable closes
the lines it discounted, so that no later program counts or discounts them.
"""

from .cart import Cart
from .conditions import first_failure
from .outcome import Report
from .program import Program
from .proposal import Proposal
from .rewards import compute
from .state import State
from .unit_rewards import whole_units_up


def run_group(mode: str, programs: list[Program], cart: Cart, state: State, report: Report) -> None:
    """Evaluate the programs of a group, in their order, by the group's mode."""
    MODES[mode](programs, cart, state, report)


def compound(programs: list[Program], cart: Cart, state: State, report: Report) -> None:
    """Each program in turn, on what the ones before it left."""
    for program in programs:
        proposal = _offer(program, cart, state, report)
        if proposal is not None:
            _grant(program, proposal, state, report)


def exclusive(programs: list[Program], cart: Cart, state: State, report: Report) -> None:
    """The first program that does something; later ones are not even computed."""
    taken = False
    for program in programs:
        if taken:
            reason = first_failure(program, cart)
            report.reject(program, reason or "group_exclusive", conditions_hold=not reason)
            continue
        proposal = _offer(program, cart, state, report)
        if proposal is not None:
            _grant(program, proposal, state, report)
            taken = True


def best(programs: list[Program], cart: Cart, state: State, report: Report) -> None:
    """The largest discount on one state, the first of equals."""
    offers = _offers(programs, cart, state, report)
    if not offers:
        return
    winner, winning = max(offers, key=lambda offer: offer[1].amount)
    for program, _proposal in offers:
        if program is not winner:
            report.reject(program, "group_worse")
    _grant(winner, winning, state, report)


def best_line(programs: list[Program], cart: Cart, state: State, report: Report) -> None:
    """Each line to the program that gives it most on one state, the first of equals."""
    offers = _offers(programs, cart, state, report)
    winners: dict[int, tuple[int, int]] = {}  # line -> (share, place of the offer)
    for place, (_program, proposal) in enumerate(offers):
        for line, share in proposal.shares.items():
            if line not in winners or share > winners[line][0]:
                winners[line] = (share, place)
    for place, (program, proposal) in enumerate(offers):
        _keep_lines(proposal, [line for line in proposal.shares if winners[line][1] == place])
        if proposal.shares:
            _grant(program, proposal, state, report)
        else:
            report.reject(program, "group_worse")


MODES = {"compound": compound, "exclusive": exclusive, "best": best, "best_line": best_line}


def _offer(program: Program, cart: Cart, state: State, report: Report) -> Proposal | None:
    """Compute a program; report why it does nothing, or return its proposal."""
    reason = first_failure(program, cart)
    if reason is not None:
        report.reject(program, reason, conditions_hold=False)
        return None
    proposal = compute(program, cart, state)
    report.hint(program, proposal)
    if proposal.reason is not None:
        report.reject(program, proposal.reason)
        return None
    return proposal


def _offers(
    programs: list[Program], cart: Cart, state: State, report: Report
) -> list[tuple[Program, Proposal]]:
    offers = []
    for program in programs:
        proposal = _offer(program, cart, state, report)
        if proposal is not None:
            offers.append((program, proposal))
    return offers


def _keep_lines(proposal: Proposal, lines: list[int]) -> None:
    """Reduce a proposal to the lines it won; it consumes no trigger beyond them."""
    proposal.shares = {line: proposal.shares[line] for line in lines}
    proposal.amount = sum(proposal.shares.values())
    proposal.units = whole_units_up(sum(proposal.quantities.get(line, 0) for line in lines))
    proposal.trigger_lines = []


def _grant(program: Program, proposal: Proposal, state: State, report: Report) -> None:
    report.apply(program, proposal)
    if not proposal.amount:
        return
    state.take(program.id, proposal.shares)
    if not program.stackable:
        state.close(list(proposal.shares))
        if program.consume_trigger:
            state.close(proposal.trigger_lines)
