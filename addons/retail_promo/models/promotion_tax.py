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
    amounts = exact_amounts(taxes, amount, basis, company, currency, rate)
    return line_of_amounts(amounts, company, currency, rate, quantity, key)


def exact_amounts(taxes, amount, basis, company, currency, rate):
    """Return what a line worth exactly -amount has without tax, and of each tax.

    {"excluded": amount without tax, "taxes": {tax id as text: (tax, base)}}, all below zero.
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
    return {
        "excluded": excluded,
        "taxes": {
            str(data["tax"].id): (
                data["tax_amount_currency"],
                currency.round(data["base_amount_currency"] + moved),
            )
            for data in details["taxes_data"]
            if not data["is_reverse_charge"]
        },
        "in_price": {
            str(data["tax"].id) for data in details["taxes_data"] if data["tax"].price_include
        },
    }


def amounts_of_base_line(base_line, company):
    """Return what a line that exists has without tax and of each tax: see `exact_amounts`."""
    AccountTax = company.env["account.tax"]
    AccountTax._add_tax_details_in_base_line(base_line, company)
    AccountTax._round_base_lines_tax_details([base_line], company)
    details = base_line["tax_details"]
    return {
        "excluded": details["total_excluded_currency"] + details["delta_total_excluded_currency"],
        "taxes": {
            str(data["tax"].id): (data["tax_amount_currency"], data["base_amount_currency"])
            for data in details["taxes_data"]
            if not data["is_reverse_charge"]
        },
    }


def amounts_left(whole, given, currency, sign=1):
    """Return what a line must have that completes other lines [(sign, amounts)] to the whole.

    sign: -1 where the line takes back. All lines together then sum to the whole without tax and
    for each tax, too, not in total only.
    """
    taxes = {}
    for tax, (tax_amount, base) in whole["taxes"].items():
        for one, line in given:
            line_tax, line_base = line["taxes"].get(tax, (0.0, 0.0))
            tax_amount -= one * line_tax
            base -= one * line_base
        taxes[tax] = (currency.round(sign * tax_amount), currency.round(sign * base))
    excluded = whole["excluded"] - sum(one * line["excluded"] for one, line in given)
    return {**whole, "excluded": currency.round(sign * excluded), "taxes": taxes}


def line_of_amounts(amounts, company, currency, rate, quantity=1.0, key="retail_promo"):
    """Return `price_unit` and `extra_tax_data` of a line with these amounts."""
    excluded = amounts["excluded"]
    taxes_in_price = (amounts["taxes"].get(tax) for tax in amounts["in_price"])
    in_price = sum(pair[0] for pair in taxes_in_price if pair)
    price_unit = currency.round(excluded + in_price) / quantity

    def in_company(value):
        return company.currency_id.round(value / (rate or 1.0))

    return price_unit, {
        "computation_key": key,
        "manual_total_excluded_currency": excluded,
        "manual_total_excluded": in_company(excluded),
        "manual_tax_amounts": {
            tax: {
                "tax_amount_currency": tax_amount,
                "tax_amount": in_company(tax_amount),
                "base_amount_currency": base,
                "base_amount": in_company(base),
            }
            for tax, (tax_amount, base) in amounts["taxes"].items()
        },
        "currency_id": currency.id,
        "price_unit": price_unit,
        "discount": 0.0,
        "quantity": quantity,
        "rate": rate,
    }
