"""Computing one program on the present state.

Twin: static/src/promo_engine/rewards.js
"""

from . import base_rewards, unit_rewards
from .allocation import settle
from .cart import Cart
from .money import RATE_ONE, mul_div
from .program import Program
from .proposal import Hint, Proposal, Scene, refused
from .state import State, View


def points(scene: Scene) -> Proposal:
    """Extra points: a number, or a rate of the target's amount."""
    reward = scene.program.reward
    proposal = Proposal()
    given = reward.get("points")
    if given is None:
        given = mul_div(scene.target.amount, reward["rate"], RATE_ONE)
    proposal.points = given or None
    return proposal


def delivery(_scene: Scene) -> Proposal:
    """Free delivery; what it is worth is not the engine's matter."""
    proposal = Proposal()
    proposal.delivery = True
    return proposal


REWARDS = {
    "percent": base_rewards.percent,
    "amount": base_rewards.amount,
    "every": base_rewards.every,
    "tiers": base_rewards.tiers,
    "nth": unit_rewards.nth,
    "bundle": unit_rewards.bundle,
    "price": unit_rewards.price,
    "cross": unit_rewards.cross,
    "gift": unit_rewards.gift,
    "points": points,
    "delivery": delivery,
}
WITHOUT_TARGET = ("gift", "points", "delivery")


def compute(program: Program, cart: Cart, state: State) -> Proposal:
    """Return what the program would do now; its cart conditions are known to hold."""
    trigger = state.view(program.trigger_set)
    unmet = _unmet_trigger(program, trigger, state)
    if unmet is not None:
        return unmet
    target = _target(program, trigger, state)
    if not target.lines and program.kind not in WITHOUT_TARGET:
        return refused("no_target_line")
    scene = Scene(program, cart, state, trigger, target, unit_limit(program, cart))
    proposal = REWARDS[program.kind](scene)
    if proposal.reason is None:
        proposal.trigger_lines = trigger.lines
        settle(proposal, program, cart, state)
    return proposal


def unit_limit(program: Program, cart: Cart) -> int | None:
    """Return how many units may still be discounted, None without such a limit."""
    if not program.unit_limits:
        return None
    left: list[int] = []
    for key in program.unit_limits:
        used = 0 if key == "per_order_units" else cart.used(program.id, key)
        left.append(program.limits[key] - used)
    return max(0, min(left))


def _unmet_trigger(program: Program, trigger: View, state: State) -> Proposal | None:
    if not trigger.lines:
        return refused("no_matching_line")
    if program.min_qty is not None:
        missing = program.min_qty - state.quantity(trigger.lines)
        if missing > 0:
            return refused("min_qty", Hint("qty", missing))
    if program.min_amount is not None and trigger.amount < program.min_amount:
        return refused("min_amount", Hint("amount", program.min_amount - trigger.amount))
    return None


def _target(program: Program, trigger: View, state: State) -> View:
    target = trigger if program.target_set is None else state.view(program.target_set)
    if program.kind != "cross":
        return target
    triggers = set(trigger.lines)
    return state.view_of([line for line in target.lines if line not in triggers])
