/**
 * The lowest amount of a line that keeps a minimum margin: what carts bring as its floor.
 *
 * Twin: promo_engine/margin.py
 */

import {ensure} from "./errors.js";
import {QTY_ONE, RATE_ONE, lesser} from "./money.js";

export const COST_ONE = 1000000n; // parts of a minor unit in which costs are told

/**
 * Return the least that a line may bring, in minor units, rounded up, at most its amount.
 *
 * Takes BigInt or whole numbers and returns BigInt. cost: of one unit without tax, in millionths
 * of a minor unit. margin: basis points of the price without tax. qty in thousandths. amount: of
 * the line as promotions count it, untaxed: the same without tax; the floor is meant as the
 * amount is. Throws InvalidInput for a margin that no price could have.
 */
export function lineFloor(cost, margin, qty, amount, untaxed) {
    ensure(margin >= 0 && margin < RATE_ONE, "line_floor: a margin lies below 100 %");
    if (cost <= 0 || qty <= 0 || amount <= 0 || untaxed <= 0) {
        return 0n;
    }
    const least = divideUp(
        BigInt(cost) * BigInt(qty) * BigInt(amount) * RATE_ONE,
        (RATE_ONE - BigInt(margin)) * BigInt(untaxed) * QTY_ONE * COST_ONE
    );
    return lesser(BigInt(amount), least);
}

/** Return the floor of what is kept of a line: qty of what was sold, both in thousandths. */
export function partOfFloor(floor, qty, sold) {
    if (floor <= 0 || qty <= 0 || sold <= 0) {
        return 0n;
    }
    return divideUp(BigInt(floor) * BigInt(qty), BigInt(sold));
}

function divideUp(number, by) {
    return (number + by - 1n) / by;
}
