/**
 * What a refund takes back of the promotions of its sale.
 *
 * Twin: models/promotion_refund.py. The kept basket is evaluated as the sale was, with the
 * rules, member and moment that are stored with the sale; what the promotions give less on it
 * is taken back. A sale that stored nothing gives back shares in proportion.
 */
import { evaluate } from "@retail_promo/promo_engine/evaluate";
import { largestRemainder, mulDiv, QTY_ONE } from "@retail_promo/promo_engine/money";
import { buildCart, lineAmounts, returnedLines, soldLines, withFloor } from "./cart";
import { discountTaxes } from "./exact_line";
import {
    addShare,
    describe,
    discountOf,
    keyOfLine,
    lineKey,
    programOf,
    takesBack,
} from "./promotion_lines";

const THOUSAND = Number(QTY_ONE);

/** The order whose goods come back in this refund. */
export function saleOf(refund) {
    return refund.lines.find((line) => line.refunded_orderline_id)?.refunded_orderline_id.order_id;
}

/** Refunds of a sale so far, this one among them; cancelled ones don't count. */
function refundsOf(sale) {
    const lines = sale.lines.flatMap((line) => [...line.refund_orderline_ids]);
    return [...new Set(lines.map((line) => line.order_id))].filter(
        (order) => order && order.state !== "cancel"
    );
}

/** Minor units by promotion and taxes, with what a line of them must know. */
class Discounts {
    constructor() {
        this.entries = new Map();
    }

    add(key, amount, promotion) {
        if (!this.entries.has(key)) {
            this.entries.set(key, { amount: 0, promotion });
        }
        this.entries.get(key).amount += amount;
    }

    /** Take up what orders gave, or what they took back: below zero. */
    addLinesOf(orders, back) {
        for (const line of orders.flatMap((order) => promotionLines(order, back))) {
            this.add(keyOfLine(line), discountOf(line), promotionOfLine(line));
        }
    }
}

/** The lines by which an order gave promotions, or took back those of an earlier sale. */
function promotionLines(order, back) {
    return order.lines.filter((line) => line.isRetailPromotion && takesBack(line) === back);
}

function promotionOfLine(line) {
    return {
        programId: programOf(line),
        version: line.retail_promotion_version,
        name: line.full_product_name,
        product: line.product_id,
        taxes: [...line.tax_ids],
        shares: takesBack(line) ? {} : line.retail_shares,
        refunded: takesBack(line) ? undefined : line,
    };
}

/** Amounts of the lines that are kept: what was sold less what the refunds pay back. */
function keptAmounts(sale, lines) {
    const amounts = lineAmounts(sale, lines);
    for (const refund of refundsOf(sale)) {
        const back = returnedLines(refund);
        for (const [uuid, amount] of lineAmounts(refund, back)) {
            const origin = back.find((line) => line.uuid === uuid).refunded_orderline_id?.uuid;
            if (amounts.has(origin)) {
                amounts.set(origin, amounts.get(origin) + amount);
            }
        }
    }
    return amounts;
}

/** Take off what the promotions give on the goods that are kept. */
function subtractKept(discounts, sale) {
    const { circumstances, programs, groups } = sale.retail_promotion_data;
    const lines = soldLines(sale);
    const cart = buildCart(lines, keptAmounts(sale, lines), circumstances);
    cart.lines = cart.lines.map((line, index) => {
        const qty = line.qty - Math.round(lines[index].refundedQty * THOUSAND);
        return withFloor({ ...line, qty }, circumstances.floors);
    });
    const outcome = evaluate(cart, programs, groups);
    outcome.lines.forEach(({ discounts: given }, index) => {
        const taxes = given.length ? discountTaxes(lines[index]) : [];
        for (const { program, amount } of given) {
            const promotion = sale.models["retail.promotion"].get(program)?._program
                ? { ...describe(sale, program), taxes, shares: {} }
                : undefined;
            discounts.add(lineKey(program, taxes), -amount, promotion);
        }
    });
}

