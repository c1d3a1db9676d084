import { describe, expect, test } from "@odoo/hoot";
import { mockDate } from "@odoo/hoot-mock";
import {
    answers,
    event,
    isBlank,
    memberRequest,
    orderRequest,
    productRequest,
    question,
} from "@retail_guide/recommendation_panel/recommendation_request";

describe.current.tags("headless");

const line = (id) => ({ data: { product_id: id && { id, display_name: `P${id}` } } });

function order(values = {}) {
    return {
        resId: 7,
        data: {
            state: "draft",
            retail_basket_key: "key",
            partner_id: { id: 3 },
            retail_store_id: { id: 4 },
            pricelist_id: { id: 5 },
            order_line: { records: [line(12), line(11), line(false), line(12)] },
            ...values,
        },
    };
}

test("an order asks for its customer, store and basket", () => {
    expect(orderRequest(order())).toEqual({
        source: "order",
        basketKey: "key",
        partner_id: 3,
        store_id: 4,
        pricelist_id: 5,
        basket: [11, 12],
        lines: [
            { id: 12, name: "P12" },
            { id: 11, name: "P11" },
        ],
    });
});

test("an order without customer, store or key", () => {
    const values = { partner_id: false, retail_store_id: undefined, retail_basket_key: false };
    expect(orderRequest(order(values))).toMatchObject({
        basketKey: "sale.order,7",
        partner_id: false,
        store_id: false,
    });
});

test("a customer or a product is needed", () => {
    expect(isBlank({ partner_id: false, basket: [] })).toBe(true);
    expect(isBlank({ partner_id: 3, basket: [] })).toBe(false);
    expect(isBlank({ partner_id: false, basket: [11] })).toBe(false);
});

test("nothing is recommended for a confirmed or cancelled order", () => {
    expect(orderRequest(order({ state: "sale" }))).toBe(null);
    expect(orderRequest(order({ state: "cancel" }))).toBe(null);
});

test("a member is shown once a day", () => {
    mockDate("2026-03-31 10:00:00");
    const request = memberRequest({ resId: 9, data: { retail_store_id: { id: 4 } } });
    expect(request).toMatchObject({
        source: "member",
        basketKey: "res.partner,9,2026-03-31",
        partner_id: 9,
        store_id: 4,
        basket: [],
    });
    expect(memberRequest({ resId: false, data: {} })).toBe(null);
});

test("the same event has the same uuid", () => {
    const card = { product_id: 12, reason: "basket" };
    expect(event("key", "shown", card, 2)).toEqual({
        uuid: "key/12/shown",
        action: "shown",
        product_id: 12,
        reason: "basket",
        rank: 2,
    });
});

test("a product is asked about in the user's own store, and nothing is filed", () => {
    const values = { product_variant_id: { id: 8 }, name: "Tea" };
    const request = productRequest({ resModel: "product.template", resId: 3, data: values });
    expect(request).toMatchObject({ basketKey: null, store_id: null, product: { id: 8 } });
    const variant = { resModel: "product.product", resId: 9, data: { name: "Tea" } };
    expect(productRequest(variant).product).toEqual({ id: 9, name: "Tea" });
    expect(productRequest({ ...variant, resId: false })).toBe(null);
});

test("what goes with a product is asked without the member, what instead with all", () => {
    const request = orderRequest(order());
    const product = { id: 12, name: "P12" };
    expect(question(request, null, 6)).toEqual({
        partner_id: 3,
        basket: [11, 12],
        store_id: 4,
        pricelist_id: 5,
        limit: 6,
    });
    expect(question(request, { kind: "with", product }, 6)).toEqual({
        partner_id: false,
        basket: [12],
        store_id: 4,
        pricelist_id: 5,
        limit: 12,
    });
    expect(question(request, { kind: "instead", product }, 6)).toMatchObject({
        partner_id: 3,
        instead_of: 12,
    });
});

test("popular products and those in the order don't go with a product", () => {
    const request = orderRequest(order());
    const cards = [
        { product_id: 11, reason: "basket" },
        { product_id: 20, reason: "basket" },
        { product_id: 21, reason: "popular" },
    ];
    const product = { id: 12, name: "P12" };
    expect(answers(request, { kind: "with", product }, cards, 6)).toEqual([cards[1]]);
    expect(answers(request, null, cards, 2)).toEqual(cards.slice(0, 2));
});
