/**
 * Splitting a discount over lines, then the cap, then the floors.
 *
 * Twin: promo_engine/allocation.py
 */

import {compare, greater, largestRemainder, lesser, sum} from "./money.js";

/** Split a discount over the view's lines, the remaining amounts as weights. */
export function allocate(discount, view) {
    return zip(view.lines, largestRemainder(discount, view.weights));
}

/**
 * Cap the shares, cut them at the floors, and refuse a program that gives nothing.
 *
 * Nothing that a floor takes from a line moves to another one.
 */
export function settle(proposal, program, cart, state) {
    const shares = capped(proposal.shares, capOf(program, cart));
    const settled = new Map();
    for (const [line, share] of shares) {
        const kept = lesser(share, state.room[line]);
        if (kept) {
            settled.set(line, kept);
        }
    }
    proposal.shares = settled;
    proposal.amount = sum(settled.values());
    if (!proposal.amount) {
        proposal.units = 0n;
        if (!proposal.givesNoMoney()) {
            proposal.reason = "zero_discount";
        }
    }
}

/** Return the least of the program's cap and what is left of its budget, null without. */
function capOf(program, cart) {
    let cap = program.maxDiscount;
    if (program.limits.has("amount")) {
        const left = program.limits.get("amount") - cart.used(program.id, "amount");
        cap = cap === null ? left : lesser(cap, left);
    }
    return cap === null ? null : greater(0n, cap);
}

function capped(shares, cap) {
    if (cap === null || sum(shares.values()) <= cap) {
        return shares;
    }
    const lines = [...shares.keys()].sort(compare);
    const weights = lines.map((line) => shares.get(line));
    return zip(lines, largestRemainder(cap, weights));
}

function zip(lines, shares) {
    return new Map(lines.map((line, place) => [line, shares[place]]));
}
