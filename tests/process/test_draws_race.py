"""Two servers draw at once: no prize and no budget is ever given twice."""

from functools import partial

import pytest
from odoo_client import Client, Refused
from races import RACES, at_once, two_servers

CENTS = 100 * RACES  # the budget of the red packets, one packet for each race
GROUPS = ("retail_crm.group_promotion", "retail_crm.group_guide", "retail_crm.group_retail_admin")

# A lottery with one prize for each race, red packets for as many, two members per race.
PREPARE = f"""
account = env["account.account"].search([("account_type", "=", "expense")], limit=1)
if not account:
    account = env["account.account"].create(
        {{"name": "Gifts", "code": "640999", "account_type": "expense"}})
if not env["account.journal"].search([("type", "=", "general")], limit=1):
    env["account.journal"].create({{"name": "Miscellaneous", "code": "MISC9", "type": "general"}})
income = account.create({{"name": "Wallets", "code": "240999", "account_type": "income"}})
wallet = env["loyalty.program"].create({{
    "name": "Wallet", "program_type": "ewallet", "applies_on": "future", "trigger": "auto",
    "reward_ids": [(0, 0, {{
        "reward_type": "discount", "discount_mode": "per_point", "discount": 1,
        "discount_applicability": "order", "required_points": 1}})]}})
wallet.payment_program_discount_product_id.property_account_income_id = income
lottery = env["retail.lottery"].create({{
    "name": "Race", "draws_per_day": 0, **period, "prize_ids": [
        (0, 0, {{"name": "Prize", "kind": "nothing", "quantity": {RACES}}}),
        (0, 0, {{"name": "Consolation", "kind": "nothing", "weight": 0}})]}})
packet = env["retail.red.packet"].create({{
    "name": "Race", "draws_per_day": 0, "budget": {CENTS} / 100, "packet_count": {RACES},
    "program_id": wallet.id, "account_id": account.id, **period}})
lottery.action_open()
packet.action_open()
members = env["res.partner"].create([
    {{"name": f"Member {{n}}", "is_member": True, "email": f"m{{n}}@example.com"}}
    for n in range(2 * {RACES})])
told = [lottery.id, packet.id, lottery.prize_ids.ids, members.ids]
"""


@pytest.fixture
def shops(cluster, database, shell):
    """([client of a server, of another one], what PREPARE told)."""
    with two_servers(cluster, database, shell, PREPARE, GROUPS, "draws_race") as shops:
        yield shops


def race(clients: list[Client], sides: list[dict]) -> list[Refused | None]:
    """Draw on both servers at the same moment; returns why each was refused, if it was."""
    model = "retail.play.wizard"
    wizards = [
        client.call(model, "create", values) for client, values in zip(clients, sides, strict=True)
    ]
    answers = at_once(
        [
            partial(client.call, model, "action_draw", [wizard])
            for client, wizard in zip(clients, wizards, strict=True)
        ]
    )
    return [answer if isinstance(answer, Refused) else None for answer in answers]


def test_racing_draws_stay_within_prizes_and_budget(cluster, database, shops):
    clients, (lottery, packet, prizes, members) = shops
    refused = []
    for one, other in zip(members[::2], members[1::2], strict=True):
        answers = race(clients, [{"lottery_id": lottery, "partner_id": m} for m in (one, other)])
        assert not any(answers), answers
        answers = race(clients, [{"packet_id": packet, "partner_id": m} for m in (one, other)])
        refused += [answer for answer in answers if answer]
    check_lottery(cluster, database, lottery, prizes)
    check_packets(cluster, database, packet, refused)


def test_one_request_from_two_servers_draws_once(cluster, database, shops):
    clients, (lottery, _packet, _prizes, members) = shops
    sides = [{"lottery_id": lottery, "partner_id": members[0], "request_key": "tap"}] * 2
    assert not any(race(clients, sides))
    drawn = cluster.sql(
        f"SELECT count(*) FROM retail_lottery_draw WHERE campaign_id = {lottery}", database
    )
    assert drawn == ["1"]


def check_lottery(cluster, database: str, lottery: int, prizes: list[int]) -> None:
    """Each prize was won as often as it was there; the rest got the consolation."""
    won = cluster.sql(
        "SELECT prize_id, count(*), count(DISTINCT number) FROM retail_lottery_draw"
        f" WHERE campaign_id = {lottery} GROUP BY prize_id ORDER BY prize_id",
        database,
    )
    assert won == [f"{prize}|{RACES}|{RACES}" for prize in prizes]
    counted = cluster.sql(
        f"SELECT won FROM retail_lottery_prize WHERE lottery_id = {lottery} ORDER BY id", database
    )
    assert counted == [str(RACES)] * 2


def check_packets(cluster, database: str, packet: int, refused: list[Refused]) -> None:
    """All packets were drawn, and they are the budget to the cent, also on the e-wallets."""
    assert len(refused) == RACES
    assert all("All packets" in str(answer) for answer in refused), refused[0]
    drawn = cluster.sql(
        "SELECT count(*), round(sum(amount) * 100) FROM retail_red_packet_draw"
        f" WHERE campaign_id = {packet}",
        database,
    )
    assert drawn == [f"{RACES}|{CENTS}"]
    cards = cluster.sql(
        "SELECT round(sum(points)::numeric * 100) FROM loyalty_card card"
        " JOIN loyalty_program program ON program.id = card.program_id"
        " WHERE program.program_type = 'ewallet'",
        database,
    )
    assert cards == [str(CENTS)]
