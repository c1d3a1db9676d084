/**
 * The text that the server sent at start, read once per till, offline too.
 *
 * Its form is told by `pos.config._retail_recommendations()`.
 */

const EMPTY = {
    store: false,
    ask: false,
    weights: { basket: 0, popular: 0 },
    popular: [],
    neighbours: new Map(),
};
const UNIT = 10000; // shares and strengths come in ten-thousandths
const cache = new WeakMap();

/** Turn a flat list [id, ten-thousandths, id, ...] into pairs [id, share]. */
function pairs(flat) {
    const result = [];
    for (let index = 0; index + 1 < flat.length; index += 2) {
        result.push([flat[index], flat[index + 1] / UNIT]);
    }
    return result;
}

/** Parse the text; a missing or broken one recommends nothing. */
export function parseRecommendations(text) {
    let data;
    try {
        data = JSON.parse(text || "null");
    } catch {
        data = null;
    }
    if (!data) {
        return EMPTY;
    }
    const neighbours = new Map();
    for (const [product, flat] of Object.entries(data.neighbours)) {
        neighbours.set(Number(product), pairs(flat));
    }
    return {
        store: data.store,
        ask: data.ask,
        weights: data.weights,
        popular: pairs(data.popular),
        neighbours,
    };
}

/** Return the parsed data of the till. */
export function recommendationData(config) {
    const text = config._retail_recommendations;
    const known = cache.get(config.model);
    if (known && known.text === text) {
        return known.data;
    }
    const data = parseRecommendations(text);
    cache.set(config.model, { text, data });
    return data;
}

/** Whether the server's list is for a member who gets popular products only. */
export function isHeldOut(memberItems) {
    return memberItems.some((item) => item.held_out);
}

/** The data without what goes with the basket: for who is held out of recommendations. */
export function popularOnly(data) {
    return { ...data, neighbours: new Map() };
}
