/** Evaluating an order that is being sold. */
import { evaluate } from "@retail_promo/promo_engine/evaluate";
import { consumption } from "@retail_promo/promo_engine/outcome";
import { ProgramIndex } from "@retail_promo/promo_engine/program_index";
import {
    amountsAndFloors,
    buildCart,
    circumstancesOf,
    momentOf,
    soldLines,
} from "./cart";
import { nameSteps } from "./hints";
import { grantsOf } from "./promotion_lines";

// Rejections that a smaller basket may undo: the programs are stored with the sale.
export const OPEN_REJECTIONS = new Set([
    "group_worse",
    "group_exclusive",
    "no_matching_line",
    "no_target_line",
    "min_qty",
    "min_amount",
    "zero_discount",
]);

/** The promotions that the till may grant, indexed once for all baskets. */
export function indexOf(models) {
    const promotions = models["retail.promotion"].filter((promotion) => promotion._program);
    const programs = promotions.map((promotion) => promotion._program);
    const groups = models["retail.promotion.group"].map((group) => group._group);
    return { programs, groups, index: new ProgramIndex(programs, groups) };
}

/** What the engine evaluates of an order that is being sold. */
function cartOf(order, date, used) {
    const lines = soldLines(order);
    const moment = momentOf(date, order.config._retail_tz);
    const { amounts, floors } = amountsAndFloors(order, lines);
    const circumstances = { ...circumstancesOf(order, moment), used, floors };
    return { lines, circumstances, cart: buildCart(lines, amounts, circumstances) };
}

/**
 * What the promotions say to an order.
 * @param {Object} engine see indexOf
 * @param {Object} used the engine's: what is taken of the limits already
 * @returns {{grants: Map, hints: Array, taken: Array, gifts: Array, rejected: Array,
 *   circumstances: Object, programs: Array, groups: Array}} gifts: [{program, options, units,
 *   chosen}] of products and units that may be given
 */
export function evaluateSale(order, engine, date, used = {}) {
    const { lines, circumstances, cart } = cartOf(order, date, used);
    const outcome = evaluate(cart, engine.index);
    const programs = programsToKeep(outcome, engine.programs);
    const groupIds = new Set(programs.map((program) => program.group));
    return {
        grants: grantsOf(order, lines, outcome),
        hints: nameSteps(outcome.hints, cart, engine.index),
        taken: consumption(outcome),
        gifts: outcome.applied
            .filter(({ gifts }) => gifts)
            .map(({ program, gifts }) => ({ program, ...gifts })),
        rejected: outcome.rejected,
        circumstances,
        programs,
        groups: engine.groups.filter((group) => groupIds.has(group.id)),
    };
}

/**
 * Of every promotion of the till, what it gives an order or why it gives nothing.
 * @returns {{applied: Array, rejected: Array, hints: Array}} the engine's, hints with steps
 */
export function explainSale(order, engine, date, used = {}) {
    const { cart } = cartOf(order, date, used);
    const { applied, rejected, hints } = evaluate(cart, engine.index, [], true);
    return { applied, rejected, hints: nameSteps(hints, cart, engine.index) };
}

/** The rules that a refund of this sale will need: what applied, and what was outdone. */
function programsToKeep(outcome, programs) {
    if (!outcome.applied.length) {
        return [];
    }
    const outdone = outcome.rejected.filter(({ reason }) => OPEN_REJECTIONS.has(reason));
    const kept = new Set([...outcome.applied, ...outdone].map(({ program }) => program));
    return programs.filter((program) => kept.has(program.id));
}
