/**
 * Rewards that discount units: nth, bundle, price, cross, gift.
 *
 * Twin: promo_engine/unit_rewards.py
 */

import {isAbsent} from "./errors.js";
import {QTY_ONE, RATE_ONE, compare, least, lesser, mulDiv, sum, toPlain} from "./money.js";
import {Hint, Proposal, refused} from "./proposal.js";
import {bundleShares, countUnits, gainingShares, nthShares, runsOf} from "./units.js";

const UNIT_VALUE_SCALE = 1000000n; // a line's remaining amount per unit, in thousandths of minor

/** The last k of every n units, dearest first, at a rate off. */
export function nth(scene) {
    const {n, rate, max_times: maxTimes} = scene.program.reward;
    const k = lesser(scene.program.reward.k, n);
    const runs = runsOf(scene.state, scene.target);
    const available = countUnits(runs);
    if (available < n) {
        return tooFew(n, available);
    }
    const groups = leastGiven(available / n, maxTimes, shareOf(scene.unitLimit, k));
    return new Proposal({shares: nthShares(runs, n, k, groups, rate), units: groups * k});
}

/** Every n units, dearest first, for a price. */
export function bundle(scene) {
    const {n, price: wanted, max_times: maxTimes} = scene.program.reward;
    const runs = runsOf(scene.state, scene.target);
    const available = countUnits(runs);
    if (available < n) {
        return tooFew(n, available);
    }
    const groups = leastGiven(available / n, maxTimes, shareOf(scene.unitLimit, n));
    const [shares, gaining] = bundleShares(runs, n, wanted, groups);
    return new Proposal({shares, units: gaining * n});
}

/** A fixed price per unit, weighed lines too, dearest first, while the quota lasts. */
export function price(scene) {
    const wanted = scene.program.reward.price;
    let left = null;
    let lines = scene.target.lines;
    if (scene.unitLimit !== null) {
        left = scene.unitLimit * QTY_ONE;
        lines = dearestFirst(scene, lines);
    }
    const proposal = new Proposal();
    for (const line of lines) {
        const qty = scene.state.lines[line].qty;
        const taken = left === null ? qty : lesser(qty, left);
        const worth = mulDiv(scene.state.remaining[line], taken, qty);
        const gain = worth - mulDiv(wanted, taken, QTY_ONE);
        if (gain > 0n) {
            proposal.shares.set(line, gain);
            proposal.quantities.set(line, taken);
            left = left === null ? null : left - taken;
        }
    }
    proposal.units = wholeUnitsUp(sum(proposal.quantities.values()));
    return proposal;
}

/** Return a quantity in thousandths as whole units, rounded up. */
export function wholeUnitsUp(qty) {
    return (qty + QTY_ONE - 1n) / QTY_ONE;
}

/** For every n units of the trigger, k units of the target at a rate off or a price. */
export function cross(scene) {
    const reward = scene.program.reward;
    const bought = scene.state.wholeUnits(scene.trigger.lines);
    if (bought < reward.n) {
        return tooFew(reward.n, bought);
    }
    const times = leastGiven(bought / reward.n, reward.max_times);
    const gains = runsOf(scene.state, scene.target).map(([value, line, count]) => [
        gainOf(value, reward),
        line,
        count,
    ]);
    const [shares, taken] = gainingShares(gains, leastGiven(times * reward.k, scene.unitLimit));
    return new Proposal({shares, units: taken});
}

/** k gifts of a list, once or for every n units of the trigger; the chosen ones are free. */
export function gift(scene) {
    const reward = scene.program.reward;
    let times = 1n;
    if ("n" in reward) {
        const bought = scene.state.wholeUnits(scene.trigger.lines);
        if (bought < reward.n) {
            return tooFew(reward.n, bought);
        }
        times = bought / reward.n;
    }
    times = leastGiven(times, reward.max_times);
    const allowed = leastGiven(times * reward.k, scene.unitLimit);
    if (!allowed) {
        return refused("zero_discount");
    }
    const options = [...(reward.options ?? [])];
    const lines = scene.cart
        .giftLines(scene.program.id)
        .filter((line) => options.includes(line.product) && scene.state.isOpen(line.position))
        .map((line) => line.position);
    const runs = runsOf(scene.state, scene.state.viewOf(lines));
    const [shares, chosen] = gainingShares(runs, allowed);
    const proposal = new Proposal({shares, units: chosen});
    proposal.gifts = {options, units: toPlain(allowed), chosen: toPlain(chosen)};
    return proposal;
}

function dearestFirst(scene, lines) {
    const {remaining, lines: all} = scene.state;
    const valued = lines.map((line) => [
        (remaining[line] * UNIT_VALUE_SCALE) / all[line].qty,
        line,
    ]);
    return valued.sort(([one], [other]) => compare(other, one)).map(([, line]) => line);
}

function gainOf(value, reward) {
    return "rate" in reward ? mulDiv(value, reward.rate, RATE_ONE) : value - reward.price;
}

function tooFew(wanted, available) {
    return refused("min_qty", new Hint("qty", (wanted - available) * QTY_ONE));
}

function shareOf(limit, size) {
    return limit === null ? null : limit / size;
}

function leastGiven(first, ...others) {
    return least([first, ...others.filter((other) => !isAbsent(other))]);
}
