/**
 * Exact integer arithmetic: rounding and splitting, in BigInt.
 *
 * Twin: promo_engine/money.py
 */

import {ensure} from "./errors.js";

export const RATE_ONE = 10000n; // basis points in 100 %
export const QTY_ONE = 1000n; // thousandths in one unit
const MAX_EXACT = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * Return a * b / c rounded half away from zero, as BigInt.
 *
 * Takes BigInt or whole numbers. Throws InvalidInput (a RangeError) if c is 0.
 */
export function mulDiv(a, b, c) {
    const product = BigInt(a) * BigInt(b);
    const divisor = BigInt(c);
    if (product >= 0n && divisor > 0n) {
        return (2n * product + divisor) / (2n * divisor);
    }
    ensure(divisor !== 0n, "mul_div: division by zero");
    const quotient = (2n * absolute(product) + absolute(divisor)) / (2n * absolute(divisor));
    return product < 0n !== divisor < 0n ? -quotient : quotient;
}

/**
 * Split total in proportion to the weights; the shares, BigInt, sum to it exactly.
 *
 * Takes BigInt or whole numbers. Floor shares first, then one unit each to the largest
 * remainders, ties to the earlier weight. A negative total is split like its opposite.
 * Throws InvalidInput for a negative weight, or when there is a total and no weight.
 */
export function largestRemainder(total, weights) {
    const parts = weights.map(BigInt);
    const wanted = BigInt(total);
    const whole = sum(parts);
    ensure(!parts.some((part) => part < 0n), "largest_remainder: negative weight");
    ensure(whole || !wanted, "largest_remainder: nothing to split over");
    if (!whole) {
        return parts;
    }
    if (wanted < 0n) {
        return largestRemainder(-wanted, parts).map((share) => -share);
    }
    return wanted * whole <= MAX_EXACT
        ? splitNumbers(Number(wanted), parts.map(Number), Number(whole))
        : splitIntegers(wanted, parts, whole);
}

/** Return the sum of a list of BigInt. */
export function sum(values) {
    let total = 0n;
    for (const value of values) {
        total += value;
    }
    return total;
}

/** Return the lesser of two BigInts. */
export function lesser(one, other) {
    return other < one ? other : one;
}

/** Return the least of a list of BigInt that isn't empty. */
export function least(values) {
    return values.reduce(lesser);
}

/** Return the greater of two BigInts. */
export function greater(one, other) {
    return other > one ? other : one;
}

/** Order BigInts or numbers, for sorting: negative, 0 or positive. */
export function compare(one, other) {
    if (one === other) {
        return 0;
    }
    return one < other ? -1 : 1;
}

/** Return a BigInt as a plain number; one that no number holds exactly stays BigInt. */
export function toPlain(value) {
    const plain = Number(value);
    return Number.isSafeInteger(plain) ? plain : value;
}

function absolute(value) {
    return value < 0n ? -value : value;
}

function splitIntegers(total, weights, whole) {
    const shares = weights.map((weight) => (total * weight) / whole);
    const remainders = weights.map((weight) => (total * weight) % whole);
    for (const position of largest(remainders, Number(total - sum(shares)))) {
        shares[position] += 1n;
    }
    return shares;
}

/** The same where no product can pass 2^53: plain numbers are several times faster. */
function splitNumbers(total, weights, whole) {
    const remainders = weights.map((weight) => (total * weight) % whole);
    const shares = weights.map((weight, place) => (total * weight - remainders[place]) / whole);
    const left = total - shares.reduce((added, share) => added + share, 0);
    for (const position of largest(remainders, left)) {
        shares[position] += 1;
    }
    return shares.map(BigInt);
}

/** Return the places of the `count` largest remainders, of equals the earlier ones. */
function largest(remainders, count) {
    if (!count) {
        return [];
    }
    const places = remainders.map((_remainder, place) => place);
    places.sort((one, other) => compare(remainders[other], remainders[one]));
    return places.slice(0, count);
}
