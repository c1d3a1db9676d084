"""Rewards that discount units: nth, bundle, price, cross, gift.

Twin: static/src/promo_engine/unit_rewards.js
"""

from .errors import Json
from .money import QTY_ONE, RATE_ONE, mul_div
from .proposal import Hint, Proposal, Scene, refused
from .units import bundle_shares, count_units, gaining_shares, nth_shares, runs_of

UNIT_VALUE_SCALE = 1000000  # a line's remaining amount per unit, in thousandths of minor


def nth(scene: Scene) -> Proposal:
    """The last k of every n units, dearest first, at a rate off."""
    reward = scene.program.reward
    n, k = reward["n"], min(reward["k"], reward["n"])
    runs = runs_of(scene.state, scene.target)
    available = count_units(runs)
    if available < n:
        return _too_few(n, available)
    groups = _least(available // n, reward.get("max_times"), _share_of(scene.unit_limit, k))
    shares = nth_shares(runs, n, k, groups, reward["rate"])
    return Proposal(shares, groups * k)


def bundle(scene: Scene) -> Proposal:
    """Every n units, dearest first, for a price."""
    reward = scene.program.reward
    n = reward["n"]
    runs = runs_of(scene.state, scene.target)
    available = count_units(runs)
    if available < n:
        return _too_few(n, available)
    groups = _least(available // n, reward.get("max_times"), _share_of(scene.unit_limit, n))
    shares, gaining = bundle_shares(runs, n, reward["price"], groups)
    return Proposal(shares, gaining * n)


def price(scene: Scene) -> Proposal:
    """A fixed price per unit, weighed lines too, dearest first, while the quota lasts."""
    wanted = scene.program.reward["price"]
    left, lines = None, scene.target.lines
    if scene.unit_limit is not None:
        left = scene.unit_limit * QTY_ONE
        lines = sorted(lines, key=lambda line: -_unit_value(scene, line))
    proposal = Proposal()
    for line in lines:
        qty = scene.state.lines[line].qty
        taken = qty if left is None else min(qty, left)
        worth = mul_div(scene.state.remaining[line], taken, qty)
        gain = worth - mul_div(wanted, taken, QTY_ONE)
        if gain > 0:
            proposal.shares[line] = gain
            proposal.quantities[line] = taken
            left = None if left is None else left - taken
    proposal.units = whole_units_up(sum(proposal.quantities.values()))
    return proposal


def whole_units_up(qty: int) -> int:
    """Return a quantity in thousandths as whole units, rounded up."""
    return -(-qty // QTY_ONE)


def cross(scene: Scene) -> Proposal:
    """For every n units of the trigger, k units of the target at a rate off or a price."""
    reward = scene.program.reward
    bought = scene.state.whole_units(scene.trigger.lines)
    if bought < reward["n"]:
        return _too_few(reward["n"], bought)
    times = _least(bought // reward["n"], reward.get("max_times"))
    gains = [
        (_gain(value, reward), line, count)
        for value, line, count in runs_of(scene.state, scene.target)
    ]
    shares, taken = gaining_shares(gains, _least(times * reward["k"], scene.unit_limit))
    return Proposal(shares, taken)


def gift(scene: Scene) -> Proposal:
    """k gifts of a list, once or for every n units of the trigger; the chosen ones are free."""
    reward = scene.program.reward
    times = 1
    if "n" in reward:
        bought = scene.state.whole_units(scene.trigger.lines)
        if bought < reward["n"]:
            return _too_few(reward["n"], bought)
        times = bought // reward["n"]
    times = _least(times, reward.get("max_times"))
    allowed = _least(times * reward["k"], scene.unit_limit)
    if not allowed:
        return refused("zero_discount")
    options = list(reward.get("options", ()))
    lines = [
        line.position
        for line in scene.cart.gift_lines(scene.program.id)
        if line.product in options and scene.state.is_open(line.position)
    ]
    shares, chosen = gaining_shares(runs_of(scene.state, scene.state.view_of(lines)), allowed)
    proposal = Proposal(shares, chosen)
    proposal.gifts = {"options": options, "units": allowed, "chosen": chosen}
    return proposal


def _unit_value(scene: Scene, line: int) -> int:
    return scene.state.remaining[line] * UNIT_VALUE_SCALE // scene.state.lines[line].qty


def _gain(value: int, reward: Json) -> int:
    if "rate" in reward:
        return mul_div(value, reward["rate"], RATE_ONE)
    return value - int(reward["price"])


def _too_few(wanted: int, available: int) -> Proposal:
    return refused("min_qty", Hint("qty", (wanted - available) * QTY_ONE))


def _share_of(limit: int | None, size: int) -> int | None:
    return None if limit is None else limit // size


def _least(first: int, *others: int | None) -> int:
    return min([first, *(other for other in others if other is not None)])
