"""Tax data that make a discount line hit its amount to the smallest unit.

A plain negative price can't reach every amount when prices are without tax. Odoo's tax engine
takes `extra_tax_data` instead: base and tax of the line as given, and as a group of their own
in the rounding of the document, so that the document's total falls by exactly the discount.
"""

BASIS_MODES = {"included": "total_included", "excluded": "total_excluded"}


def discountable_taxes(taxes):
    """Return the taxes without fixed ones, which are never discounted."""
    if any(tax.amount_type == "fixed" for tax in taxes.flatten_taxes_hierarchy()):
        return taxes.flatten_taxes_hierarchy().filtered(lambda tax: tax.amount_type != "fixed")
    return taxes


def exact_line(taxes, amount, basis, company, currency, rate, quantity=1.0, key="retail_promo"):
    """Return `price_unit` and `extra_tax_data` of a line worth exactly -amount.

    amount: in the currency, rounded, sign free; basis: "included" (amount is the line's total)
    or "excluded" (amount is its subtotal); rate: currency per company currency; quantity: what
    the line will carry, never 0. The data hold for these taxes, price, quantity and currency
    only: write all of them together.
    """
    AccountTax = taxes.env["account.tax"]
    base_line = AccountTax._prepare_base_line_for_taxes_computation(
        {},
        tax_ids=taxes,
        price_unit=-amount,
        quantity=1.0,
        currency_id=currency,
        rate=rate,
        special_mode=BASIS_MODES[basis],
    )
    AccountTax._add_tax_details_in_base_line(base_line, company)
    AccountTax._round_base_lines_tax_details([base_line], company)
    details = base_line["tax_details"]
    excluded = -amount
    if basis == "included":
        taxed = sum(data["tax_amount_currency"] for data in details["taxes_data"])
        excluded = currency.round(-amount - taxed)
    moved = excluded - details["total_excluded_currency"]
    taxes_data = [data for data in details["taxes_data"] if not data["is_reverse_charge"]]
    in_price = sum(data["tax_amount_currency"] for data in taxes_data if data["tax"].price_include)
    price_unit = currency.round(excluded + in_price) / quantity

    def in_company(value):
        return company.currency_id.round(value / (rate or 1.0))

    return price_unit, {
        "computation_key": key,
        "manual_total_excluded_currency": excluded,
        "manual_total_excluded": in_company(excluded),
        "manual_tax_amounts": {
            str(data["tax"].id): {
                "tax_amount_currency": data["tax_amount_currency"],
                "tax_amount": in_company(data["tax_amount_currency"]),
                "base_amount_currency": currency.round(data["base_amount_currency"] + moved),
                "base_amount": in_company(data["base_amount_currency"] + moved),
            }
            for data in taxes_data
        },
        "currency_id": currency.id,
        "price_unit": price_unit,
        "discount": 0.0,
        "quantity": quantity,
        "rate": rate,
    }
