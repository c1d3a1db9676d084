/** What stock loyalty doesn't know of points: class, share of the bill, how many to pay with. */
import { _t } from "@web/core/l10n/translation";

const HUNDREDTHS = 100; // points have two decimals
const HAIR = 1e-6; // of a point: what computing with fractions leaves

/** Members of better classes collect more. Twin: models/sale_order_points.py */
export function pointsByClass(order, programs, points) {
    const times = order.partner_id?._retail_points_times ?? 1;
    if (times === 1) {
        return points;
    }
    for (const program of programs) {
        if (program.program_type === "loyalty") {
            points[program.id] = (points[program.id] || []).map((entry) => ({
                ...entry,
                points: Math.round(entry.points * times * HUNDREDTHS) / HUNDREDTHS,
            }));
        }
    }
    return points;
}

/** Points pay a share of the bill at most. Twin: models/sale_order_points.py */
export function shareOfBill(order, reward, { discountable, discountablePerTax }) {
    const percent = reward.retail_bill_percent;
    if (!percent || reward.program_id.program_type !== "loyalty" || !discountable) {
        return { discountable, discountablePerTax };
    }
    const already = paidBy(order, reward);
    const most = ((discountable + already) * percent) / 100 - already;
    return cut({ discountable, discountablePerTax }, most);
}

/** The customer wants to use so many points, not all. Twin: models/sale_order_points.py */
export function wishOfCustomer(order, reward, found) {
    const points = order.retail_points_most;
    const counts = reward.program_id.program_type === "loyalty" && isPerPoint(reward);
    if (!points || !counts || !found.discountable) {
        return found;
    }
    return cut(found, points * reward.discount - paidBy(order, reward));
}

/** Let a discount be `most` at most, on each set of taxes in proportion. */
function cut({ discountable, discountablePerTax }, most) {
    const part = Math.max(0, Math.min(1, most / discountable));
    return {
        discountable: discountable * part,
        discountablePerTax: Object.fromEntries(
            Object.entries(discountablePerTax).map(([taxes, amount]) => [taxes, amount * part])
        ),
    };
}

function linesOf(order, reward) {
    return order.lines.filter((line) => line.reward_id?.id === reward.id);
}

/** What a reward takes off the order already, with tax. */
function paidBy(order, reward) {
    return linesOf(order, reward).reduce((sum, line) => sum - line.prices.total_included, 0);
}

const isPerPoint = (reward) =>
    reward.reward_type === "discount" && reward.discount_mode === "per_point";

/**
 * With how many points the customer of an order can pay.
 * @returns {{error: string}|{reward, couponId: number, name: string, have: number, used: number,
 *   most: number, worth: number}} have: points with those of this order; used: on this order
 *   now; most: what the bill and the card allow; worth: of a point
 */
export function pointsToPay(order) {
    if (!order.partner_id) {
        return { error: _t("Choose the customer first: points belong to a member.") };
    }
    for (const { coupon_id: couponId, program_id } of Object.values(
        order.uiState.couponPointChanges
    )) {
        const program = order.models["loyalty.program"].get(program_id);
        const reward = program?.reward_ids.find(isPerPoint);
        if (program?.program_type === "loyalty" && reward) {
            return payWith(order, reward, couponId);
        }
    }
    return { error: _t("This customer has no points that could pay.") };
}

function payWith(order, reward, couponId) {
    const used = linesOf(order, reward).reduce((sum, line) => sum + line.points_cost, 0);
    const have = round(order._getRealCouponPoints(couponId) + used);
    if (have < reward.required_points) {
        return { error: _t("Too few points: %s, and paying begins at %s.", have, reward.required_points) };
    }
    const bill = order.retailPointsBill(reward) + paidBy(order, reward);
    const most = Math.min(Math.floor(have), Math.ceil(bill / reward.discount - HAIR));
    if (most < 1) {
        return { error: _t("Nothing of this bill can be paid with points.") };
    }
    const name = reward.program_id.portal_point_name || _t("Points");
    return { reward, couponId, name, have, used: round(used), most, worth: reward.discount };
}

const round = (points) => Math.round(points * HUNDREDTHS) / HUNDREDTHS;

/** What of a number that was typed can be used: a whole one, not above the most. */
export function pointsTyped(buffer, most) {
    const points = Number(buffer);
    return Number.isInteger(points) && points >= 0 && points <= most ? points : null;
}

/**
 * Pay with so many points, 0: with none. The rewards have to be updated afterwards.
 * @returns {true|string} or why it can't be
 */
export function payWithPoints(order, { reward, couponId }, points) {
    for (const line of linesOf(order, reward)) {
        line.delete();
    }
    order.retail_points_most = points;
    return points ? order._applyReward(reward, couponId, {}) : true;
}
