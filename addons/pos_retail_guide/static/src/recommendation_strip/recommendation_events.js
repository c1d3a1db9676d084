/**
 * What happened to recommendations in a till order, kept in the order itself until it is synced.
 *
 * The uuid is made of the order's, so the same thing told twice is filed once.
 */

export function orderEvents(order) {
    return order.retail_recommendation_events || [];
}

function has(order, action, productId) {
    return orderEvents(order).some(
        (event) => event.action === action && event.product_id === productId
    );
}

/** Note that the recommendations, in their order, were shown, added or refused. */
export function noteEvents(order, action, recommendations) {
    const fresh = recommendations
        .filter(({ productId }) => !has(order, action, productId))
        .map(({ productId, reason, rank }) => ({
            uuid: `${order.uuid}/${productId}/${action}`,
            action,
            product_id: productId,
            reason,
            rank,
        }));
    if (fresh.length) {
        order.retail_recommendation_events = [...orderEvents(order), ...fresh];
    }
}

/**
 * Return the ids of the products refused in this order, or by its member in other orders that
 * this till still knows: those may not have reached the server.
 */
export function refusedProducts(order) {
    const partner = order.partner_id;
    const orders = partner
        ? order.models["pos.order"].filter((other) => other.partner_id?.id === partner.id)
        : [order];
    return new Set(
        orders
            .flatMap(orderEvents)
            .filter((event) => event.action === "refused")
            .map((event) => event.product_id)
    );
}
