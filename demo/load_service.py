"""Care and complaints of the demo shop."""

from uuid import NAMESPACE_URL, uuid5

from odoo.fields import Command

QUIET_DAYS = 21  # members who bought nothing for so long are called


def staff_service_team(env, users):
    """Give the customer service team its member and its leader."""
    env.ref("retail_crm.team_retail_service").write(
        {"user_ids": [Command.set(users["service"].ids)], "user_id": users["manager"].id}
    )


def start_care(env, user):
    """Set up the call to members who stay away and make today's tasks. Return their number."""
    strategy = (
        env["retail.care.strategy"]
        .with_user(user)
        .create(
            {
                "name": f"No purchase for {QUIET_DAYS} days",
                "trigger": "no_purchase",
                "days": QUIET_DAYS,
                "store_ids": [Command.set(user.retail_store_ids.ids)],  # a manager's limit
                "script": "<p>Ask how the last purchase was, and what was missing.</p>",
            }
        )
    )
    strategy.action_generate()
    count = env["retail.care.task"].search_count([("strategy_id", "=", strategy.id)])
    if not count:
        raise RuntimeError(f"no member has stayed away for {QUIET_DAYS} days")
    return count


def open_complaint(env, receipts, user):
    """Open a complaint about the first line of a receipt at its till. Return the ticket."""
    order = receipts.with_user(user).filtered(lambda order: len(order.lines) > 1)[0]
    answer = order.retail_open_complaint(
        {
            "request_uuid": str(uuid5(NAMESPACE_URL, f"daogou demo complaint {order.uuid}")),
            "kind": "complaint",
            "text": "The package was open when I came home.",
            "line_uuids": order.lines[0].mapped("uuid"),
        }
    )
    return env["helpdesk.ticket"].browse(answer["id"])
