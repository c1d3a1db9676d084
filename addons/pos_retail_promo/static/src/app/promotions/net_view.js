/**
 * Stock loyalty must not take promotion lines for goods: they count for no quantity, no unit
 * points and no cheapest line, but they lower the amounts of the lines that they touch.
 *
 * There is no hook inside stock's methods, so that they are shown other lines while they run:
 * proxies of the real ones with net amounts, and no promotion lines.
 */
import { fromMinor, sells, taxBasis } from "./cart";

let depth = 0;
const views = new Map(); // uuid of an order -> its net lines, while a view is open

/** Run a synchronous function while `getOrderlines` of the order shows net amounts. */
export function withNetView(order, run) {
    if (!order.lines.some((line) => line.isRetailPromotion || line.refunded_orderline_id)) {
        return run();
    }
    depth += 1;
    try {
        return run();
    } finally {
        depth -= 1;
        if (!depth) {
            views.clear();
        }
    }
}

/** The lines that stock loyalty sees of an order now. */
export function netLines(order, lines) {
    if (!depth) {
        return lines;
    }
    if (!views.has(order.uuid)) {
        views.set(order.uuid, netLinesOf(order, lines));
    }
    return views.get(order.uuid);
}

function netLinesOf(order, lines) {
    const factors = netFactors(order);
    // What comes back in an exchange earned its points with its own sale.
    const sold = (line) => !line.refunded_orderline_id || !sells(order);
    return lines
        .filter((line) => !line.isRetailPromotion && sold(line))
        .map((line) => (factors.has(line.uuid) ? netLine(line, factors) : line));
}

/** By line uuid: what part of the amount is left after the promotions, 0..1. */
function netFactors(order) {
    const uuids = order.lines
        .filter((line) => line.isRetailPromotion)
        .flatMap((line) => Object.keys(line.retail_shares));
    const touched = new Set(uuids);
    return new Map(
        order.lines
            .filter((line) => touched.has(line.uuid))
            .map((line) => [line.uuid, netFactor(line)])
    );
}

/** What part of a line's amount is left after the promotions, 0..1. */
export function netFactor(line) {
    const order = line.order_id;
    const share = order.lines
        .filter((one) => one.isRetailPromotion)
        .reduce((sum, one) => sum + (one.retail_shares[line.uuid] || 0), 0);
    const field = taxBasis(order) === "included" ? "total_included" : "total_excluded";
    const amount = line.prices[field];
    return share && amount ? 1 - fromMinor(order.currency, share) / amount : 1;
}

function netLine(line, factors) {
    const factor = factors.get(line.uuid);
    const net = {
        get prices() {
            const { prices } = line;
            return {
                ...prices,
                total_included: line.currency.round(prices.total_included * factor),
                total_excluded: line.currency.round(prices.total_excluded * factor),
            };
        },
        get basePrice() {
            return line.basePrice * factor;
        },
        get comboTotalPrice() {
            return comboTotal(line, factors, "displayPrice");
        },
        get comboTotalPriceWithoutTax() {
            return comboTotal(line, factors, "displayPriceUnitExcl");
        },
    };
    return new Proxy(line, {
        get(target, name) {
            return Reflect.get(name in net ? net : target, name);
        },
    });
}

function comboTotal(line, factors, price) {
    return line
        .getAllLinesInCombo()
        .reduce((sum, part) => sum + part[price] * (factors.get(part.uuid) ?? 1), 0);
}
