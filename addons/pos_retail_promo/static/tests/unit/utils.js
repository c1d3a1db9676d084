import { getFilledOrder } from "@point_of_sale/../tests/unit/utils";

const DISCOUNT_PRODUCT = 1;
const GROUP = { id: 1, order: 10, mode: "best" };

/** Let a promotion run in the till of a test. */
export function addPromotion(store, program, { id = 1, group = GROUP } = {}) {
    const { models } = store;
    if (!models["retail.promotion.group"].get(group.id)) {
        models["retail.promotion.group"].create({ id: group.id, _group: group });
    }
    return models["retail.promotion"].create({
        id,
        name: `Promotion ${id}`,
        discount_product_id: models["product.product"].get(DISCOUNT_PRODUCT),
        _program: {
            id,
            version: 1,
            group: group.id,
            priority: 10,
            sequence: 10,
            stackable: false,
            ...program,
        },
    });
}

/** Steps by amount: [[from, off], ...] in minor units. */
export function stepsOf(...steps) {
    return {
        reward: {
            kind: "tiers",
            by: "amount",
            mode: "best_step",
            steps: steps.map(([at, amount]) => ({ at, amount })),
        },
    };
}

export const percentOff = (percent) => ({ reward: { kind: "percent", rate: percent * 100 } });

export function promotionLines(order) {
    return order.lines.filter((line) => line.isRetailPromotion);
}

/** Minor units of an order's total. */
export function totalOf(order) {
    return Math.round(order.priceIncl * 100);
}

/** 3 x 100.00 + 15 % = 345.00 and 2 x 100.00 + 25 % = 250.00. */
export async function filledOrder(store) {
    const order = await getFilledOrder(store);
    for (const line of order.lines.filter((line) => !line.isRetailPromotion)) {
        line.price_type = "manual";
        line.setUnitPrice(100);
    }
    return order;
}
