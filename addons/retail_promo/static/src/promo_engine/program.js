/**
 * A program, read once and used for many carts.
 *
 * Twin: promo_engine/program.py
 */

import {ensure, isAbsent, needed, neededInteger, optionalInteger} from "./errors.js";
import {compare} from "./money.js";

export const UNIT_LIMITS = ["per_order_units", "member_units", "units", "store_units"];
const CONSUMING_KINDS = ["nth", "bundle", "cross", "gift"];
const STEP_NUMBERS = ["at", "amount", "rate"];
// For every reward: the numbers that it must have, and those that it may have.
export const REWARD_NUMBERS = new Map([
    ["percent", [["rate"], []]],
    ["amount", [["amount"], []]],
    ["every", [["per", "amount"], ["max_times"]]],
    ["tiers", [[], []]],
    ["nth", [["n", "k", "rate"], ["max_times"]]],
    ["bundle", [["n", "price"], ["max_times"]]],
    ["price", [["price"], []]],
    ["cross", [["n", "k"], ["rate", "price", "max_times"]]],
    ["gift", [["k"], ["n", "max_times"]]],
    ["points", [[], ["points", "rate"]]],
    ["delivery", [[], []]],
]);
const COUNTS = ["n", "k", "per"]; // at least 1; every other number at least 0

/**
 * A checked program; an absent optional key is null or empty.
 *
 * Throws InvalidInput for a reward that no arithmetic fits: an unknown kind, a missing or
 * negative number, a group size of zero.
 */
export class Program {
    constructor(data, pool) {
        this.id = needed(data, "id", "program");
        const path = `program ${this.id}`;
        this.version = needed(data, "version", path);
        this.group = needed(data, "group", path);
        this.priority = neededInteger(data, "priority", path);
        this.sequence = neededInteger(data, "sequence", path);
        this.stackable = data.stackable === true;
        this.rank = 0; // place among all programs, given by the index
        this._readConditions(data, path);
        this._readSets(data, pool, path);
        this.reward = readReward(needed(data, "reward", path), path);
        this.kind = this.reward.kind;
        this.limits = new Map();
        for (const key of Object.keys(present(data.limits ?? {}))) {
            this.limits.set(key, neededInteger(data.limits, key, path));
        }
        this.unitLimits = UNIT_LIMITS.filter((key) => this.limits.has(key));
        this.maxDiscount = optionalInteger(data, "max_discount", path);
        const consumes = data.consume_trigger ?? CONSUMING_KINDS.includes(this.kind);
        this.consumeTrigger = consumes === true;
        // The cart conditions that it has, given by the index.
        this.checks = [];
    }

    _readConditions(data, path) {
        this.starts = data.from ?? null;
        this.ends = data.to ?? null;
        this.windows = data.windows ?? [];
        this.stores = new Set(data.stores ?? []);
        this.channels = new Set(data.channels ?? []);
        this.currencies = new Set(data.currencies ?? []);
        this.classes = new Set(data.classes ?? []);
        this.tags_any = new Set(data.tags_any ?? []);
        this.segments_any = new Set(data.segments_any ?? []);
        this.firstOnly = data.first_only === true;
        this.code = data.code ?? null;
        const spend = data.min_spend ?? null;
        this.spendKey = spend === null ? null : needed(spend, "key", path);
        this.minSpend = spend === null ? null : neededInteger(spend, "amount", path);
    }

    _readSets(data, pool, path) {
        const trigger = data.trigger ?? {};
        this.triggerSet = pool.get(trigger.set ?? {all: true});
        this.minQty = optionalInteger(trigger, "min_qty", path);
        this.minAmount = optionalInteger(trigger, "min_amount", path);
        this.targetSet = isAbsent(data.target) ? null : pool.get(data.target);
    }
}

/** Order programs of one group, for sorting: by priority, sequence, id. */
export function compareOrder(one, other) {
    return (
        compare(one.priority, other.priority) ||
        compare(one.sequence, other.sequence) ||
        compareIds(one.id, other.id)
    );
}

/** Return what orders ids: numbers by value, then texts by code point. */
export function sortKey(identifier) {
    if (typeof identifier !== "string") {
        return [0, identifier];
    }
    // `<` between texts would order by UTF-16 unit.
    return [1, ...Array.from(identifier, (letter) => letter.codePointAt(0))];
}

/** Order ids by their sort keys, for sorting. */
export function compareIds(one, other) {
    const left = sortKey(one);
    const right = sortKey(other);
    for (let place = 0; place < left.length && place < right.length; place++) {
        if (left[place] !== right[place]) {
            return left[place] - right[place];
        }
    }
    return left.length - right.length;
}

/**
 * Return the reward with its numbers as BigInt and without null keys.
 *
 * Throws InvalidInput when it lacks a number it needs or has an unfit one.
 */
export function readReward(data, path) {
    const reward = present(data);
    const kind = String(needed(reward, "kind", path));
    ensure(REWARD_NUMBERS.has(kind), `${path}: unknown reward ${kind}`);
    const [needs, optional] = REWARD_NUMBERS.get(kind);
    for (const key of needs) {
        neededInteger(reward, key, path);
    }
    readNumbers(reward, [...needs, ...optional], path);
    if (kind === "cross") {
        ensure("rate" in reward || "price" in reward, `${path}: reward without rate or price`);
    }
    if (kind === "points") {
        ensure("points" in reward || "rate" in reward, `${path}: reward without points or rate`);
    }
    if (kind === "tiers") {
        readTiers(reward, path);
    }
    return reward;
}

function readNumbers(values, keys, path) {
    for (const key of keys) {
        if (key in values) {
            const minimum = COUNTS.includes(key) ? 1n : 0n;
            values[key] = neededInteger(values, key, path);
            ensure(values[key] >= minimum, `${path}: ${key} must be at least ${minimum}`);
        }
    }
}

function readTiers(reward, path) {
    ensure(["amount", "qty"].includes(reward.by), `${path}: tiers by amount or qty`);
    ensure(
        ["best_step", "each_step"].includes(reward.mode ?? "best_step"),
        `${path}: tiers mode best_step or each_step`
    );
    reward.steps = (reward.steps ?? []).map(present);
    for (const step of reward.steps) {
        neededInteger(step, "at", path);
        ensure("amount" in step || "rate" in step, `${path}: step without amount or rate`);
        readNumbers(step, STEP_NUMBERS, path);
    }
}

function present(data) {
    return Object.fromEntries(Object.entries(data).filter(([, value]) => !isAbsent(value)));
}
