import { describe, expect, test } from "@odoo/hoot";
import { tick } from "@odoo/hoot-dom";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import {
    buildCart,
    circumstancesOf,
    lineAmounts,
    momentOf,
    promotableLines,
} from "@pos_retail_promo/app/promotions/cart";
import { exactLine } from "@pos_retail_promo/app/promotions/exact_line";
import { promotionsBeneath, sameJson } from "@pos_retail_promo/app/promotions/promotion_lines";
import { keepExactAmounts } from "@pos_retail_promo/app/promotions/settled";
import {
    addPromotion,
    filledOrder,
    percentOff,
    promotionLines,
    stepsOf,
    totalOf,
} from "./utils";

const { DateTime } = luxon;

definePosModels();

// The filled order: 3 x 100.00 + 15 % = 345.00 and 2 x 100.00 + 25 % = 250.00.
const FILLED = 59500;

describe("cart", () => {
    test("lines bring their amount with tax, in minor units", async () => {
        const store = await setupPosEnv();
        const order = await filledOrder(store);
        const lines = promotableLines(order);
        const amounts = lineAmounts(order, lines);
        const moment = momentOf(DateTime.fromISO("2026-05-01T23:30:00Z"), "Asia/Taipei");
        const cart = buildCart(lines, amounts, circumstancesOf(order, moment));
        expect(cart.utc).toBe("2026-05-01T23:30:00Z");
        expect(cart.now).toBe("2026-05-02T07:30:00");
        expect(cart.store).toBe(1);
        expect(cart.channel).toBe("store");
        expect(cart.member).toBe(null);
        expect(cart.lines.map(({ product, qty, amount }) => [product, qty, amount])).toEqual([
            [5, 3000, 34500],
            [6, 2000, 25000],
        ]);
    });

    test("amounts without tax where the company counts so", async () => {
        const store = await setupPosEnv();
        const order = await filledOrder(store);
        order.company.retail_promo_tax_basis = "excluded";
        const amounts = lineAmounts(order, promotableLines(order));
        expect([...amounts.values()]).toEqual([30000, 20000]);
    });

    test("loading a gift card is no purchase", async () => {
        const store = await setupPosEnv();
        const order = await filledOrder(store);
        order.config._retail_payment_product_ids = [6];
        expect(promotableLines(order).map((line) => line.product_id.id)).toEqual([5]);
    });
});

describe("exact line", () => {
    test("the total falls by exactly the discount, whatever it is", async () => {
        const store = await setupPosEnv();
        const promotion = addPromotion(store, { ...percentOff(1), from: "2999-01-01T00:00:00Z" });
        const order = await filledOrder(store);
        const [line] = order.lines;
        for (const discount of [1, 7, 33, 99, 101, 667, 1234, 2868, 9999]) {
            const ours = store.models["pos.order.line"].create({
                order_id: order,
                product_id: promotion.discount_product_id,
                tax_ids: line.tax_ids.map((tax) => ["link", tax]),
                qty: 1,
                price_type: "manual",
                retail_shares: { [line.uuid]: discount },
                ...exactLine(order, [...line.tax_ids], discount, 1, "retail_promo,1"),
            });
            expect(totalOf(order)).toBe(FILLED - discount);
            ours.delete();
            expect(totalOf(order)).toBe(FILLED);
        }
    });
});

describe("settled sales order", () => {
    test("its promotion is worth at the till what it is worth there", async () => {
        const store = await setupPosEnv();
        const order = await filledOrder(store);
        const [goods] = order.lines;
        const amounts = exactLine(order, [...goods.tax_ids], 1008, 1, "retail_promo,1");
        const saleOrder = store.models["sale.order"].create({ id: 71, name: "S00071" });
        const saleLine = store.models["sale.order.line"].create({ id: 72, ...amounts });
        store.models["pos.order.line"].create({
            order_id: order,
            product_id: store.models["product.product"].get(1),
            tax_ids: goods.tax_ids.map((tax) => ["link", tax]),
            qty: 1,
            price_type: "automatic",
            price_unit: amounts.price_unit,
            sale_order_origin_id: saleOrder,
            sale_order_line_id: saleLine,
        });
        // No price without tax comes to 10.08 with 15 %.
        expect(totalOf(order)).not.toBe(FILLED - 1008);
        keepExactAmounts(order, saleOrder);
        expect(totalOf(order)).toBe(FILLED - 1008);
        expect(order.lines.at(-1).extra_tax_data).toEqual(amounts.extra_tax_data);
    });
});

