/**
 * Evaluating a cart: the engine's front door.
 *
 * Twin: promo_engine/evaluate.py
 */

import {Cart} from "./cart.js";
import {Report} from "./outcome.js";
import {ProgramIndex} from "./program_index.js";
import {runGroup} from "./stacking.js";
import {State} from "./state.js";

/**
 * Return the outcome of a cart as a plain object; see docs/promo_engine.md for the shapes.
 *
 * `programs`: the contract's programs with their `groups`, or a ProgramIndex of both, which
 * costs less when many carts meet the same programs. `explain`: tell of every program.
 * Money in minor units, quantities in thousandths, rates in basis points, all plain numbers;
 * only a result of 2^53 or more, which no number holds exactly, comes as BigInt.
 * Throws InvalidInput (a RangeError) for input that breaks the contract.
 */
export function evaluate(cart, programs, groups = [], explain = false) {
    const index = programs instanceof ProgramIndex ? programs : new ProgramIndex(programs, groups);
    const basket = new Cart(cart);
    const state = new State(basket);
    const report = new Report(basket, explain);
    const chosen = explain ? index.programs : index.candidates(basket);
    for (const [mode, members] of index.byGroup(chosen)) {
        runGroup(mode, members, basket, state, report);
    }
    return report.outcome(state);
}
