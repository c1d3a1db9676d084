import { describe, expect, test } from "@odoo/hoot";
import { tick } from "@odoo/hoot-dom";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import {
    firstChoice,
    GiftDialog,
} from "@pos_retail_promo/app/components/gift_dialog/gift_dialog";
import { addPromotion, filledOrder, promotionLines, totalOf } from "./utils";

definePosModels();

const FILLED = 59500;
const GIFT = { reward: { kind: "gift", n: 3, k: 1, options: [5, 6] }, trigger: { set: { products: [5] } } };

describe("what the chooser begins with", () => {
    test("the first that stock has, a substitute for the rest", () => {
        const options = [
            { id: 5, chosen: 0, left: 0 },
            { id: 6, chosen: 0, left: 1 },
            { id: 7, chosen: 0, left: null },
        ];
        expect(firstChoice(3, options)).toEqual({ 5: 0, 6: 1, 7: 2 });
    });

    test("what was chosen before", () => {
        const options = [
            { id: 5, chosen: 0, left: 9 },
            { id: 6, chosen: 1, left: 9 },
        ];
        expect(firstChoice(2, options)).toEqual({ 5: 0, 6: 1 });
    });
});

describe("gifts of an order", () => {
    test("a gift is a line that the promotion takes to zero", async () => {
        const store = await setupPosEnv();
        addPromotion(store, GIFT);
        const order = await filledOrder(store);
        await tick();
        expect(order.uiState.retailGifts).toEqual([
            { program: 1, options: [5, 6], units: 1, chosen: 0 },
        ]);
        const { gifts } = store.promotions;
        await gifts.give(order, 1, 6, 1);
        await tick();
        expect(gifts.linesOf(order, 1)).toHaveLength(1);
        expect(order.lines.filter((line) => line.product_id.id === 6)).toHaveLength(2);
        expect(totalOf(order)).toBe(FILLED);
        expect(promotionLines(order)).toHaveLength(1);
        expect(gifts.isOpen(order)).toBe(false);
        expect(await gifts.askOnce(order)).toBe(true);
    });

    test("who buys less keeps no gift", async () => {
        const store = await setupPosEnv();
        addPromotion(store, GIFT);
        const order = await filledOrder(store);
        await tick();
        await store.promotions.gifts.give(order, 1, 6, 1);
        await tick();
        order.lines.find((line) => line.product_id.id === 5).setQuantity(2);
        await tick();
        expect(store.promotions.gifts.linesOf(order, 1)).toHaveLength(0);
        expect(promotionLines(order)).toHaveLength(0);
    });

    test("what this till has sold since isn't there any more", async () => {
        const store = await setupPosEnv();
        const promotion = addPromotion(store, GIFT);
        promotion._gift_stock = { 5: 4, 6: null };
        const order = await filledOrder(store);
        await tick();
        const [{ options }] = store.promotions.gifts.entriesOf(order, undefined);
        expect(options.map(({ id, left }) => [id, left])).toEqual([
            [5, 1],
            [6, null],
        ]);
    });
});

test("another choice takes the place of the only gift", async () => {
    await setupPosEnv();
    let answer;
    const options = [
        { id: 5, name: "Spoon", chosen: 0, left: 0 },
        { id: 6, name: "Bag", chosen: 0, left: 3 },
        { id: 7, name: "Cup", chosen: 0, left: null },
    ];
    const dialog = await mountWithCleanup(GiftDialog, {
        props: {
            entries: [{ program: 1, name: "Autumn", units: 1, options }],
            getPayload: (payload) => (answer = payload),
            close: () => {},
        },
    });
    const [entry] = dialog.props.entries;
    expect(dialog.canAdd(entry, options[0])).toBe(false);
    expect(dialog.canAdd(entry, options[2])).toBe(true);
    dialog.add(entry, options[2]);
    dialog.confirm();
    expect(answer).toEqual({ 1: { 5: 0, 6: 0, 7: 1 } });
});
