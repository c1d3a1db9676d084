"""Two servers, one code: it holds as often as it says, on orders and at tills, always."""

import pytest
from odoo_client import Client
from races import RACES, at_once, confirm_at_once, two_servers

PRICE, GIVEN = 100.0, 20.0
GROUPS = (
    "sales_team.group_sale_manager",
    "point_of_sale.group_pos_manager",
    "retail_crm.group_retail_admin",
)
USES = 2  # of a shared code; one more wants it

# For each race: a coupon with two quotations, a shared code with three, and the same for tills.
PREPARE = f"""
partner = env["res.partner"].create({{"name": "Somebody"}})
product = env["product.product"].create(
    {{"name": "Goods", "type": "service", "list_price": {PRICE}, "taxes_id": False}})
promotion = env["retail.promotion"].create(
    {{"name": "With code", "percent": 20, "needs_coupon": True, **period}})
promotion.action_publish()
def codes(most):
    shared = lambda: promotion._prepare_shared_values("", most, 0) if most > 1 else None
    return [promotion._issue_coupon(shared=shared()) for number in range({RACES})]
def orders(card, count):
    quotations = env["sale.order"].create([{{
        "partner_id": partner.id, "order_line": [(0, 0, {{"product_id": product.id}})],
    }} for number in range(count)])
    for quotation in quotations:
        quotation._retail_coupon_enter(card)
    return quotations.ids
company = env.company
if not company.chart_template:
    env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
method = env["pos.payment.method"].create({{"name": "Later", "split_transactions": True}})
tills = env["pos.config"].create([
    {{"name": f"Till {{number}}", "payment_method_ids": [(6, 0, method.ids)]}}
    for number in range(2)])
for till in tills:
    till.with_user(racer).open_ui()
told = {{
    "orders": [[card.id, orders(card, most + 1)] for most in (1, {USES}) for card in codes(most)],
    "codes": [[card.code, most] for most in (1, {USES}) for card in codes(most)],
    "tills": tills.ids,
}}
"""


@pytest.fixture
def shops(cluster, database, shell):
    """(clients of two servers, what PREPARE told)."""
    with two_servers(cluster, database, shell, PREPARE, GROUPS, "coupons_race") as shops:
        yield shops


def test_a_code_holds_as_often_as_it_says(cluster, database, shops):
    clients, told = shops
    for card, orders in told["orders"]:
        check_orders(clients, card, orders)
    used = cluster.sql(
        "SELECT count(*) FILTER (WHERE retail_document IS NOT NULL), sum(retail_use_count)"
        " FROM loyalty_card WHERE retail_used_at IS NOT NULL",
        database,
    )
    assert used == [f"{RACES}|{RACES * USES}"]
    for code, most in told["codes"]:
        check_tills(clients, told["tills"], code, most)


def check_orders(clients: list[Client], card: int, orders: list[int]) -> None:
    """All entered the code while it held; all but one get it, and that one is told."""
    answers = confirm_at_once(clients, orders)
    refused = [answer for answer in answers if answer]
    assert len(refused) == 1, f"{len(orders) - len(refused)} of {len(orders)} orders got {card}"
    assert refused[0].name == "odoo.exceptions.RedirectWarning", refused[0]
    rows = clients[0].call("sale.order", "read", orders, ["state", "amount_total"])
    states = ["draft" if answer else "sale" for answer in answers]
    assert [row["state"] for row in rows] == states
    assert [row["amount_total"] for row in rows] == [PRICE - GIVEN] * len(orders)


def check_tills(clients: list[Client], tills: list[int], code: str, most: int) -> None:
    """Open orders at two tills want the code: as many hold it as may, the others are told."""
    wishes = [
        lambda number=number: clients[number % 2].call(
            "pos.config", "retail_promo_coupon", tills[number % 2], f"{code}-{number}", code
        )
        for number in range(most + 1)
    ]
    answers = at_once(wishes)
    errors = [answer["error"] for answer in answers if "error" in answer]
    assert len(errors) == 1, f"{most + 1 - len(errors)} tills hold {code}: {answers}"
    assert "is being used at another till" in errors[0]
