import { expect, test } from "@odoo/hoot";
import { animationFrame, click, queryAllTexts } from "@odoo/hoot-dom";
import { mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { ConnectionLostError } from "@web/core/network/rpc";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import {
    isHeldOut,
    parseRecommendations,
    popularOnly,
} from "@pos_retail_guide/recommendation_strip/recommendation_data";
import {
    noteEvents,
    refusedProducts,
} from "@pos_retail_guide/recommendation_strip/recommendation_events";
import { RecommendationOutbox } from "@pos_retail_guide/recommendation_strip/recommendation_outbox";
import { RecommendationStrip } from "@pos_retail_guide/recommendation_strip/recommendation_strip";

definePosModels();

const WEIGHTS = { basket: 7, popular: 0.02 };

/** A till whose server sent: 6 goes with 5, 5 is popular, 99999 isn't at this till. */
async function setupTill(data = {}) {
    const store = await setupPosEnv();
    store.config._retail_recommendations = JSON.stringify({
        store: 1,
        ask: true,
        weights: WEIGHTS,
        popular: [5, 10000, 99999, 9000],
        neighbours: { 5: [6, 4000, 99999, 3000] },
        ...data,
    });
    store.addNewOrder();
    return store;
}

const REPEATS = [{ product_id: 6, score: 3, reason: "repeat", text: "You bought it 3 times" }];

/** Choose the customer of the open order, and wait for what the server tells of them. */
async function choose(store, partner) {
    store.setPartnerToCurrentOrder(partner);
    await animationFrame();
    await animationFrame();
}

const reasons = () => queryAllTexts(".retail-recommendation-reason");
const shownIds = (order) =>
    (order.retail_recommendation_events || [])
        .filter((event) => event.action === "shown")
        .map((event) => event.product_id);

test("the strip follows the basket at once and notes what it showed", async () => {
    const store = await setupTill();
    const order = store.getOrder();
    await mountWithCleanup(RecommendationStrip);
    expect(reasons()).toEqual(["Popular in this store"]);
    expect(shownIds(order)).toEqual([]);
    await store.addLineToCurrentOrder({ product_tmpl_id: store.models["product.template"].get(5) });
    await animationFrame();
    const name = store.models["product.product"].get(5).display_name;
    expect(reasons()).toEqual([`Often bought with ${name}`]);
    const line = await store.addLineToOrder(
        { product_tmpl_id: store.models["product.template"].get(6) },
        store.addNewOrder()
    );
    store.setOrder(order);
    await animationFrame();
    // The strip shows what the order line will show.
    expect(queryAllTexts(".retail-recommendation-price")).toEqual([
        line.currencyDisplayPrice.replace("\u00a0", " "),
    ]);
    expect(shownIds(order)).toEqual([6]);
});

test("a tap adds the product once", async () => {
    const store = await setupTill();
    const order = store.getOrder();
    await mountWithCleanup(RecommendationStrip);
    await click(".retail-recommendation");
    await animationFrame();
    expect(order.lines.map((line) => [line.product_id.id, line.qty])).toEqual([[5, 1]]);
    expect(
        order.retail_recommendation_events.filter(({ action }) => action === "added")
    ).toEqual([
        {
            uuid: `${order.uuid}/5/added`,
            action: "added",
            product_id: 5,
            reason: "popular",
            rank: 1,
        },
    ]);
});

test("a refused product goes away in this order", async () => {
    const store = await setupTill();
    const strip = await mountWithCleanup(RecommendationStrip);
    strip.refuse(strip.items[0]);
    await animationFrame();
    expect(reasons()).toEqual([]);
    store.addNewOrder();
    await animationFrame();
    expect(reasons()).toEqual(["Popular in this store"]);
});

test("offline the member's part is missing and nothing else", async () => {
    const store = await setupTill();
    onRpc("pos.config", "retail_recommend_member", () => {
        expect.step("asked");
        throw new ConnectionLostError("offline");
    });
    await mountWithCleanup(RecommendationStrip);
    store.setPartnerToCurrentOrder(store.models["res.partner"].getFirst());
    await animationFrame();
    expect.verifySteps(["asked"]);
    expect(reasons()).toEqual(["Popular in this store"]);
});

test("a cashier who may not ask is not refused, the till doesn't ask", async () => {
    const store = await setupTill({ ask: false });
    onRpc("pos.config", "retail_recommend_member", () => expect.step("asked"));
    await mountWithCleanup(RecommendationStrip);
    store.setPartnerToCurrentOrder(store.models["res.partner"].getFirst());
    await animationFrame();
    expect.verifySteps([]);
});

test("one call refines the strip for a member", async () => {
    const store = await setupTill();
    onRpc("pos.config", "retail_recommend_member", () => ({ items: REPEATS, refused: [] }));
    await mountWithCleanup(RecommendationStrip);
    await choose(store, store.models["res.partner"].getFirst());
    expect(reasons()).toEqual(["You bought it 3 times", "Popular in this store"]);
});

test("what a member refused before isn't shown, popular or not", async () => {
    const store = await setupTill();
    onRpc("pos.config", "retail_recommend_member", () => ({ items: REPEATS, refused: [5] }));
    await mountWithCleanup(RecommendationStrip);
    await choose(store, store.models["res.partner"].getFirst());
    expect(reasons()).toEqual(["You bought it 3 times"]);
});

test("offline the last answer holds, and what the member refused at this till", async () => {
    const store = await setupTill();
    const member = store.models["res.partner"].getFirst();
    let offline = false;
    onRpc("pos.config", "retail_recommend_member", () => {
        if (offline) {
            throw new ConnectionLostError("offline");
        }
        return { items: REPEATS, refused: [] };
    });
    const strip = await mountWithCleanup(RecommendationStrip);
    await choose(store, member);
    strip.refuse(strip.items[1]);
    offline = true;
    store.addNewOrder();
    await choose(store, member);
    expect(reasons()).toEqual(["You bought it 3 times"]);
    await choose(store, false);
    expect(reasons()).toEqual(["Popular in this store"]);
});

test("an order that is given up leaves its events until the server has them, once", async () => {
    const store = await setupTill();
    const order = store.getOrder();
    let offline = true;
    onRpc("pos.config", "retail_record_recommendations", ({ args }) => {
        if (offline) {
            throw new ConnectionLostError("offline");
        }
        const [, uuid, events, partner] = args;
        expect.step([uuid, events.map(({ action }) => action), partner]);
        return true;
    });
    noteEvents(order, "shown", [{ productId: 5, reason: "popular", rank: 1 }]);
    store.removeOrder(order);
    await store.recommendationOutbox.send();
    expect(Object.keys(store.recommendationOutbox.kept)).toEqual([order.uuid]);
    offline = false;
    // As after a reload: another outbox, the same storage.
    await new RecommendationOutbox(store).send();
    await store.recommendationOutbox.send();
    expect.verifySteps([[order.uuid, ["shown"], false]]);
    expect(store.recommendationOutbox.kept).toEqual({});
});

test("who is held out of recommendations gets popular products only", () => {
    const neighbours = new Map([[1, [[2, 0.5]]]]);
    const data = { popular: [[3, 1]], neighbours };
    expect(isHeldOut([{ product_id: 3, held_out: true }])).toBe(true);
    expect(isHeldOut([{ product_id: 3 }])).toBe(false);
    expect(popularOnly(data)).toEqual({ popular: [[3, 1]], neighbours: new Map() });
});

test("events travel with the order and are noted once", async () => {
    const store = await setupTill();
    const order = store.getOrder();
    const items = [{ productId: 5, reason: "popular", rank: 1 }];
    noteEvents(order, "shown", items);
    noteEvents(order, "shown", items);
    noteEvents(order, "refused", items);
    expect([...refusedProducts(order)]).toEqual([5]);
    expect(order.serializeForORM().retail_recommendation_events).toHaveLength(2);
});

test("missing or broken data recommend nothing", () => {
    for (const text of [undefined, false, "", "{broken", "null"]) {
        expect(parseRecommendations(text).popular).toEqual([]);
    }
});
