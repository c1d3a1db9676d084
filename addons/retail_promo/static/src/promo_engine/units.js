/**
 * Lines as units: runs of equal units, dearest first, and what groups of them gain.
 *
 * Twin: promo_engine/units.py
 *
 * A line may hold millions of units, so they are never listed one by one: a run stands for
 * units of one line that are worth the same: [value in minor units, position of the line,
 * count]. Value and count are BigInt.
 */

import {RATE_ONE, compare, greater, lesser, mulDiv, sum} from "./money.js";

/**
 * Return the units of the lines of whole quantity, dearest first, then in line order.
 *
 * A line's remaining amount is split over its units by largest remainder: its first units
 * get one more than the others.
 */
export function runsOf(state, view) {
    if (view.runs === null) {
        const runs = [];
        view.lines.forEach((line, place) => {
            const units = state.lines[line].units;
            if (units) {
                const value = view.weights[place] / units;
                const dearer = view.weights[place] % units;
                if (dearer) {
                    runs.push([value + 1n, line, dearer]);
                }
                runs.push([value, line, units - dearer]);
            }
        });
        view.runs = runs.sort((one, other) => compare(other[0], one[0]) || one[1] - other[1]);
    }
    return view.runs;
}

export function countUnits(runs) {
    return sum(runs.map(([, , count]) => count));
}

/** Return per line what the last k units of each of the first `groups` groups of n gain. */
export function nthShares(runs, n, k, groups, rate) {
    const shares = new Map();
    const end = groups * n;
    let start = 0n;
    for (const [value, line, count] of runs) {
        const stop = lesser(start + count, end);
        if (stop <= start) {
            break;
        }
        const discounted = lastOfGroups(stop, n, k) - lastOfGroups(start, n, k);
        add(shares, line, discounted * mulDiv(value, rate, RATE_ONE));
        start = stop;
    }
    return shares;
}

/** Return how many units before the position are among the last k of their group of n. */
function lastOfGroups(position, n, k) {
    return (position / n) * k + greater(0n, (position % n) - (n - k));
}

/** Return [per line what the groups of n gain over the price, how many groups gain]. */
export function bundleShares(runs, n, price, groups) {
    const shares = new Map();
    let gaining = 0n;
    for (const [group, repeats] of groupsOf(runs, n, groups)) {
        const gain = worth(group) - price;
        if (gain <= 0n) {
            break; // no later group is dearer
        }
        gaining += repeats;
        const parts = group.length > 1 ? split(gain, group) : [[group[0][1], gain]];
        for (const [line, share] of parts) {
            add(shares, line, share * repeats);
        }
    }
    return [shares, gaining];
}

/** Return up to `limit` groups of n units as [runs of the group, how often it occurs]. */
function groupsOf(runs, n, limit) {
    const groups = [];
    let part = [];
    let missing = n;
    for (const [value, line, units] of runs) {
        let count = units;
        while (count && limit) {
            const taken = lesser(count, missing);
            part.push([value, line, taken]);
            missing -= taken;
            count -= taken;
            if (missing) {
                break;
            }
            // A group within one run occurs as often as the run has room for it.
            const repeats = part.length === 1 ? lesser(limit, 1n + count / n) : 1n;
            groups.push([part, repeats]);
            limit -= repeats;
            count -= (repeats - 1n) * n;
            part = [];
            missing = n;
        }
    }
    return groups;
}

/** Split a gain over the units of a group by largest remainder, as [line, share]. */
function split(gain, group) {
    const whole = worth(group);
    const shares = group.map(([value, line, count]) => [line, ((gain * value) / whole) * count]);
    let left = gain - sum(shares.map(([, share]) => share));
    if (left) {
        const remainders = group.map(([value, line, count]) => [
            (gain * value) % whole,
            line,
            count,
        ]);
        remainders.sort((one, other) => compare(other[0], one[0]) || one[1] - other[1]);
        for (const [, line, count] of remainders) {
            const extra = lesser(left, count);
            shares.push([line, extra]);
            left -= extra;
        }
    }
    return shares;
}

function worth(group) {
    return sum(group.map(([value, , count]) => value * count));
}

/**
 * Take the first `limit` units that gain (their value is the gain); null: all of them.
 *
 * Returns [gain per line, units taken].
 */
export function gainingShares(gains, limit) {
    const shares = new Map();
    let taken = 0n;
    for (const [gain, line, count] of gains) {
        const units = limit === null ? count : lesser(count, limit - taken);
        if (gain > 0n && units > 0n) {
            add(shares, line, gain * units);
            taken += units;
        }
    }
    return [shares, taken];
}

function add(shares, line, share) {
    shares.set(line, (shares.get(line) ?? 0n) + share);
}
