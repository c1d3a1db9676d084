/**
 * Computing one program on the present state.
 *
 * Twin: promo_engine/rewards.py
 */

import {settle} from "./allocation.js";
import {amount, every, percent, tiers} from "./base_rewards.js";
import {RATE_ONE, greater, least, mulDiv} from "./money.js";
import {Hint, Proposal, Scene, refused} from "./proposal.js";
import {bundle, cross, gift, nth, price} from "./unit_rewards.js";

/** Extra points: a number, or a rate of the target's amount. */
export function points(scene) {
    const reward = scene.program.reward;
    const proposal = new Proposal();
    const given = reward.points ?? mulDiv(scene.target.amount, reward.rate, RATE_ONE);
    proposal.points = given || null;
    return proposal;
}

/** Free delivery; what it is worth is not the engine's matter. */
export function delivery() {
    const proposal = new Proposal();
    proposal.delivery = true;
    return proposal;
}

const REWARDS = {
    percent,
    amount,
    every,
    tiers,
    nth,
    bundle,
    price,
    cross,
    gift,
    points,
    delivery,
};
const WITHOUT_TARGET = ["gift", "points", "delivery"];

/** Return what the program would do now; its cart conditions are known to hold. */
export function compute(program, cart, state) {
    const trigger = state.view(program.triggerSet);
    const unmet = unmetTrigger(program, trigger, state);
    if (unmet !== null) {
        return unmet;
    }
    const target = targetOf(program, trigger, state);
    if (!target.lines.length && !WITHOUT_TARGET.includes(program.kind)) {
        return refused("no_target_line");
    }
    const scene = new Scene(program, cart, state, trigger, target, unitLimit(program, cart));
    const proposal = REWARDS[program.kind](scene);
    if (proposal.reason === null) {
        proposal.triggerLines = trigger.lines;
        settle(proposal, program, cart, state);
    }
    return proposal;
}

/** Return how many units may still be discounted, null without such a limit. */
export function unitLimit(program, cart) {
    if (!program.unitLimits.length) {
        return null;
    }
    const left = program.unitLimits.map((key) => {
        const used = key === "per_order_units" ? 0n : cart.used(program.id, key);
        return program.limits.get(key) - used;
    });
    return greater(0n, least(left));
}

function unmetTrigger(program, trigger, state) {
    if (!trigger.lines.length) {
        return refused("no_matching_line");
    }
    if (program.minQty !== null) {
        const missing = program.minQty - state.quantity(trigger.lines);
        if (missing > 0n) {
            return refused("min_qty", new Hint("qty", missing));
        }
    }
    if (program.minAmount !== null && trigger.amount < program.minAmount) {
        return refused("min_amount", new Hint("amount", program.minAmount - trigger.amount));
    }
    return null;
}

function targetOf(program, trigger, state) {
    const target = program.targetSet === null ? trigger : state.view(program.targetSet);
    if (program.kind !== "cross") {
        return target;
    }
    const triggers = new Set(trigger.lines);
    return state.viewOf(target.lines.filter((line) => !triggers.has(line)));
}
