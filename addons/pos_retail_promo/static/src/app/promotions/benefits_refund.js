/** What a refund does to the customer's points and coupons, for the eyes of the cashier. */
import { ConnectionLostError } from "@web/core/network/rpc";
import { _t } from "@web/core/l10n/translation";

/** Whether a sale may have earned points, or used points or coupons. */
function mayHaveBenefits(pos, sale) {
    const programs = pos.models["loyalty.program"];
    return (
        Object.keys(sale.retail_coupons || {}).length ||
        (sale.partner_id && programs.some((program) => program.program_type === "loyalty"))
    );
}

/**
 * Ask the server, which keeps the book of points.
 * @returns {Promise<Array>} [{text, points}] to show; points: text with its sign, or empty
 */
export async function benefitsBack(pos, sale, refund) {
    if (!mayHaveBenefits(pos, sale)) {
        return [];
    }
    const coming = Object.fromEntries(
        refund.lines
            .filter((line) => line.refunded_orderline_id && !line.isRetailPromotion)
            .map((line) => [line.refunded_orderline_id.id, -line.qty])
    );
    try {
        return rowsOf(await ask(pos, sale, coming));
    } catch (error) {
        if (!(error instanceof ConnectionLostError)) {
            throw error;
        }
        const text = _t("Points and coupons of this sale are settled when the till is online.");
        return [{ text, points: "" }];
    }
}

async function ask(pos, sale, coming) {
    if (!sale.isSynced) {
        throw new ConnectionLostError();
    }
    return pos.data.call("pos.order", "retail_refund_benefits", [[sale.id], coming]);
}

function rowsOf({ points, coupons }) {
    return [
        ...points.flatMap(({ name, taken, returned }) => [
            { text: _t("%s taken back: these goods had earned them", name), points: -taken },
            { text: _t("%s given back: these goods were paid with them", name), points: returned },
        ]),
        ...coupons.map((code) => ({ text: _t("Coupon %s holds again", code), points: "" })),
    ]
        .filter(({ points }) => points !== 0)
        .map((row) => ({ ...row, points: signed(row.points) }));
}

const signed = (points) => (points > 0 ? `+${points}` : String(points));
