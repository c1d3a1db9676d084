/** Promotion lines of a sales order that is settled at the till. */

/**
 * Give settled lines the exact amounts of the sales order's lines.
 *
 * Stock brings the price alone, which can be a cent off where prices are without tax. The tax
 * engine ignores the data when price, quantity, currency or taxes are others than there.
 */
export function keepExactAmounts(order, saleOrder) {
    const settled = order.lines.filter(
        (line) =>
            line.sale_order_origin_id?.id === saleOrder.id &&
            line.sale_order_line_id?.extra_tax_data?.computation_key?.startsWith("retail_promo,")
    );
    for (const line of settled) {
        line.update({ extra_tax_data: line.sale_order_line_id.extra_tax_data });
    }
    if (settled.length) {
        order.triggerRecomputeAllPrices();
    }
}
