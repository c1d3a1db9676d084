/**
 * What points paid comes back as points: a refund takes back the same part of the reward.
 *
 * Without it goods that were paid with points would be paid back in money.
 */
import { lineAmounts, promotableLines } from "./cart";
import { saleOf } from "./refund";

const QTY_STEPS = 100; // quantities have two decimals

function pointsLines(sale) {
    return sale.lines.filter(
        (line) =>
            line.is_reward_line &&
            line.reward_id?.program_id?.program_type === "loyalty" &&
            line.reward_id.reward_type === "discount"
    );
}

const sumOf = (amounts) => [...amounts.values()].reduce((sum, amount) => sum + amount, 0);

/** The part of the sale's goods that this refund takes back, and whether nothing is kept. */
function partBack(sale, refund) {
    const goods = promotableLines(sale);
    const whole = sumOf(lineAmounts(sale, goods));
    // An exchange has other goods on it, too.
    const returned = promotableLines(refund).filter((line) => line.qty < 0);
    const back = -sumOf(lineAmounts(refund, returned));
    return {
        part: whole ? Math.max(0, Math.min(1, back / whole)) : 0,
        all: goods.every((line) => line.qty - line.refundedQty < 1 / QTY_STEPS),
    };
}

/** Quantity of each reward's line that a refund takes back: [{line, qty}], qty above zero. */
export function rewardsBack(refund) {
    const sale = saleOf(refund);
    const rewards = sale ? pointsLines(sale) : [];
    if (!rewards.length) {
        return [];
    }
    const { part, all } = partBack(sale, refund);
    return rewards.map((line) => {
        const own = refund.lines.find((one) => one.refunded_orderline_id?.id === line.id);
        const left = line.qty - line.refundedQty - (own ? own.qty : 0);
        const due = Math.floor(line.qty * part * QTY_STEPS + 1e-6) / QTY_STEPS;
        return { line, own, qty: all ? left : Math.min(left, due) };
    });
}

/** Write the lines of a refund that take back what points paid. */
export function takeRewardsBack(refund) {
    for (const { line, own, qty } of rewardsBack(refund)) {
        if (own && qty > 0) {
            own.qty = -qty;
        } else if (own) {
            own.delete();
        } else if (qty > 0) {
            refund.models["pos.order.line"].create({
                qty: -qty,
                price_unit: line.price_unit,
                product_id: line.product_id,
                order_id: refund,
                tax_ids: line.tax_ids.map((tax) => ["link", tax]),
                refunded_orderline_id: line,
                price_type: "manual",
            });
        }
    }
}
