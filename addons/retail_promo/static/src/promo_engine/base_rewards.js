/**
 * Rewards that discount the target as a whole: percent, amount, every, tiers.
 *
 * Twin: promo_engine/base_rewards.py
 */

import {allocate} from "./allocation.js";
import {RATE_ONE, least, lesser, mulDiv, sum} from "./money.js";
import {Hint, Proposal, refused} from "./proposal.js";

export function percent(scene) {
    return granted(scene, mulDiv(scene.target.amount, scene.program.reward.rate, RATE_ONE));
}

export function amount(scene) {
    return granted(scene, lesser(scene.program.reward.amount, scene.target.amount));
}

/** So much off for every so much of the trigger. */
export function every(scene) {
    const {per, amount: off, max_times: maxTimes = null} = scene.program.reward;
    let times = scene.trigger.amount / per;
    let hint = new Hint("amount", per - (scene.trigger.amount % per));
    if (maxTimes !== null && times >= maxTimes) {
        times = maxTimes;
        hint = null;
    }
    if (!times) {
        return refused("min_amount", hint);
    }
    return granted(scene, lesser(times * off, scene.target.amount), hint);
}

/** Steps measured on the trigger: the highest one reached, or all that are reached. */
export function tiers(scene) {
    const {by, steps, mode} = scene.program.reward;
    let measure = scene.trigger.amount;
    if (by === "qty") {
        measure = scene.state.quantity(scene.trigger.lines);
    }
    let reached = steps.filter((step) => step.at <= measure);
    const ahead = steps.filter((step) => step.at > measure).map((step) => step.at - measure);
    const hint = ahead.length ? new Hint(by, least(ahead)) : null;
    if (!reached.length) {
        return refused(`min_${by}`, hint);
    }
    if (mode !== "each_step") {
        reached = [reached.reduce((found, step) => (step.at > found.at ? step : found))];
    }
    const base = scene.target.amount;
    const discount = sum(reached.map((step) => stepDiscount(step, base)));
    return granted(scene, lesser(discount, base), hint);
}

function stepDiscount(step, base) {
    return step.amount ?? mulDiv(base, step.rate, RATE_ONE);
}

function granted(scene, discount, hint = null) {
    return new Proposal({shares: allocate(discount, scene.target), hint});
}
