import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { tick } from "@odoo/hoot-dom";
import { onRpc } from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { addPromotion, filledOrder, percentOff, promotionLines } from "./utils";

definePosModels();

const LIMITED = { ...percentOff(10), limits: { orders: 5 } };
const GRANTED = { 1: { orders: 1, units: 0, amount: 5950 } };

/** A till with an order that gets 10 % off as long as the promotion lasts. */
async function limitedOrder(program = LIMITED) {
    const store = await setupPosEnv();
    addPromotion(store, program);
    const order = await filledOrder(store);
    store.setOrder(order);
    await tick();
    expect(promotionLines(order).length > 0).toBe(true);
    return { store, order };
}

function lose() {
    onRpc("pos.config", "retail_promo_reserve", () => {
        throw new ConnectionLostError();
    });
}

describe("limits", () => {
    beforeEach(() => browser.localStorage.clear());

    test("what an order takes is held once before its payment opens", async () => {
        const { store, order } = await limitedOrder();
        onRpc("pos.config", "retail_promo_reserve", ({ args }) => {
            expect.step(`${args[1] === order.uuid} ${args[2][0].program} ${args[2][0].amount}`);
            return { granted: GRANTED, used: { 1: { orders: 4 } }, seconds: 600 };
        });
        expect(await store.promotions.reserve(order)).toEqual([]);
        expect(await store.promotions.reserve(order)).toEqual([]);
        expect.verifySteps(["true 1 5950"]);
        expect(promotionLines(order).length > 0).toBe(true);
        expect(order.retail_promotion_data.circumstances.used).toEqual({ 1: { orders: 4 } });
    });

    test("who is too late is told before paying", async () => {
        const { store, order } = await limitedOrder();
        onRpc("pos.config", "retail_promo_reserve", () => ({
            granted: {},
            used: { 1: { orders: 5 } },
            seconds: 600,
        }));
        expect(await store.promotions.reserve(order)).toEqual(["Promotion 1"]);
        expect(promotionLines(order)).toEqual([]);
        expect(await store.promotions.reserve(order)).toEqual([]);
    });

    test("without an answer and without a share it isn't given", async () => {
        const { store, order } = await limitedOrder();
        lose();
        expect(await store.promotions.reserve(order)).toEqual(["Promotion 1"]);
        expect(promotionLines(order)).toEqual([]);
    });

    test("without an answer the share is used up and no more", async () => {
        const { store, order } = await limitedOrder();
        const { limits } = store.promotions;
        limits.keep({
            slices: { 1: { orders: 1, units: 0, amount: 0 } },
            until: "2999-01-01T00:00:00Z",
            spent: {},
        });
        lose();
        expect(await store.promotions.reserve(order)).toEqual([]);
        expect(promotionLines(order).length > 0).toBe(true);
        expect(Object.keys(limits.share.spent)).toEqual([order.uuid]);
        const other = await filledOrder(store);
        expect(limits.usedOffline(other)).toEqual({ 1: { orders: 5 } });
        expect(limits.usedOffline(order)).toEqual({ 1: { orders: 4 } });
    });

    test("a share that is over gives nothing", async () => {
        const { store, order } = await limitedOrder();
        const { limits } = store.promotions;
        limits.keep({
            slices: { 1: { orders: 1, units: 0, amount: 0 } },
            until: "2000-01-01T00:00:00Z",
            spent: {},
        });
        expect(limits.usedOffline(order)).toEqual({ 1: { orders: 5 } });
    });

    test("what is limited per member isn't given without an answer", async () => {
        const store = await setupPosEnv();
        addPromotion(store, { ...percentOff(10), limits: { member_orders: 2 } });
        const order = await filledOrder(store);
        expect(store.promotions.limits.usedOffline(order)).toEqual({ 1: { member_orders: 2 } });
    });

    test("promotions without limits ask nobody", async () => {
        const { store, order } = await limitedOrder(percentOff(10));
        onRpc("pos.config", "retail_promo_reserve", () => expect.step("asked"));
        expect(await store.promotions.reserve(order)).toEqual([]);
        expect.verifySteps([]);
    });
});
