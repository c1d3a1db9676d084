/**
 * What goes back when part of a sale is returned.
 *
 * Twin: promo_engine/refund.py
 */

import {isAbsent} from "./errors.js";
import {evaluate} from "./evaluate.js";
import {greater, lesser, toPlain} from "./money.js";
import {consumption} from "./outcome.js";
import {compareIds} from "./program.js";

const LEDGER_KEYS = {
    member_orders: "orders",
    member_units: "units",
    orders: "orders",
    units: "units",
    store_units: "units",
    amount: "amount",
};
const DIFFERENCE_KEYS = ["orders", "units", "amount", "points"];

/**
 * Return what to pay back for a sale of which only `cart` is kept.
 *
 * `paid`: minor units paid so far less earlier refunds. `cart`: the kept basket with the
 * sale's own now, utc, codes and member, and with `used` as the ledger holds it now, the
 * sale included. `programs`: the versions stored with the sale. `granted`: the sale's
 * outcome now in force (after an earlier return: that one), null if nothing was granted.
 * `refundable`: minor units that may still be paid back, null for no such bound.
 * Returns `{refund, shortfall, outcome, released}`: `shortfall` is what the kept goods cost
 * above what was paid, to be shown and not collected; `released` what goes back to limits
 * and points, `{program, orders, units, amount, points}`, negative for what is used anew.
 */
export function refund(paid, cart, programs, groups = [], granted = null, refundable = null) {
    const before = granted ?? {applied: []};
    const kept = {...cart, used: usedWithout(cart.used ?? {}, consumption(before))};
    const outcome = evaluate(kept, programs, groups);
    const difference = BigInt(paid) - BigInt(outcome.total);
    const due = greater(0n, difference);
    const payable = isAbsent(refundable) ? due : greater(0n, lesser(due, BigInt(refundable)));
    return {
        refund: toPlain(payable),
        shortfall: toPlain(greater(0n, -difference)),
        outcome,
        released: released(before, outcome),
    };
}

/** Return the ledger's `used` less a sale's own consumption, never below zero. */
export function usedWithout(used, consumed) {
    const left = {...used};
    for (const entry of consumed) {
        const program = String(entry.program);
        if (left[program]) {
            const kept = Object.entries(left[program]).filter(([key]) => key in LEDGER_KEYS);
            left[program] = Object.fromEntries(
                kept.map(([key, value]) => {
                    const rest = BigInt(value ?? 0) - BigInt(entry[LEDGER_KEYS[key]]);
                    return [key, toPlain(greater(0n, rest))];
                })
            );
        }
    }
    return left;
}

function released(granted, outcome) {
    const before = byProgram(granted);
    const after = byProgram(outcome);
    const changes = [];
    for (const program of [...new Set([...before.keys(), ...after.keys()])].sort(compareIds)) {
        const change = {program};
        for (const key of DIFFERENCE_KEYS) {
            const old = BigInt(before.get(program)?.[key] ?? 0);
            change[key] = toPlain(old - BigInt(after.get(program)?.[key] ?? 0));
        }
        if (DIFFERENCE_KEYS.some((key) => change[key])) {
            changes.push(change);
        }
    }
    return changes;
}

function byProgram(outcome) {
    const points = new Map(outcome.applied.map((entry) => [entry.program, entry.points ?? 0]));
    return new Map(
        consumption(outcome).map((entry) => [
            entry.program,
            {...entry, points: points.get(entry.program)},
        ])
    );
}
