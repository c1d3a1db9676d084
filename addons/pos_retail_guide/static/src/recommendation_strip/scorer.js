/**
 * Rank what to recommend with a basket, offline. Pure: no till, no server, no clock.
 *
 * The same sums as the server's guide_engine/scoring.py for a basket and a store's popularity;
 * what a member buys comes ready from the server (`member`) and is one more summand.
 */

/**
 * @param {Object} data `popular` [[product id, share 0..1 of the most popular]], `neighbours`
 *      Map(product id -> [[product id, strength 0..1]]), `weights` {basket, popular}
 * @param {Object} question
 * @param {number[]} question.basket product ids, repeats count once
 * @param {Object[]} [question.member] the server's list: {product_id, score, reason, text}
 * @param {(id: number) => boolean} [question.usable] false for what must not be shown
 * @param {number} question.limit
 * @returns {Object[]} [{productId, score, reason, because, text}], the best first
 */
export function recommend(data, { basket, member = [], usable = () => true, limit }) {
    const held = new Set(basket);
    const candidates = new Map();
    const candidate = (id) => {
        if (!candidates.has(id)) {
            candidates.set(id, { id, basket: 0, popular: 0, popularity: 0, member: null });
        }
        return candidates.get(id);
    };
    for (const [id, share] of data.popular) {
        Object.assign(candidate(id), { popular: data.weights.popular * share, popularity: share });
    }
    addNeighbours(data, held, candidate);
    for (const item of member) {
        // The server has counted popularity in.
        Object.assign(candidate(item.product_id), { member: item, popular: 0 });
    }
    return [...candidates.values()]
        .filter(({ id }) => !held.has(id) && usable(id))
        .map(explained)
        .filter(({ score }) => score > 0)
        .sort(
            (a, b) =>
                b.score - a.score || b.popularity - a.popularity || a.productId - b.productId
        )
        .slice(0, limit);
}

/** Add to each neighbour of the basket its strength, and remember the strongest tie. */
function addNeighbours(data, held, candidate) {
    const strongest = new Map();
    for (const product of [...held].sort((a, b) => a - b)) {
        for (const [id, strength] of data.neighbours.get(product) || []) {
            const found = candidate(id);
            found.basket += data.weights.basket * strength;
            if (strength > (strongest.get(id) || 0)) {
                strongest.set(id, strength);
                found.because = product;
            }
        }
    }
}

/** The largest summand is the reason; what the member buys is told before the basket. */
function explained({ id, basket, popular, popularity, member, because }) {
    const own = member ? member.score : 0;
    const item = { productId: id, score: own + basket + popular, popularity };
    if (member && own >= basket) {
        return { ...item, reason: member.reason, text: member.text };
    }
    return basket >= popular && because
        ? { ...item, reason: "basket", because }
        : { ...item, reason: "popular" };
}
