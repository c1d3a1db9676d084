"""A lottery and red packets of the demo shop, with draws of members, and a referral."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

DAYS = 30
PLAYERS = 12
GIFTS = 5
BUDGET = 88.88
PACKETS = 20


def open_plays(env, users, guides):
    """Open a lottery and red packets and let members draw. Return (draws, packets)."""
    now = fields.Datetime.now()
    period = {"date_from": now - timedelta(minutes=5), "date_to": now + timedelta(days=DAYS)}
    wallet = set_up_wallet(env)
    lottery = _lottery(env, period).with_user(users["promotion"])
    packet = _packets(env, period, wallet).with_user(users["promotion"])
    lottery.action_open()
    packet.action_open()
    members = env["res.partner"].search(
        [("is_member", "=", True), ("retail_guide_id", "in", [guide.id for guide in guides])],
        limit=PLAYERS,
        order="id",
    )
    for member in members:
        guide = member.retail_guide_id
        lottery.with_user(guide)._play(member, f"demo {member.id}")
        packet.with_user(guide)._play(member, f"demo {member.id}")
    members[:1].action_retail_referral_code()
    return lottery.drawn, packet.drawn


def set_up_wallet(env):
    """Return an e-wallet whose money stands on an account of its own."""
    accounts = env["account.account"].create(
        [
            {"name": name, "code": code, "account_type": kind, "company_ids": env.company.ids}
            for name, code, kind in (
                ("Members' E-Wallets", "241900", "liability_current"),
                ("Red Packets Given", "641900", "expense"),
            )
        ]
    )
    money, cost = accounts
    env.company.retail_packet_account_id = cost
    wallet = env["loyalty.program"].create(
        {
            "name": "E-Wallet",
            "program_type": "ewallet",
            "trigger": "auto",
            "applies_on": "future",
            "company_id": env.company.id,
            "reward_ids": [
                Command.create(
                    {
                        "reward_type": "discount",
                        "discount_mode": "per_point",
                        "discount": 1,
                        "discount_applicability": "order",
                        "required_points": 1,
                    }
                )
            ],
        }
    )
    wallet.payment_program_discount_product_id.property_account_income_id = money
    return wallet


def _lottery(env, period):
    gift = env["product.product"].search(
        [("type", "=", "consu"), ("sale_ok", "=", True), ("qty_available", ">", GIFTS)], limit=1
    )
    return env["retail.lottery"].create(
        {
            "name": "Turn the wheel",
            "description": "<p>One turn a day for every member.</p>",
            "prize_ids": [
                Command.create(
                    {
                        "name": gift.name,
                        "kind": "gift",
                        "product_id": gift.id,
                        "quantity": GIFTS,
                        "weight": 20,
                    }
                ),
                Command.create({"name": "Next time", "kind": "nothing", "weight": 80}),
            ],
            **period,
        }
    )


def _packets(env, period, wallet):
    return env["retail.red.packet"].create(
        {
            "name": "Autumn red packets",
            "description": "<p>One for each member, while there are some.</p>",
            "budget": BUDGET,
            "packet_count": PACKETS,
            "least_amount": 1.0,
            "program_id": wallet.id,
            **period,
        }
    )
