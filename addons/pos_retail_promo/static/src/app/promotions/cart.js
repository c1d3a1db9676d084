/**
 * From a till order to the cart of the promotion engine.
 *
 * Twin: models/promotion_order.py. The shapes are the engine's: money in minor units (multiples
 * of the currency's rounding), quantities in thousandths.
 */
import { accountTaxHelpers } from "@account/helpers/account_tax";
import { COST_ONE, lineFloor, partOfFloor } from "@retail_promo/promo_engine/margin";

const QTY_ONE = 1000; // thousandths of a unit
const PERCENT_ONE = 100; // basis points in one percent
const WALL_CLOCK = "yyyy-MM-dd'T'HH:mm:ss";

/** An amount of the currency as a whole number of its smallest units. */
export function toMinor(currency, amount) {
    return Math.round(amount / currency.rounding);
}

/** Smallest units of the currency as an amount, rounded as the currency is. */
export function fromMinor(currency, minor) {
    return currency.round(minor * currency.rounding);
}

/** Lines that promotions count: goods sold here, no discounts, rewards, tips, cards or down payments. */
export function promotableLines(order) {
    const { tip_product_id, discount_product_id, _retail_payment_product_ids } = order.config;
    // Who buys a gift card or loads a wallet changes money, at its full value.
    const money = new Set(_retail_payment_product_ids);
    return order.lines.filter(
        (line) =>
            !line.isRetailPromotion &&
            !line.is_reward_line &&
            !line.refunded_orderline_id?.is_reward_line &&
            // A sales order that is settled here has had its promotions already.
            !line.sale_order_origin_id &&
            !money.has(line.product_id.id) &&
            (!tip_product_id || line.product_id.id !== tip_product_id.id) &&
            (!discount_product_id || line.product_id.id !== discount_product_id.id)
    );
}

/** Goods that come back in an order, from the receipt that they were sold with. */
export function returnedLines(order) {
    return promotableLines(order).filter((line) => line.refunded_orderline_id);
}

/** Goods that an order sells: all of a sale, none of a refund, the new ones of an exchange. */
export function soldLines(order) {
    return promotableLines(order).filter((line) => !line.refunded_orderline_id);
}

/** Whether promotions may give something: of a refund nothing is sold. */
export function sells(order) {
    return !order.isRefund || soldLines(order).length > 0;
}

/** Whether promotions count amounts "included" or "excluded" of tax. */
export function taxBasis(order) {
    return order.company.retail_promo_tax_basis || "included";
}

/**
 * Amounts of the lines as the tax engine rounds them when no promotion line is there.
 * @returns {Map<string, {amount: number, untaxed: number}>} minor units by line uuid, as
 *   promotions count them and without tax; below zero for returned goods
 */
function countLines(order, lines) {
    const baseLines = lines.map((line) =>
        line.getBaseLine({ quantity: line.qty, price_unit: line.price_unit })
    );
    accountTaxHelpers.add_tax_details_in_base_lines(baseLines, order.company);
    accountTaxHelpers.round_base_lines_tax_details(baseLines, order.company);
    const basis = taxBasis(order);
    return new Map(
        baseLines.map(({ record, tax_details }) => [
            record.uuid,
            {
                amount: toMinor(order.currency, countedAmount(tax_details, basis)),
                untaxed: toMinor(order.currency, tax_details.total_excluded_currency),
            },
        ])
    );
}

/**
 * Amounts of the lines as promotions count them.
 * @returns {Map<string, number>} minor units by line uuid; below zero for returned goods
 */
export function lineAmounts(order, lines) {
    const counted = countLines(order, lines);
    return new Map([...counted].map(([uuid, { amount }]) => [uuid, amount]));
}

/**
 * Amounts of the lines, and the floors of the company's minimum margin.
 * @returns {{amounts: Map<string, number>, floors: Object}} floors: [floor, quantity] in engine
 *   units by line uuid, stored with the sale; costs move with each delivery of goods
 */
