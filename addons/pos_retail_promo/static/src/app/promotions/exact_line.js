/**
 * Price and tax data that make a discount line hit its amount to the smallest unit.
 *
 * Twin: retail_promo, models/promotion_tax.py. A plain negative price can't reach every amount
 * when prices are without tax. Both tax engines of Odoo take `extra_tax_data` instead: base and
 * tax of the line as given, so that the total falls by exactly the discount.
 */
import { accountTaxHelpers } from "@account/helpers/account_tax";
import { fromMinor, taxBasis } from "./cart";

/** Taxes of a promotion line that takes money off this line; fixed ones are not discounted. */
export function discountTaxes(line) {
    const flat = line.tax_ids.flatMap((tax) =>
        tax.amount_type === "group" ? [...tax.children_tax_ids] : [tax]
    );
    if (!flat.some((tax) => tax.amount_type === "fixed")) {
        return [...line.tax_ids];
    }
    return flat.filter((tax) => tax.amount_type !== "fixed");
}

/**
 * `price_unit` and `extra_tax_data` of a line worth exactly -discount.
 * @param {Array} taxes taxes of the line, before the fiscal position of the order
 * @param {number} discount minor units, sign free: below zero for what a refund takes back
 * @param {number} qty quantity that the line will carry: 1 in sales, -1 in refunds
 * @param {string} key names the promotion to the tax engine
 */
export function exactLine(order, taxes, discount, qty, key) {
    const { currency, company } = order;
    const amount = fromMinor(currency, discount);
    const included = taxBasis(order) === "included";
    const baseLine = accountTaxHelpers.prepare_base_line_for_taxes_computation(
        {},
        {
            currency_id: currency,
            tax_ids: order.fiscal_position_id
                ? order.fiscal_position_id.getTaxesAfterFiscalPosition(taxes)
                : taxes,
            price_unit: -amount,
            quantity: 1,
            rate: 1,
            special_mode: included ? "total_included" : "total_excluded",
        }
    );
    accountTaxHelpers.add_tax_details_in_base_lines([baseLine], company);
    accountTaxHelpers.round_base_lines_tax_details([baseLine], company);
    const details = baseLine.tax_details;
    const taxed = sumTaxes(details.taxes_data);
    const excluded = included ? currency.round(-amount - taxed) : -amount;
    const moved = excluded - details.total_excluded_currency;
    const taxesData = details.taxes_data.filter((data) => !data.is_reverse_charge);
    const inPrice = sumTaxes(taxesData.filter((data) => data.tax.price_include));
    const priceUnit = currency.round(excluded + inPrice) / qty;
    return {
        price_unit: priceUnit,
        extra_tax_data: {
            computation_key: key,
            manual_total_excluded_currency: excluded,
            manual_total_excluded: excluded,
            manual_tax_amounts: Object.fromEntries(
                taxesData.map((data) => [String(data.tax.id), taxAmounts(data, moved, currency)])
            ),
            currency_id: currency.id,
            price_unit: priceUnit,
            discount: 0,
            quantity: qty,
            rate: 1,
        },
    };
}

function sumTaxes(taxesData) {
    return taxesData.reduce((sum, data) => sum + data.tax_amount_currency, 0);
}

/** The till counts in its own currency only; the server converts by the order's rate. */
function taxAmounts(data, moved, currency) {
    const base = currency.round(data.base_amount_currency + moved);
    return {
        tax_amount_currency: data.tax_amount_currency,
        tax_amount: data.tax_amount_currency,
        base_amount_currency: base,
        base_amount: base,
    };
}
