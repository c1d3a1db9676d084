"""Coupons and points of the demo shop: a coupon promotion with batches, points and their debt."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

DAYS = 90
PARTNER_FIRM = "Jasmine Tea House"
HANDED_OUT = 50  # coupons for the partner firm
COLLECTORS = 30  # members who have points already
WELCOME_POINTS = (520, 260, 130, 80)  # in turn
POINT_VALUE = 0.01
POINT_PAYS = 0.01  # of the currency, off a bill
BILL_PERCENT = 30
EXPIRY_MONTHS = 24
VIP_TIMES = 1.5


def set_up_points(env):
    """Make the points program, and let the ledger carry its debt. Return the program."""
    company = env.company
    account = env["account.account"].create(
        {
            "name": "Members' Points",
            "code": "210900",
            "account_type": "liability_current",
            "company_ids": [Command.link(company.id)],
        }
    )
    counter = env["account.account"].create(
        {
            "name": "Points Granted",
            "code": "400910",
            "account_type": "income",
            "company_ids": [Command.link(company.id)],
        }
    )
    program = env["loyalty.program"].create(
        {
            "name": "Members' points",
            "program_type": "loyalty",
            "trigger": "auto",
            "applies_on": "both",
            "company_id": company.id,
            "retail_expiry_months": EXPIRY_MONTHS,
            "rule_ids": [Command.create({"reward_point_mode": "money", "reward_point_amount": 1})],
            "reward_ids": [
                Command.create(
                    {
                        "description": "Pay with points",
                        "reward_type": "discount",
                        "discount_mode": "per_point",
                        "discount": POINT_PAYS,
                        "discount_applicability": "order",
                        "required_points": 100,
                        "retail_bill_percent": BILL_PERCENT,
                    }
                )
            ],
        }
    )
    journal = env["account.journal"].search(
        [("type", "=", "general"), ("company_id", "=", company.id)], limit=1
    )
    company.write(
        {
            "retail_points_program_id": program.id,
            "retail_points_value": POINT_VALUE,
            "retail_points_liability_account_id": account.id,
            "retail_points_expense_account_id": counter.id,
            "retail_points_journal_id": journal.id,
            "retail_points_posting": "day",
        }
    )
    env.ref("retail_crm.class_vip").points_multiplier = VIP_TIMES
    return program


def issue_coupons(env, user):
    """Publish a promotion that needs a coupon, issue two batches. Return (promotion, batches)."""
    now = fields.Datetime.now()
    promotion = (
        env["retail.promotion"]
        .with_user(user)
        .create(
            {
                "name": "Coupon: 15% off",
                "description": "<p>For who has a coupon, once each.</p>",
                "percent": 15,
                "needs_coupon": True,
                "date_from": now - timedelta(minutes=5),
                "date_to": now + timedelta(days=DAYS),
            }
        )
    )
    promotion.action_publish()
    vip = env.ref("retail_crm.class_vip")
    issue = env["retail.coupon.issue"].with_user(user)
    wizards = issue.create(
        {
            "promotion_id": promotion.id,
            "name": "VIP greeting",
            "audience": "class",
            "class_ids": [Command.set(vip.ids)],
        }
    ) | issue.create(
        {
            "promotion_id": promotion.id,
            "name": "With every pot of tea",
            "audience": "anybody",
            "quantity": HANDED_OUT,
            "partner_brand": PARTNER_FIRM,
        }
    )
    batches = env["retail.coupon.batch"]
    for wizard in wizards:
        batches |= batches.browse(wizard.action_issue()["res_id"])
    return promotion, batches


def make_offers(env, user, promotion):
    """Let members have a coupon for their points. Return the offer."""
    return (
        env["retail.points.offer"]
        .with_user(user)
        .create(
            {
                "name": "A coupon: 15% off",
                "description": "One coupon for your next purchase.",
                "points": 200,
                "promotion_id": promotion.id,
                "stock": 100,
            }
        )
    )


def give_points(env, offer):
    """Give members points, let one redeem some, and post the debt. Return how many members."""
    members = env["res.partner"].search(
        [("is_member", "=", True)], limit=COLLECTORS, order="member_code"
    )
    for place, member in enumerate(members):
        points = WELCOME_POINTS[place % len(WELCOME_POINTS)]
        member._retail_points(points, "Brought forward", "Points from the old card")
    offer.sudo()._redeem(members[0])
    env["retail.points.posting"].action_post_now()
    return len(members)
