/**
 * What a form asks the server for, and the keys under which its showings are filed. Pure
 * functions of the record's data, so that they can be tested without a form.
 */

const { DateTime } = luxon;

/** Return the request of a sales order; `null` when nothing is to be recommended. */
export function orderRequest(record) {
    const data = record.data;
    if (!["draft", "sent"].includes(data.state)) {
        return null;
    }
    const products = new Map();
    for (const line of data.order_line.records) {
        const product = line.data.product_id;
        if (product?.id) {
            products.set(product.id, product.display_name);
        }
    }
    return {
        source: "order",
        basketKey: data.retail_basket_key || `sale.order,${record.resId}`,
        partner_id: data.partner_id?.id || false,
        store_id: data.retail_store_id?.id || false,
        pricelist_id: data.pricelist_id?.id || false,
        basket: [...products.keys()].sort((a, b) => a - b),
        lines: [...products].map(([id, name]) => ({ id, name })),
    };
}

/** Return the request of a member; showings count once a day. */
export function memberRequest(record) {
    if (!record.resId) {
        return null;
    }
    return {
        source: "member",
        basketKey: `res.partner,${record.resId},${DateTime.now().toISODate()}`,
        partner_id: record.resId,
        store_id: record.data.retail_store_id?.id || false,
        pricelist_id: false,
        basket: [],
        lines: [],
    };
}

/** Return the request of a product; nobody is shown anything, so nothing is filed. */
export function productRequest(record) {
    const isTemplate = record.resModel === "product.template";
    const id = isTemplate ? record.data.product_variant_id?.id : record.resId;
    if (!id) {
        return null;
    }
    return {
        source: null,
        basketKey: null,
        partner_id: false,
        store_id: null, // the user's own
        pricelist_id: false,
        basket: [],
        lines: [],
        product: { id, name: record.data.name },
    };
}

/**
 * Return the arguments of the server's call.
 *
 * @param {Object} request of a form
 * @param {Object|null} focus `{kind: "with"|"instead", product: {id, name}}`: what goes with the
 *      product or replaces it, instead of what suits the whole order or the member
 * @param {number} limit cards wanted
 */
export function question(request, focus, limit) {
    const { partner_id, store_id, pricelist_id, basket } = request;
    if (focus?.kind === "with") {
        // Twice as many: popular products and those of the basket don't answer it.
        const held = [focus.product.id];
        return { partner_id: false, basket: held, store_id, pricelist_id, limit: 2 * limit };
    }
    const values = { partner_id, basket, store_id, pricelist_id, limit };
    return focus ? { ...values, instead_of: focus.product.id } : values;
}

/** Return the cards of an answer that are an answer to the question. */
export function answers(request, focus, cards, limit) {
    if (focus?.kind === "with") {
        cards = cards.filter(
            (card) => card.reason === "basket" && !request.basket.includes(card.product_id)
        );
    }
    return cards.slice(0, limit);
}

/** Without a customer and a product there is nothing to go by, and nobody to show it to. */
export function isBlank(request) {
    return !request.partner_id && !request.basket.length;
}

/** Return an event whose uuid says it all: the same thing filed twice counts once. */
export function event(basketKey, action, card, rank) {
    return {
        uuid: `${basketKey}/${card.product_id}/${action}`,
        action,
        product_id: card.product_id,
        reason: card.reason,
        rank,
    };
}
