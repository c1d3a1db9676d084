/** What stock loyalty doesn't know of points: the member's class, and a share of the bill. */

const HUNDREDTHS = 100; // points have two decimals

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
    const already = order.lines
        .filter((line) => line.reward_id?.id === reward.id)
        .reduce((sum, line) => sum - line.prices.total_included, 0);
    const most = ((discountable + already) * percent) / 100 - already;
    const part = Math.max(0, Math.min(1, most / discountable));
    return {
        discountable: discountable * part,
        discountablePerTax: Object.fromEntries(
            Object.entries(discountablePerTax).map(([taxes, amount]) => [taxes, amount * part])
        ),
    };
}
