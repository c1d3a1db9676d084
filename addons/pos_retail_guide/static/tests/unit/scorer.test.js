import { describe, expect, test } from "@odoo/hoot";
import { recommend } from "@pos_retail_guide/recommendation_strip/scorer";
import { vectors } from "@pos_retail_guide/../tests/unit/scorer_vectors";

describe.current.tags("headless");

const WEIGHTS = { basket: 7, popular: 0.02 };
const DOUBT_BASKETS = 5;

/** The data as the server would send them, from the counts of a vector. */
function dataOf({ pairs, popular }) {
    const neighbours = new Map();
    for (const [product, neighbour, both, a, b] of pairs) {
        const strength = ((both / Math.sqrt(a * b)) * both) / (both + DOUBT_BASKETS);
        neighbours.set(product, [...(neighbours.get(product) || []), [neighbour, strength]]);
    }
    const most = Math.max(1, ...popular.map(([, baskets]) => baskets));
    return {
        weights: WEIGHTS,
        neighbours,
        popular: popular.map(([product, baskets]) => [product, baskets / most]),
    };
}

for (const vector of vectors) {
    test(vector.id, () => {
        const found = recommend(dataOf(vector), { basket: vector.basket, limit: 10 });
        expect(found.map((item) => [item.productId, item.reason, item.because ?? null])).toEqual(
            vector.expected
        );
    });
}

const data = dataOf({ pairs: [[1, 2, 10, 50, 50]], popular: [[3, 9]] });

test("what must not be shown is left out and the limit is kept", () => {
    const usable = (id) => id !== 2;
    expect(recommend(data, { basket: [1], usable, limit: 5 }).map((i) => i.productId)).toEqual([3]);
    expect(recommend(data, { basket: [1], limit: 1 })).toHaveLength(1);
    expect(recommend(data, { basket: [1], limit: 0 })).toEqual([]);
});

test("what a member buys again adds up with the basket", () => {
    const member = [
        { product_id: 4, score: 3, reason: "repeat", text: "You bought it 3 times" },
        { product_id: 2, score: 0.1, reason: "history", text: "Goes with tea" },
        { product_id: 3, score: 0.02, reason: "popular", text: "Popular in this store" },
        { product_id: 1, score: 9, reason: "repeat", text: "You bought it 9 times" },
    ];
    const found = recommend(data, { basket: [1], member, limit: 5 });
    expect(found.map(({ productId, reason, text }) => [productId, reason, text])).toEqual([
        [4, "repeat", "You bought it 3 times"],
        [2, "basket", undefined],
        [3, "popular", "Popular in this store"],
    ]);
    // The member's score counts popularity already.
    expect(found[2].score).toBe(0.02);
});