export function amountsAndFloors(order, lines) {
    const counted = countLines(order, lines);
    const floors = {};
    const keepsMargin = order.company.retail_promo_keep_margin;
    // A gift is given away on purpose.
    for (const line of keepsMargin ? lines.filter((line) => !giftOf(line)) : []) {
        const qty = Math.round(line.qty * QTY_ONE);
        const floor = floorOf(order, line, qty, counted.get(line.uuid));
        if (floor) {
            floors[line.uuid] = [floor, qty];
        }
    }
    const amounts = new Map([...counted].map(([uuid, { amount }]) => [uuid, amount]));
    return { amounts, floors };
}

/** The least that a line may bring, in minor units. */
function floorOf(order, line, qty, { amount, untaxed }) {
    const cost = (line.product_id.standard_price / order.currency.rounding) * Number(COST_ONE);
    const margin = Math.round(order.company.retail_promo_min_margin * PERCENT_ONE);
    return Number(lineFloor(Math.round(cost), margin, qty, amount, untaxed));
}

/** A line of a cart with its part of the floor that it had when it was sold. */
export function withFloor(line, floors) {
    const [floor, qty] = floors?.[line.id] || [0, 0];
    return floor ? { ...line, floor: Number(partOfFloor(floor, line.qty, qty)) } : line;
}

/** Fixed taxes are never discounted, so they don't count. */
function countedAmount(details, basis) {
    if (basis === "excluded") {
        return details.total_excluded_currency;
    }
    const fixed = details.taxes_data.filter((data) => data.tax.amount_type === "fixed");
    return fixed.reduce(
        (amount, data) => amount - data.tax_amount_currency,
        details.total_included_currency
    );
}

/** The moment of an evaluation: in UTC, and on the wall clock of the store. */
export function momentOf(date, timeZone) {
    return {
        utc: date.toUTC().toFormat(WALL_CLOCK) + "Z",
        now: date.setZone(timeZone).toFormat(WALL_CLOCK),
    };
}

function cartLine(line, amount) {
    const template = line.product_id.product_tmpl_id;
    return {
        id: line.uuid,
        product: line.product_id.id,
        categories: [...template.parentCategories],
        brand: template.product_brand_id || null,
        tags: line.product_id.all_product_tag_ids.map((tag) => tag.id),
        qty: Math.round(line.qty * QTY_ONE),
        amount,
        gift_of: giftOf(line),
    };
}

/** The promotion that gives a line away, by number: it may have ended; null for other lines. */
export function giftOf(line) {
    return line.raw.retail_gift_of_id || null;
}

/** The customer as a member: who has paid at this till before buys no first time any more. */
function memberOf(order) {
    const member = order.partner_id?._retail_member || null;
    if (!member?.first) {
        return member;
    }
    const earlier = order.models["pos.order"].filter(
        (other) =>
            other.uuid !== order.uuid &&
            other.finalized &&
            other.partner_id?._retail_member?.id === member.id
    );
    return earlier.length ? { ...member, first: false } : member;
}

/** The engine's codes of the coupons on an order. */
export function codesOf(order) {
    const tokens = Object.values(order.retail_coupons || {}).map(({ token }) => token);
    return [...new Set(tokens)].sort();
}

/** What an evaluation knows besides the lines; stored with the sale for refunds. */
export function circumstancesOf(order, moment) {
    return {
        ...moment,
        store: order.config._retail_store_id || null,
        channel: order.config._retail_channel || null,
        currency: order.currency.name,
        decimals: order.currency.decimal_places,
        codes: codesOf(order),
        member: memberOf(order),
    };
}

/**
 * The cart of some lines of an order.
 * @param {Map<string, number>} amounts see lineAmounts
 * @param {Object} circumstances see circumstancesOf
 */
export function buildCart(lines, amounts, circumstances) {
    return {
        ...circumstances,
        used: circumstances.used || {},
        lines: lines.map((line) =>
            withFloor(cartLine(line, amounts.get(line.uuid)), circumstances.floors)
        ),
    };
}
