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
    const basket = data.order_line.records
        .map((line) => line.data.product_id?.id)
        .filter(Boolean)
        .sort((a, b) => a - b);
    return {
        source: "order",
        basketKey: data.retail_basket_key || `sale.order,${record.resId}`,
        partner_id: data.partner_id?.id || false,
        store_id: data.retail_store_id?.id || false,
        pricelist_id: data.pricelist_id?.id || false,
        basket: [...new Set(basket)],
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
    };
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
