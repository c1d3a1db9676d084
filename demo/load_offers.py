"""Promotions of the demo shop, and orders of today that they apply to."""

from collections import Counter
from datetime import timedelta

from odoo import fields
from odoo.fields import Command

PROMOTED_DEPARTMENT = "Produce"
PERCENT = 10.0
STEPS = ((100.0, 10.0), (200.0, 30.0))  # from, off
DAYS = 90
LEAD_DAYS = 7  # until the first planned promotion starts, and how long each of them lasts
EXPECTED_RISE = 40  # percent of demand, by a planned promotion
PLANNED = ("second_half", "happy_hour", "bundle")  # templates, one after the other
DRAFTS = ("bundle",)
ORDER_AMOUNT = 130.0  # about what an order of today is worth: beyond the first step
LINES_AT_MOST = 40
PIECES = 3


def set_promotion_account(env):
    """Give promotions a ledger account of their own."""
    account = env["account.account"].create(
        {
            "name": "Promotions Granted",
            "code": "400900",
            "account_type": "income",
            "company_ids": [Command.link(env.company.id)],
        }
    )
    env.company.retail_promo_account_id = account


def publish_promotions(env, user):
    """Publish a percentage for VIP members and steps for everybody. Return them."""
    now = fields.Datetime.now()
    period = {"date_from": now - timedelta(minutes=5), "date_to": now + timedelta(days=DAYS)}
    department = env["product.category"].search(
        [("name", "=", PROMOTED_DEPARTMENT), ("parent_id", "=", False)], limit=1
    )
    promotions = (
        env["retail.promotion"]
        .with_user(user)
        .create(
            [
                {
                    "name": f"VIP: {PERCENT:g}% off {PROMOTED_DEPARTMENT}",
                    "description": "<p>For VIP members, on all fruit and vegetables.</p>",
                    "class_ids": [Command.set(env.ref("retail_crm.class_vip").ids)],
                    "product_scope": "some",
                    "category_ids": [Command.set(department.ids)],
                    "reward_kind": "percent",
                    "percent": PERCENT,
                    **period,
                },
                {
                    "name": "Spend more, save more",
                    "description": "<p>Spend 100, save 10. Spend 200, save 30.</p>",
                    "reward_kind": "tiers",
                    "tier_ids": [
                        Command.create({"at": start, "gives": "amount", "amount": amount})
                        for start, amount in STEPS
                    ],
                    **period,
                },
            ]
        )
    )
    promotions.action_publish()
    idle = promotions.filtered(lambda promotion: promotion.state != "running")
    if idle:
        raise RuntimeError(f"promotions don't run: {', '.join(idle.mapped('name'))}")
    plan_promotions(env, user, department)
    return promotions


def plan_promotions(env, user, department):
    """Write the promotions of the coming weeks: two published, one draft."""
    start = fields.Datetime.now().replace(second=0) + timedelta(days=LEAD_DAYS)
    for place, name in enumerate(PLANNED):
        template = env.ref(f"retail_promo.template_{name}").with_user(user)
        promotion = env["retail.promotion"].browse(template.action_use()["res_id"])
        promotion = promotion.with_user(user)
        first = start + timedelta(days=place * LEAD_DAYS)
        promotion.write({"date_from": first, "date_to": first + timedelta(days=LEAD_DAYS)})
        if promotion.product_scope == "some":
            promotion.category_ids = department
            promotion.demand_uplift = EXPECTED_RISE
        if name not in DRAFTS:
            promotion.action_publish()


def write_orders_of_today(env, guides):
    """Let each guide write two orders for members of the own store. Return (first, second).

    The products are what the member buys most, so much of it that the steps are reached.
    Raises RuntimeError when no promotion applies to any of them.
    """
    first, second = env["sale.order"], env["sale.order"]
    for guide in guides:
        members = _best_members(env, guide)
        first |= _write_order(env, guide, members[0])
        second |= _write_order(env, guide, members[1])
    if not (first | second).order_line.filtered("retail_promotion_id"):
        raise RuntimeError("no promotion applied to the orders of today")
    return first, second


def _best_members(env, guide):
    """Return the two members of the guide with the largest purchases."""
    totals = env["retail.sale.fact"]._read_group(
        [("partner_id.retail_guide_id", "=", guide.id)],
        ["partner_id"],
        ["total_company:sum"],
    )
    ranked = sorted(totals, key=lambda pair: (-pair[1], pair[0].id))
    return [partner for partner, _total in ranked[:2]]


def _write_order(env, guide, member):
    facts = env["retail.sale.fact"].search_fetch(
        [("partner_id", "=", member.id), ("event", "=", "sold")], ["product_id"]
    )
    bought = Counter(fact.product_id for fact in facts)
    wanted, worth = [], 0.0
    for product, _times in sorted(bought.items(), key=lambda item: (-item[1], item[0].id)):
        if worth >= ORDER_AMOUNT or len(wanted) == LINES_AT_MOST:
            break
        if product.sale_ok and product.active:
            wanted.append(product)
            worth += PIECES * product.list_price
    return (
        env["sale.order"]
        .with_user(guide)
        .create(
            {
                "partner_id": member.id,
                "user_id": guide.id,
                "retail_store_id": guide.retail_store_id.id,
                "warehouse_id": guide.retail_store_id.id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": PIECES})
                    for product in wanted
                ],
            }
        )
    )