/** The same in proportion to the quantities, for sales that stored no rules. */
function subtractProportion(discounts, sale) {
    for (const line of promotionLines(sale, false)) {
        for (const [uuid, share] of Object.entries(line.retail_shares)) {
            const goods = sale.lines.find((one) => one.uuid === uuid);
            const qty = Math.round((goods?.qty || 0) * THOUSAND);
            const back = Math.round((goods?.refundedQty || 0) * THOUSAND);
            const kept = qty ? share - Number(mulDiv(share, back, qty)) : share;
            discounts.add(keyOfLine(line), -kept, promotionOfLine(line));
        }
    }
}

/**
 * What a refund takes back, as grants with shares below zero on the returned lines.
 * @returns {{grants: Map, shortfall: number}} shortfall: minor units that can't be collected,
 *   because the kept goods cost more now than was paid
 */
export function evaluateRefund(refund) {
    const grants = new Map();
    const sale = saleOf(refund);
    const returned = returnedLines(refund).filter((line) => line.qty < 0);
    if (!sale || !returned.length) {
        return { grants, shortfall: 0 };
    }
    const amounts = lineAmounts(refund, returned);
    const worth = -[...amounts.values()].reduce((sum, amount) => sum + amount, 0);
    const due = takeBacks(refund, sale);
    const shortfall = cap(due, worth);
    for (const { promotion, amount } of due) {
        spreadOver(grants, promotion, amount, returned, amounts);
    }
    return { grants, shortfall };
}

/** What to take back by promotion: given on the sale, less kept, less taken before. */
function takeBacks(refund, sale) {
    const discounts = new Discounts();
    discounts.addLinesOf([sale], false);
    discounts.addLinesOf(
        refundsOf(sale).filter((order) => order.uuid !== refund.uuid),
        true
    );
    if (sale.retail_promotion_data?.programs?.length) {
        subtractKept(discounts, sale);
    } else {
        subtractProportion(discounts, sale);
    }
    const entries = [...discounts.entries.values()].filter(({ amount }) => amount);
    return settleUnknown(entries);
}

/** A promotion that this till doesn't know has no line of its own: another one carries it. */
function settleUnknown(entries) {
    const known = entries.filter(({ promotion }) => promotion);
    const rest = entries
        .filter(({ promotion }) => !promotion)
        .reduce((sum, { amount }) => sum + amount, 0);
    if (rest && known.length) {
        const largest = known.reduce((one, other) => (other.amount > one.amount ? other : one));
        largest.amount += rest;
    }
    return known.filter(({ amount }) => amount);
}

/** No more is taken back than the returned goods are worth; returns what is over. */
function cap(due, worth) {
    const total = due.reduce((sum, { amount }) => sum + amount, 0);
    if (total <= worth) {
        return 0;
    }
    const positive = due.filter(({ amount }) => amount > 0);
    const charged = positive.reduce((sum, { amount }) => sum + amount, 0);
    const parts = largestRemainder(
        worth + charged - total,
        positive.map(({ amount }) => amount)
    );
    positive.forEach((entry, index) => {
        entry.amount = Number(parts[index]);
    });
    return total - worth;
}

/** Put what a promotion takes back on the returned lines that had it, else on all of them. */
function spreadOver(grants, promotion, amount, returned, amounts) {
    const touched = returned.filter(
        (line) => promotion.shares[line.refunded_orderline_id?.uuid] > 0
    );
    const lines = touched.length ? touched : returned;
    const weights = lines.map((line) => Math.abs(amounts.get(line.uuid)));
    const parts = largestRemainder(-amount, weights);
    const { taxes, shares: _shares, ...rest } = promotion;
    lines.forEach((line, index) => {
        addShare(grants, { ...rest, qty: -1 }, taxes, line.uuid, Number(parts[index]));
    });
}
