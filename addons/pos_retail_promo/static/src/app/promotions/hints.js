/** What hints of the engine lead to. */
import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { Cart } from "@retail_promo/promo_engine/cart";

import { fromMinor } from "./cart";

const QTY_ONE = 1000; // thousandths of a unit

/** A hint in words: "10.00 more for ...". */
export function hintText(order, { program, kind, missing, at }) {
    const promotion = order.models["retail.promotion"].get(program);
    return _t("%(missing)s more for %(gain)s (%(promotion)s)", {
        missing:
            kind === "amount"
                ? formatCurrency(fromMinor(order.currency, missing), order.currency.id)
                : missing / QTY_ONE,
        gain: promotion._gains?.[at] || promotion._gains?.all,
        promotion: promotion.name,
    });
}

/**
 * Add to each hint of steps the threshold (`at`) that it leads to.
 *
 * Twin: name_steps in retail_promo, models/promotion_snapshot.py. The engine says what is
 * missing, not to which step: it is the highest one that the lines of the program could reach
 * with what is missing.
 */
export function nameSteps(hints, cart, index) {
    if (!hints.length) {
        return hints;
    }
    const programs = new Map(index.programs.map((program) => [program.id, program]));
    const { directory } = new Cart(cart);
    return hints.map((hint) => {
        const program = programs.get(hint.program);
        const at = program.reward.kind === "tiers" ? stepOf(hint, program, cart, directory) : null;
        return at ? { ...hint, at } : hint;
    });
}

function stepOf(hint, program, cart, directory) {
    const unit = program.reward.by === "amount" ? "amount" : "qty";
    const reachable = directory
        .find(program.triggerSet)
        .reduce((sum, position) => sum + cart.lines[position][unit], 0);
    const reached = program.reward.steps
        .map((step) => Number(step.at))
        .filter((at) => at - hint.missing <= reachable);
    return reached.length ? Math.max(...reached) : null;
}
