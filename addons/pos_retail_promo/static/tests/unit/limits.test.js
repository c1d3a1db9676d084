import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { advanceTime, tick } from "@odoo/hoot-dom";
import { onRpc } from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
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

    /** An order that holds its promotion, and the calls made for it from now on. */
    async function heldOrder() {
        const { store, order } = await limitedOrder();
        onRpc("pos.config", "retail_promo_reserve", () => {
            expect.step("reserve");
            return { granted: GRANTED, used: { 1: { orders: 4 } }, seconds: 600 };
        });
        for (const name of ["renew", "release"]) {
            onRpc("pos.config", `retail_promo_${name}`, ({ args }) => {
                expect.step(`${name} ${args[1] === order.uuid}`);
                return true;
            });
        }
        expect(await store.holdPromotions(order)).toBe(true);
        expect.verifySteps(["reserve"]);
        return { store, order, limits: store.promotions.limits };
    }

    test("leaving the payment screen frees what was held, and paying holds it again", async () => {
        const { store, order, limits } = await heldOrder();
        limits.leave(order);
        limits.leave(order);
        expect(await store.holdPromotions(order)).toBe(true);
        expect.verifySteps(["release true", "reserve"]);
    });

    test("what is paid in part or in whole is not freed", async () => {
        const { store, order, limits } = await heldOrder();
        const method = store.config.payment_method_ids[0];
        const { data: payment } = order.addPaymentline(method);
        payment.payment_status = "done";
        limits.leave(order);
        order.state = "paid";
        limits.release(order);
        await tick();
        expect(limits.releasing.size).toBe(0);
        expect.verifySteps([]);
    });

    test("another customer and a deleted order free what was held", async () => {
        const { store, order, limits } = await heldOrder();
        order.setPartner(store.models["res.partner"].getFirst());
        await limits.releasing.get(order.uuid);
        expect.verifySteps(["release true"]);
        await store.holdPromotions(order);
        store.removeOrder(order, false);
        await limits.releasing.get(order.uuid);
        expect.verifySteps(["reserve", "release true"]);
    });

    test("an open payment screen renews it, but not for ever", async () => {
        const { order, limits } = await heldOrder();
        limits.watch(order);
        await advanceTime(250000);
        expect.verifySteps(["renew true"]);
        for (let minutes = 0; minutes < 40; minutes += 4) {
            await advanceTime(240000);
        }
        expect(limits.timer).toBe(null);
        expect.verifySteps(Array(6).fill("renew true"));
        limits.leave(order);
        await limits.releasing.get(order.uuid);
        expect.verifySteps(["release true"]);
    });

    test("what is held no more is asked for again before the order is paid", async () => {
        const { store, order, limits } = await heldOrder();
        const validation = new OrderPaymentValidation({ pos: store, orderUuid: order.uuid });
        expect(await validation.askBeforeValidation()).toBe(true);
        expect.verifySteps([]);
        limits.answers.get(order.uuid).until = Date.now();
        expect(await validation.askBeforeValidation()).toBe(true);
        expect.verifySteps(["reserve"]);
    });

    test("one click doesn't pay what is lost", async () => {
        const { store, order } = await limitedOrder();
        onRpc("pos.config", "retail_promo_reserve", () => ({
            granted: {},
            used: { 1: { orders: 5 } },
            seconds: 600,
        }));
        const validation = new OrderPaymentValidation({
            pos: store,
            orderUuid: order.uuid,
            fastPaymentMethod: store.config.payment_method_ids[0],
        });
        expect(order.payment_ids.length).toBe(1);
        expect(await validation.askBeforeValidation()).toBe(false);
        expect(order.payment_ids.length).toBe(0);
    });

    test("a deleted order gives its part of the share back", async () => {
        const { store, order } = await limitedOrder();
        const { limits } = store.promotions;
        limits.keep({
            slices: { 1: { orders: 1, units: 0, amount: 0 } },
            until: "2999-01-01T00:00:00Z",
            spent: {},
        });
        lose();
        await store.holdPromotions(order);
        limits.release(order);
        expect(limits.share.spent).toEqual({});
    });

    test("promotions without limits ask nobody", async () => {
        const { store, order } = await limitedOrder(percentOff(10));
        onRpc("pos.config", "retail_promo_reserve", () => expect.step("asked"));
        expect(await store.promotions.reserve(order)).toEqual([]);
        expect.verifySteps([]);
    });
});
