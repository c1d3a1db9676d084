/**
 * What the engine refuses to evaluate.
 *
 * Twin: promo_engine/errors.py
 */

/** The input breaks the contract; an outcome would mean nothing. */
export class InvalidInput extends RangeError {
    constructor(message) {
        super(message);
        this.name = "InvalidInput";
    }
}

/** Throw InvalidInput with the message unless the condition holds. */
export function ensure(condition, message) {
    if (!condition) {
        throw new InvalidInput(message);
    }
}

/** Tell whether a value counts as absent. */
export function isAbsent(value) {
    return value === null || value === undefined;
}

/** Return data[key] of a plain object's own keys, undefined without it. */
export function own(data, key) {
    return Object.hasOwn(data, key) ? data[key] : undefined;
}

/** Return data[key]. Throws InvalidInput when it is absent or null. */
export function needed(data, key, path) {
    const value = data[key];
    ensure(!isAbsent(value), `${path}: no ${key}`);
    return value;
}

/** Return data[key] as BigInt. Throws InvalidInput when it is no integer. */
export function neededInteger(data, key, path) {
    const value = needed(data, key, path);
    ensure(Number.isSafeInteger(value), `${path}: ${key} is no integer`);
    return BigInt(value);
}

/** Return data[key] as BigInt, null when absent. Throws InvalidInput if no integer. */
export function optionalInteger(data, key, path) {
    return isAbsent(data[key]) ? null : neededInteger(data, key, path);
}

/** Throw InvalidInput for a number in the tree that is no integer below 2^53. */
export function checkIntegers(value, path) {
    if (isAbsent(value) || typeof value === "string" || typeof value === "boolean") {
        return;
    }
    if (Array.isArray(value)) {
        value.forEach((item, position) => checkIntegers(item, `${path}[${position}]`));
    } else if (typeof value === "object") {
        for (const [key, item] of Object.entries(value)) {
            checkIntegers(item, `${path}.${key}`);
        }
    } else {
        ensure(Number.isSafeInteger(value), `${path}: no integer below 2^53`);
    }
}

/** Throw InvalidInput when two of the ids are the same. */
export function checkUnique(ids, what) {
    const seen = new Set();
    for (const identifier of ids) {
        ensure(!seen.has(identifier), `two ${what} have the id ${identifier}`);
        seen.add(identifier);
    }
}