describe("who and what", () => {
    test("a gift and free delivery take nothing off here, and let others be", async () => {
        const store = await setupPosEnv();
        const group = { id: 2, order: 5, mode: "compound" };
        const gift = { kind: "gift", k: 1, options: [5] };
        addPromotion(store, { reward: gift, stackable: true }, { id: 1, group });
        addPromotion(store, { reward: { kind: "delivery" } }, { id: 2, group });
        addPromotion(store, { reward: { kind: "nth", n: 3, k: 1, rate: 10000 } }, { id: 3 });
        const order = await filledOrder(store);
        await tick();
        expect(promotionLines(order).map((line) => line.full_product_name)).toEqual([
            "Promotion 3",
        ]);
        expect(totalOf(order)).toBe(FILLED - 11500);
    });

    test("who has paid here before buys no first time any more", async () => {
        const store = await setupPosEnv();
        const moment = momentOf(DateTime.fromISO("2026-05-01T12:00:00Z"), "UTC");
        const [partner] = store.models["res.partner"].getAll();
        partner._retail_member = { id: partner.id, first: true, spend: {} };
        const earlier = await filledOrder(store);
        earlier.partner_id = partner;
        const order = await filledOrder(store);
        order.partner_id = partner;
        expect(circumstancesOf(order, moment).member.first).toBe(true);
        earlier.state = "paid";
        expect(circumstancesOf(order, moment).member.first).toBe(false);
    });
});

describe("promotion lines", () => {
    test("one per promotion and tax set, before the screen is drawn", async () => {
        const store = await setupPosEnv();
        addPromotion(store, stepsOf([10000, 1000], [20000, 3000]));
        const order = await filledOrder(store);
        await tick();
        const ours = promotionLines(order);
        expect(ours).toHaveLength(2);
        expect(totalOf(order)).toBe(FILLED - 3000);
        expect(ours.flatMap((line) => Object.values(line.retail_shares))).toEqual([1739, 1261]);
        expect(ours[0].full_product_name).toBe("Promotion 1");
        expect(order.retail_promotion_data.programs).toHaveLength(1);
    });

    test("a second evaluation writes nothing, a change the least", async () => {
        const store = await setupPosEnv();
        addPromotion(store, stepsOf([10000, 1000], [20000, 3000]));
        const order = await filledOrder(store);
        await tick();
        const before = promotionLines(order).map((line) => line.uuid);
        expect(store.promotions.apply(order)).toBe(false);
        order.lines[0].setQuantity(1);
        await tick();
        expect(promotionLines(order).map((line) => line.uuid)).toEqual(before);
        expect(totalOf(order)).toBe(11500 + 25000 - 3000);
        order.removeOrderline(order.lines[0]);
        await tick();
        expect(promotionLines(order)).toHaveLength(1);
        expect(totalOf(order)).toBe(25000 - 3000);
    });

    test("they go with the last line that they touch", async () => {
        const store = await setupPosEnv();
        addPromotion(store, percentOff(10));
        const order = await filledOrder(store);
        await tick();
        while (order.getLastOrderline()) {
            order.removeOrderline(order.getLastOrderline());
        }
        await tick();
        expect(order.lines).toHaveLength(0);
    });

    test("nobody can choose or remove them", async () => {
        const store = await setupPosEnv();
        addPromotion(store, percentOff(10));
        const order = await filledOrder(store);
        await tick();
        const [ours] = promotionLines(order);
        const selected = order.getSelectedOrderline();
        order.selectOrderline(ours);
        expect(order.getSelectedOrderline()).toBe(selected);
        expect(order.removeOrderline(ours)).toBe(false);
        expect(promotionLines(order)).toHaveLength(2);
        expect(order.getLastOrderline().isRetailPromotion).toBe(false);
        expect(ours.canBeMergedWith(ours)).toBe(false);
    });

    test("members only, and the hint tells what is missing", async () => {
        const store = await setupPosEnv();
        addPromotion(store, { ...percentOff(10), classes: [7] });
        addPromotion(store, stepsOf([60000, 1000]), { id: 2 });
        const order = await filledOrder(store);
        await tick();
        expect(promotionLines(order)).toHaveLength(0);
        expect(order.uiState.retailHints).toEqual([
            { program: 2, kind: "amount", missing: 500, at: 60000 },
        ]);
        const member = store.models["res.partner"].get(3);
        member._retail_member = { id: 3, class: 7, tags: [], segments: [] };
        order.setPartner(member);
        await tick();
        expect(totalOf(order)).toBe(FILLED - 5950);
    });

    test("drawn once, beneath the last line touched, with the sum", async () => {
        const store = await setupPosEnv();
        addPromotion(store, stepsOf([20000, 3000]));
        const order = await filledOrder(store);
        await tick();
        const drawn = promotionsBeneath(order.lines);
        expect(drawn.map((line) => line.isRetailPromotion)).toEqual([false, false, true]);
        expect(drawn[2].retailDisplayPrice).toInclude("30.00");
    });

    test("savings are told on the receipt", async () => {
        const store = await setupPosEnv();
        addPromotion(store, stepsOf([20000, 3000]));
        const order = await filledOrder(store);
        await tick();
        expect(order.getTotalDiscount()).toBe(30);
    });
});

