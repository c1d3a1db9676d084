"""Rewards that discount the target as a whole: percent, amount, every, tiers.

Twin: static/src/promo_engine/base_rewards.js
"""

from .allocation import allocate
from .errors import Json
from .money import RATE_ONE, mul_div
from .proposal import Hint, Proposal, Scene, refused


def percent(scene: Scene) -> Proposal:
    return _granted(scene, mul_div(scene.target.amount, scene.program.reward["rate"], RATE_ONE))


def amount(scene: Scene) -> Proposal:
    return _granted(scene, min(scene.program.reward["amount"], scene.target.amount))


def every(scene: Scene) -> Proposal:
    """So much off for every so much of the trigger."""
    reward = scene.program.reward
    times, over = divmod(scene.trigger.amount, reward["per"])
    hint: Hint | None = Hint("amount", reward["per"] - over)
    max_times = reward.get("max_times")
    if max_times is not None and times >= max_times:
        times, hint = max_times, None
    if not times:
        return refused("min_amount", hint)
    return _granted(scene, min(times * reward["amount"], scene.target.amount), hint)


def tiers(scene: Scene) -> Proposal:
    """Steps measured on the trigger: the highest one reached, or all that are reached."""
    reward = scene.program.reward
    by = reward["by"]
    measure = scene.trigger.amount
    if by == "qty":
        measure = scene.state.quantity(scene.trigger.lines)
    reached = [step for step in reward["steps"] if step["at"] <= measure]
    ahead = [step["at"] - measure for step in reward["steps"] if step["at"] > measure]
    hint = Hint(by, min(ahead)) if ahead else None
    if not reached:
        return refused(f"min_{by}", hint)
    if reward.get("mode") != "each_step":
        reached = [max(reached, key=lambda step: step["at"])]
    base = scene.target.amount
    return _granted(scene, min(sum(_step(step, base) for step in reached), base), hint)


def _step(step: Json, base: int) -> int:
    given = step.get("amount")
    return mul_div(base, step["rate"], RATE_ONE) if given is None else given


def _granted(scene: Scene, discount: int, hint: Hint | None = None) -> Proposal:
    return Proposal(allocate(discount, scene.target), hint=hint)
