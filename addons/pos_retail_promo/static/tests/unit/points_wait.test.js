import { afterEach, describe, expect, test } from "@odoo/hoot";
import { advanceTime, Deferred, tick } from "@odoo/hoot-dom";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { filledOrder } from "./utils";

definePosModels();

const NOMINATIVE = 7; // a program of stock's test data

// Updates of all tests queue behind each other: none may wait for ever.
let cards;
afterEach(() => cards.resolve([]));

/** A till whose server hasn't yet told the card of the customer chosen a moment ago. */
async function waitingOrder() {
    const store = await setupPosEnv();
    const order = await filledOrder(store);
    store.setOrder(order);
    const partner = store.models["res.partner"].get(1);
    cards = new Deferred();
    store.models["loyalty.card"].deleteMany(store.models["loyalty.card"].getAll());
    store.fetchCoupons = () => cards;
    store.couponForProgram = (program) => store.fetchLoyaltyCard(program.id, partner.id);
    order._programIsApplicable = (program) => program.id === NOMINATIVE;
    order.pointsForPrograms = () => ({ [NOMINATIVE]: [{ points: 59 }] });
    order.setPartner(partner);
    store.updateRewards();
    await tick();
    const validation = new OrderPaymentValidation({ pos: store, orderUuid: order.uuid });
    return { store, order, validation };
}

const pointsOf = (order) =>
    Object.values(order.uiState.couponPointChanges).map(({ points }) => points);

describe("points while the card is on its way", () => {
    test("who pays at once earns points, too", async () => {
        const { order, validation } = await waitingOrder();
        expect(pointsOf(order)).toEqual([]);
        const asked = validation.askBeforeValidation();
        await tick();
        cards.resolve([]);
        expect(await asked).toBe(true);
        expect(pointsOf(order)).toEqual([59]);
    });

    test("a server that doesn't answer in time is waited for no longer", async () => {
        const { order, validation } = await waitingOrder();
        const asked = validation.askBeforeValidation();
        await advanceTime(6000);
        expect(await asked).toBe(true);
        expect(pointsOf(order)).toEqual([59]);
        const [change] = Object.values(order.uiState.couponPointChanges);
        expect(change.coupon_id < 0).toBe(true);
    });

    test("a card that can't be read keeps nobody from paying", async () => {
        const { store, validation } = await waitingOrder();
        store.updatePrograms = () => Promise.reject(new Error("No right"));
        store.retailRewardsTurn = () => {};
        expect(await validation.askBeforeValidation()).toBe(true);
    });

    test("a total that has changed meanwhile is told before it is paid", async () => {
        const { store, order, validation } = await waitingOrder();
        store.notification.add = (text) => expect.step(text);
        order._updateRewardLines = () => order.lines[0].setQuantity(7);
        const asked = validation.askBeforeValidation();
        cards.resolve([]);
        expect(await asked).toBe(false);
        expect.verifySteps([
            "The total has changed. Tell the customer the new one.",
        ]);
    });

    test("a till without programs waits for nothing", async () => {
        const store = await setupPosEnv();
        cards = new Deferred();
        store.models["loyalty.program"].deleteMany(store.models["loyalty.program"].getAll());
        await store.retailRewardsTurn();
        expect(store.models["loyalty.program"].length).toBe(0);
    });
});
