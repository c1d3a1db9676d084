"""The demo company: chart of accounts, currency, two taxes, valuation at average cost."""

import base64

from odoo.tools import file_open

COMPANY_NAME = "Daogou Grocers"
LOGO = "retail_crm/static/description/icon.png"
TIME_ZONE = "Asia/Shanghai"
INCLUDED_TAX = ("VAT 9% (included)", 9.0, "tax_included")
EXCLUDED_TAX = ("VAT 13%", 13.0, "tax_excluded")


def set_up_company(env):
    """Give the main company what selling needs. Return it."""
    company = env.company
    company.partner_id.write(
        {
            "name": COMPANY_NAME,
            "tz": TIME_ZONE,
            "street": "288 Hengshan Road",
            "city": "Shanghai",
            "zip": "200030",
            "phone": "+86 21 5550 0100",
            "email": "shop@example.com",
        }
    )
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
    with file_open(LOGO, "rb") as logo:
        company.logo = base64.b64encode(logo.read())  # receipts and documents print it
    company.inventory_valuation = "real_time"
    company.stock_text_confirmation = False  # no text messages to made-up numbers
    env.user.tz = TIME_ZONE
    return company


def value_at_average_cost(env):
    """Value goods at average cost; done after the opening stock, which costs what it costs.

    At average cost every move of a product would work out its cost anew.
    """
    env.company.cost_method = "average"


def make_taxes(env):
    """Return (tax inside the price, tax on top of it), both for sales."""
    stock_lines = env.company.account_sale_tax_id.invoice_repartition_line_ids
    account = stock_lines.account_id[:1]
    made = env["account.tax"]
    for name, amount, override in (INCLUDED_TAX, EXCLUDED_TAX):
        # Totals and receipts name the group of a tax; stock's only group says 15%.
        group = env["account.tax.group"].create(
            {"name": f"VAT {amount:g}%", "company_id": env.company.id}
        )
        made |= env["account.tax"].create(
            {
                "name": name,
                "amount": amount,
                "type_tax_use": "sale",
                "price_include_override": override,
                "company_id": env.company.id,
                "tax_group_id": group.id,
                "invoice_label": f"VAT {amount:g}%",
            }
        )
    # Without an account of its own a tax would stand on that of the sales and promotions.
    lines = made.invoice_repartition_line_ids | made.refund_repartition_line_ids
    lines.filtered(lambda line: line.repartition_type == "tax").account_id = account
    env.company.account_sale_tax_id = made[0]
    return made
