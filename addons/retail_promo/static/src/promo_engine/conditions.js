/**
 * Cart conditions, in the order in which their reasons are given.
 *
 * Twin: promo_engine/conditions.py
 *
 * Each condition is [reason, does the program have it, does the cart meet it]. The conditions
 * after `member_required` can rely on a member.
 */

import {inAnyWindow} from "./windows.js";

const QUOTA_LIMITS = ["orders", "units", "store_units"];
const MEMBER_LIMITS = ["member_orders", "member_units"];

/** Return the reason of the first cart condition that fails, null when all hold. */
export function firstFailure(program, cart) {
    for (const [reason, holds] of program.checks) {
        if (!holds(program, cart)) {
            return reason;
        }
    }
    return null;
}

/** Return the [reason, holds] pairs of the conditions that the program has. */
export function checksOf(program) {
    const own = CONDITIONS.filter(([, has]) => has(program));
    return own.map(([reason, , holds]) => [reason, holds]);
}

/** Tell whether only a member can meet the program's conditions and limits. */
export function needsMember(program) {
    return (
        program.classes.size > 0 ||
        program.tags_any.size > 0 ||
        program.segments_any.size > 0 ||
        program.firstOnly ||
        program.minSpend !== null ||
        hasLimit(program, MEMBER_LIMITS)
    );
}

function hasLimit(program, keys) {
    return keys.some((key) => program.limits.has(key));
}

function isLeft(program, cart, keys) {
    return keys.every(
        (key) => !program.limits.has(key) || cart.used(program.id, key) < program.limits.get(key)
    );
}

function meets(one, other) {
    return [...one].some((value) => other.has(value));
}

const CONDITIONS = [
    ["not_started", (p) => p.starts !== null, (p, cart) => cart.utc >= p.starts],
    ["ended", (p) => p.ends !== null, (p, cart) => cart.utc < p.ends],
    ["window", (p) => p.windows.length, (p, cart) => inAnyWindow(p.windows, cart.now)],
    ["store", (p) => p.stores.size, (p, cart) => p.stores.has(cart.store)],
    ["channel", (p) => p.channels.size, (p, cart) => p.channels.has(cart.channel)],
    ["currency", (p) => p.currencies.size, (p, cart) => p.currencies.has(cart.currency)],
    ["code", (p) => p.code !== null, (p, cart) => cart.codes.has(p.code)],
    ["member_required", needsMember, (p, cart) => cart.member !== null],
    ["class", (p) => p.classes.size, (p, cart) => p.classes.has(cart.member.tier)],
    ["tag", (p) => p.tags_any.size, (p, cart) => meets(p.tags_any, cart.member.tags)],
    [
        "segment",
        (p) => p.segments_any.size,
        (p, cart) => meets(p.segments_any, cart.member.segments),
    ],
    ["not_first", (p) => p.firstOnly, (p, cart) => cart.member.first],
    ["spend", (p) => p.minSpend !== null, (p, cart) => cart.member.spent(p.spendKey) >= p.minSpend],
    [
        "limit_member",
        (p) => hasLimit(p, MEMBER_LIMITS),
        (p, cart) => isLeft(p, cart, MEMBER_LIMITS),
    ],
    ["quota", (p) => hasLimit(p, QUOTA_LIMITS), (p, cart) => isLeft(p, cart, QUOTA_LIMITS)],
    ["budget", (p) => hasLimit(p, ["amount"]), (p, cart) => isLeft(p, cart, ["amount"])],
];
