"""Two servers, one last piece of a limited promotion: exactly one sale gets it, always."""

import pytest
from odoo_client import Client
from races import RACES, confirm_at_once, two_servers

PRICE, GIVEN = 100.0, 10.0
GROUPS = ("sales_team.group_sale_manager", "retail_crm.group_retail_admin")

# A promotion, a product and two quotations for each race.
PREPARE = f"""
partner = env["res.partner"].create({{"name": "Somebody"}})
names = range({RACES})
products = env["product.product"].create([
    {{"name": f"Race {{name}}", "type": "service", "list_price": {PRICE}, "taxes_id": False}}
    for name in names])
promotions = env["retail.promotion"].create([
    {{"name": f"Race {{name}}", "percent": 10, "limit_orders": 1, "product_scope": "some",
      "product_ids": [(6, 0, product.ids)], **period}}
    for name, product in zip(names, products)])
promotions.action_publish()
pairs = [[env["sale.order"].create({{
    "partner_id": partner.id, "order_line": [(0, 0, {{"product_id": product.id}})]}}).id
    for side in range(2)] for product in products]
told = list(zip(promotions.ids, pairs))
"""


@pytest.fixture
def shops(cluster, database, shell):
    """(clients of two servers, [(promotion id, the quotations' ids)])."""
    with two_servers(cluster, database, shell, PREPARE, GROUPS, "last_piece") as (clients, races):
        yield clients, races


def test_one_of_two_orders_gets_the_last_piece(cluster, database, shops):
    clients, races = shops
    for promotion, orders in races:
        check_race(clients[0], promotion, orders, confirm_at_once(clients, orders))
    promotions = ",".join(str(promotion) for promotion, _orders in races)
    won = cluster.sql(
        "SELECT count(*), sum(orders) FROM retail_promotion_counter"
        f" WHERE promotion_id IN ({promotions})",
        database,
    )
    assert won == [f"{RACES}|{RACES}"]
    late_order_is_told_and_pays_full_price(clients[1], races[0][1])


def check_race(client: Client, promotion: int, orders: list[int], answers: list) -> None:
    refused = [answer for answer in answers if answer]
    assert len(refused) == 1, f"{len(answers) - len(refused)} orders got the last piece"
    assert refused[0].name == "odoo.exceptions.RedirectWarning", refused[0]
    rows = client.call("sale.order", "read", orders, ["state", "amount_total"])
    by_answer = [row["state"] for row, answer in zip(rows, answers, strict=True) if answer]
    assert by_answer == ["draft"], "the refused order was confirmed all the same"
    assert sorted(row["state"] for row in rows) == ["draft", "sale"]
    # Nothing half: the refused one still shows what it showed, until somebody updates it.
    assert [row["amount_total"] for row in rows] == [PRICE - GIVEN] * 2
    used = client.call(
        "retail.promotion.usage", "search_read", [["promotion_id", "=", promotion]], ["state"]
    )
    assert [row["state"] for row in used] == ["consumed"]


def late_order_is_told_and_pays_full_price(client: Client, orders: list[int]) -> None:
    (late,) = client.call("sale.order", "search", [["id", "in", orders], ["state", "=", "draft"]])
    client.call("sale.order", "action_retail_promo_update", [late])
    client.call("sale.order", "action_confirm", [late])
    (row,) = client.call("sale.order", "read", [late], ["state", "amount_total"])
    assert (row["state"], row["amount_total"]) == ("sale", PRICE)