describe("beside stock loyalty", () => {
    test("amounts are net, quantities without promotion lines", async () => {
        const store = await setupPosEnv();
        const order = await filledOrder(store);
        const reward = { program_id: { program_type: "loyalty" } };
        expect(Math.round(order._getDiscountableOnOrder(reward).discountable * 100)).toBe(FILLED);
        addPromotion(store, stepsOf([20000, 3000]));
        store.promotions.apply(order);
        const { discountable } = order._getDiscountableOnOrder(reward);
        expect(Math.round(discountable * 100)).toBe(FILLED - 3000);
        expect(order._get_regular_order_lines()).toHaveLength(2);
        expect(order.getOrderlines()).toHaveLength(4);
    });

    /** What a program of stock loyalty with one rule gives on an order. */
    function pointsOf(order, rule) {
        const program = {
            id: 900,
            program_type: "loyalty",
            applies_on: "both",
            rule_ids: [
                {
                    id: 900,
                    mode: "auto",
                    any_product: true,
                    minimum_qty: 0,
                    minimum_amount: 0,
                    minimum_amount_tax_mode: "incl",
                    reward_point_amount: 1,
                    reward_point_mode: "order",
                    ...rule,
                },
            ],
        };
        return order.pointsForPrograms([program])[900].map(({ points }) => points);
    }

    test("points per unit and minimum quantities count goods, money points what is paid", async () => {
        const store = await setupPosEnv();
        const order = await filledOrder(store);
        addPromotion(store, stepsOf([20000, 3000]));
        store.promotions.apply(order);
        expect(promotionLines(order)).toHaveLength(2);
        expect(pointsOf(order, { reward_point_mode: "unit" })).toEqual([5]);
        expect(pointsOf(order, { minimum_qty: 5 })).toEqual([1]);
        expect(pointsOf(order, { minimum_qty: 6 })).toEqual([]);
        expect(pointsOf(order, { reward_point_mode: "money" })).toEqual([565]);
        expect(pointsOf(order, { minimum_amount: 565 })).toEqual([1]);
        expect(pointsOf(order, { minimum_amount: 566 })).toEqual([]);
    });

    test("the cheapest line is one of goods, at what is left of its price", async () => {
        const store = await setupPosEnv();
        const order = await filledOrder(store);
        const [first] = order.lines;
        const everything = store.models["product.product"].getAll();
        const reward = {
            program_id: { program_type: "loyalty" },
            all_discount_product_ids: everything,
        };
        const gross = order._getDiscountableOnCheapest(reward).discountable;
        addPromotion(store, percentOff(10));
        store.promotions.apply(order);
        expect(order._getCheapestLine(reward).uuid).toBe(first.uuid);
        const net = order._getDiscountableOnCheapest(reward).discountable;
        expect(Math.round(net * 100)).toBe(Math.round(gross * 90));
    });
});

