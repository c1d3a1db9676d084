/** The promotion lines of an order: what they should be, and the least change to get there. */
import { discountTaxes, exactLine } from "./exact_line";

/** One promotion line per promotion and set of taxes. */
export function lineKey(programId, taxes) {
    const taxIds = taxes.map((tax) => tax.id).sort((a, b) => a - b);
    return `${programId}|${taxIds.join(",")}`;
}

/** The promotion of a line by number: it may have ended and not be loaded any more. */
export function programOf(line) {
    return line.raw.retail_promotion_id;
}

export function keyOfLine(line) {
    return lineKey(programOf(line), line.tax_ids);
}

/** Whether a promotion line takes back what an earlier sale was given. */
export function takesBack(line) {
    return line.qty < 0;
}

/** An exchange may be given and give back the same promotion, which makes two lines. */
function grantKey(key, qty) {
    return qty < 0 ? `${key}|back` : key;
}

/** Minor units that a promotion line takes off; below zero for what a refund takes back. */
export function discountOf(line) {
    return Object.values(line.retail_shares || {}).reduce((sum, share) => sum + share, 0);
}

/**
 * Add a share to the grants, which hold one entry per future promotion line.
 * @param {Object} promotion {programId, version, name, product, qty}; qty: of the line, 1 for
 *   what is given, -1 for what a refund takes back
 */
export function addShare(grants, promotion, taxes, uuid, amount) {
    if (!amount) {
        return;
    }
    const key = grantKey(lineKey(promotion.programId, taxes), promotion.qty);
    if (!grants.has(key)) {
        grants.set(key, { ...promotion, taxes, shares: {} });
    }
    const { shares } = grants.get(key);
    shares[uuid] = (shares[uuid] || 0) + amount;
}

/** What a promotion line must know of a promotion that is loaded. */
export function describe(order, programId) {
    const promotion = order.models["retail.promotion"].get(programId);
    return {
        programId,
        version: promotion._program.version,
        name: promotion.name,
        product: promotion.discount_product_id,
        qty: 1,
    };
}

/**
 * What an outcome of the engine grants, in the order of the lines.
 * @returns {Map<string, Object>} by key of the line; shares in minor units by line uuid
 */
export function grantsOf(order, lines, outcome) {
    const byUuid = new Map(lines.map((line) => [line.uuid, line]));
    const grants = new Map();
    for (const { id, discounts } of outcome.lines) {
        const taxes = discounts.length ? discountTaxes(byUuid.get(id)) : [];
        for (const { program, amount } of discounts) {
            addShare(grants, describe(order, program), taxes, id, amount);
        }
    }
    return grants;
}

function wantedValues(order, grant) {
    const { qty } = grant;
    const discount = Object.values(grant.shares).reduce((sum, share) => sum + share, 0);
    const key = `retail_promo,${grant.programId}`;
    return {
        ...exactLine(order, grant.taxes, discount, qty, key),
        qty,
        discount: 0,
        full_product_name: grant.name,
        retail_promotion_version: grant.version,
        retail_shares: grant.shares,
    };
}

/** Structural equality of plain JSON values, whatever the order of their keys. */
export function sameJson(a, b) {
    if (a === b) {
        return true;
    }
    if (typeof a !== "object" || typeof b !== "object" || !a || !b) {
        return false;
    }
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => sameJson(a[key], b[key]));
}

/** Sort the promotion lines that are there into those to keep, by key, and those to drop. */
function sortPresent(order, grants) {
    const kept = new Map();
    const dropped = [];
    for (const line of order.lines.filter((line) => line.isRetailPromotion)) {
        const key = grantKey(keyOfLine(line), line.qty);
        if (kept.has(key) || !grants.has(key)) {
            dropped.push(line);
        } else {
            kept.set(key, line);
        }
    }
    return { kept, dropped };
}

/**
 * Write the grants to the order with the fewest changes: equal lines are not touched.
 * @returns {boolean} whether anything was written
 */
export function writePromotionLines(order, grants) {
    const { kept, dropped } = sortPresent(order, grants);
    dropped.forEach((line) => line.delete());
    let changed = dropped.length > 0;
    for (const [key, grant] of grants) {
        const values = wantedValues(order, grant);
        if (!kept.has(key)) {
            createLine(order, grant, values);
            changed = true;
        } else {
            changed = updateLine(kept.get(key), values) || changed;
        }
    }
    return changed;
}

function createLine(order, grant, values) {
    order.models["pos.order.line"].create({
        ...values,
        order_id: order,
        product_id: grant.product,
        tax_ids: grant.taxes.map((tax) => ["link", tax]),
        // Any other price type would be repriced when the price list changes.
        price_type: "manual",
        retail_promotion_id: order.models["retail.promotion"].get(grant.programId),
        ...(grant.refunded ? { refunded_orderline_id: grant.refunded } : {}),
    });
}

function updateLine(line, values) {
    const changes = Object.fromEntries(
        Object.entries(values).filter(([field, value]) => !sameJson(line[field], value))
    );
    if (!Object.keys(changes).length) {
        return false;
    }
    line.update(changes);
    return true;
}

/** The lines of the same promotion in an order that are drawn as one: one per set of taxes. */
export function siblingsOf(line) {
    const program = programOf(line);
    return line.order_id.lines.filter(
        (one) =>
            one.isRetailPromotion &&
            programOf(one) === program &&
            takesBack(one) === takesBack(line)
    );
}

/**
 * The lines as they are drawn: each promotion once, beneath the last line that it touches.
 *
 * A promotion has a line per set of taxes, which is the accountant's affair: the first one is
 * drawn and shows the sum.
 */
export function promotionsBeneath(lines) {
    const goods = lines.filter((line) => !line.isRetailPromotion);
    const position = new Map(goods.map((line, index) => [line.uuid, index]));
    const beneath = new Map();
    for (const line of lines.filter((line) => line.isRetailPromotion)) {
        const siblings = siblingsOf(line);
        if (siblings[0].uuid !== line.uuid) {
            continue;
        }
        const touched = siblings
            .flatMap((one) => Object.keys(one.retail_shares))
            .map((uuid) => position.get(uuid))
            .filter((index) => index !== undefined);
        const last = touched.length ? Math.max(...touched) : goods.length - 1;
        beneath.set(last, [...(beneath.get(last) || []), line]);
    }
    return [
        ...goods.flatMap((line, index) => [line, ...(beneath.get(index) || [])]),
        ...(goods.length ? [] : beneath.get(-1) || []),
    ];
}
