/**
 * What an evaluation tells: the outcome, its canonical form, and what a sale consumes.
 *
 * Twin: promo_engine/outcome.py
 */

import {sum, toPlain} from "./money.js";
import {compareIds} from "./program.js";

/** Collects what happens to the programs while a cart is evaluated. */
export class Report {
    /** `explain`: tell of every program, not only of those that could matter. */
    constructor(cart, explain) {
        this._cart = cart;
        this._explain = explain;
        this._applied = [];
        this._rejected = [];
        this._hints = [];
    }

    apply(program, proposal) {
        const entry = {
            program: program.id,
            version: program.version,
            amount: toPlain(proposal.amount),
            units: toPlain(proposal.units),
        };
        if (proposal.points !== null) {
            entry.points = toPlain(proposal.points);
        }
        if (proposal.gifts !== null) {
            entry.gifts = proposal.gifts;
        }
        if (proposal.delivery) {
            entry.delivery = true;
        }
        this._applied.push(entry);
    }

    reject(program, reason, conditionsHold = true) {
        if (this._tellsOf(program, conditionsHold)) {
            this._rejected.push({program: program.id, reason});
        }
    }

    hint(program, proposal) {
        const hint = proposal.hint;
        if (hint !== null && this._tellsOf(program, true)) {
            const missing = toPlain(hint.missing);
            this._hints.push({program: program.id, kind: hint.kind, missing});
        }
    }

    /** Return the outcome as the contract's plain object. */
    outcome(state) {
        const lines = state.lines.map((line) => ({
            id: line.id,
            net: toPlain(state.remaining[line.position]),
            discounts: state.discounts[line.position].map(({program, amount}) => ({
                program,
                amount: toPlain(amount),
            })),
        }));
        return {
            applied: this._applied,
            rejected: this._rejected.sort(byProgram),
            hints: this._hints.sort(byProgram),
            lines,
            total: toPlain(sum(state.remaining)),
        };
    }

    _tellsOf(program, conditionsHold) {
        if (this._explain || (program.code !== null && this._cart.codes.has(program.code))) {
            return true;
        }
        return conditionsHold && this._cart.directory.find(program.triggerSet).length > 0;
    }
}

/** Return the outcome as the JSON text that both twins agree on, byte by byte in UTF-8. */
export function canonical(outcome) {
    if (Array.isArray(outcome)) {
        return `[${outcome.map(canonical).join(",")}]`;
    }
    if (typeof outcome === "object" && outcome !== null) {
        const keys = Object.keys(outcome).sort(compareIds);
        const parts = keys.map((key) => `${JSON.stringify(key)}:${canonical(outcome[key])}`);
        return `{${parts.join(",")}}`;
    }
    return typeof outcome === "bigint" ? outcome.toString() : JSON.stringify(outcome);
}

/**
 * Return what a sale with this outcome takes from each program's limits, by program.
 *
 * `{program, orders, units, amount}`: orders 1, discounted units, discount in minor units.
 * The ledger keeps orders and units per member and store too.
 */
export function consumption(outcome) {
    const taken = outcome.applied.map(({program, units, amount}) => ({
        program,
        orders: 1,
        units,
        amount,
    }));
    return taken.sort(byProgram);
}

function byProgram(one, other) {
    return compareIds(one.program, other.program);
}