/** A refund of quantities of the lines of a sale. */
function refundOf(store, sale, quantities) {
    sale.state = "paid";
    const refund = store.addNewOrder();
    refund.is_refund = true;
    for (const [line, qty] of quantities) {
        store.models["pos.order.line"].create({
            order_id: refund,
            product_id: line.product_id,
            tax_ids: line.tax_ids.map((tax) => ["link", tax]),
            qty,
            price_unit: line.price_unit,
            price_type: "automatic",
            refunded_orderline_id: line,
        });
    }
    return refund;
}

test("no product is taken below its minimum margin, on a refund neither", async () => {
    const store = await setupPosEnv();
    addPromotion(store, percentOff(50));
    const sale = await filledOrder(store);
    const [first] = sale.lines;
    Object.assign(sale.company, { retail_promo_keep_margin: true, retail_promo_min_margin: 20 });
    first.product_id.standard_price = 70;
    sale.triggerRecomputeAllPrices();
    await tick();
    // 3 x 87.50 + 15 % must stay of 345.00, nothing of the product without a cost.
    expect(totalOf(sale)).toBe(30188 + 12500);
    first.product_id.standard_price = 90;
    const refund = refundOf(store, sale, [[first, -1]]);
    await tick();
    // 201.26 of the kept 230.00: 28.74 of 43.12 stay off.
    expect(totalOf(refund)).toBe(-11500 + 4312 - 2874);
});

describe("refund", () => {
    test("what is kept is evaluated, the rest taken back", async () => {
        const store = await setupPosEnv();
        addPromotion(store, stepsOf([10000, 1000], [20000, 3000]));
        const sale = await filledOrder(store);
        await tick();
        const [first, second] = sale.lines;
        const refund = refundOf(store, sale, [
            [first, -3],
            [second, -1],
        ]);
        await tick();
        // 345.00 + 125.00 come back; the kept 125.00 still save 10.00 of the 30.00.
        expect(totalOf(refund)).toBe(-(34500 + 12500) + 2000);
        expect(store.promotions.apply(refund)).toBe(false);
    });
});

describe("exchange", () => {
    test("what comes back and what is sold are evaluated each by itself", async () => {
        const store = await setupPosEnv();
        addPromotion(store, stepsOf([20000, 3000], [50000, 10000]));
        const sale = await filledOrder(store);
        await tick();
        const [first, second] = sale.lines;
        expect(totalOf(sale)).toBe(FILLED - 10000);
        const exchange = refundOf(store, sale, [[second, -2]]);
        await tick();
        // 345.00 are kept and save 30.00: 250.00 less 70.00 come back.
        expect(totalOf(exchange)).toBe(-18000);
        exchange.startRetailExchange();
        const sold = { qty: 2, price_unit: 100, product_id: first.product_id };
        store.models["pos.order.line"].create({
            ...sold,
            order_id: exchange,
            tax_ids: first.tax_ids.map((tax) => ["link", tax]),
            price_type: "manual",
        });
        await tick();
        // 230.00 are sold and save 30.00.
        expect(totalOf(exchange)).toBe(-18000 + 20000);
        expect(promotionLines(exchange).map(({ qty }) => Math.sign(qty))).toEqual([-1, -1, 1]);
        expect(store.promotions.apply(exchange)).toBe(false);
        exchange.settleRetailExchange();
        expect(exchange.isRefund).toBe(false);
        expect(exchange.retailSavings).toBe(30);
        // It is a refund where the customer gets money.
        exchange.lines.find((line) => line.price_unit === 100 && line.qty === 2).setQuantity(1);
        await tick();
        exchange.settleRetailExchange();
        expect(exchange.isRefund).toBe(true);
        expect(totalOf(exchange)).toBe(-18000 + 11500);
        expect(exchange.isSaleDisallowed({ qty: 1 }, {})).toBe(false);
    });
});

test("equal JSON, whatever the order of the keys", () => {
    expect(sameJson({ a: 1, b: { c: [1, 2] } }, { b: { c: [1, 2] }, a: 1 })).toBe(true);
    expect(sameJson({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(sameJson(null, {})).toBe(false);
});
