"""Care and complaints of the demo shop."""

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from odoo import fields
from odoo.fields import Command

from .load_people import QUIET

QUIET_DAYS = 21  # members who bought nothing for so long are called
CALLS = (
    ("The parcel is late, it should have come on Monday.", "complaint"),
    ("The cashier was rude when I asked for the receipt.", "complaint"),
    ("Do you have opening hours on Sunday?", "consult"),
    ("It would be nice to try the tea before buying it.", "suggestion"),
)
MEMBER_LOGIN = "member"  # of a member who sees the own requests in the portal
ANSWERS = (
    ("Can opened goods come back?", "Yes, within 7 days with the receipt.", "return, 退货, 退換"),
    ("When are the stores open?", "Every day from 10 to 22 o'clock.", "opening hours, 营业时间"),
    ("How long does a parcel take?", "Two to three days.", "parcel, delivery, 快递, 物流"),
)


def staff_service_team(env, users):
    """Give the customer service team its member and its leader."""
    env.ref("retail_crm.team_retail_service").write(
        {"user_ids": [Command.set(users["service"].ids)], "user_id": users["manager"].id}
    )


def start_care(env, user):
    """Set up the shop's strategies and make their tasks of today. Return their number."""
    strategies = env["retail.care.strategy"].with_user(user)
    for values in _strategies(env):
        # A manager cares for the own stores.
        stores = [Command.set(user.retail_store_ids.ids)]
        strategies |= strategies.create({**values, "store_ids": stores})
    strategies.action_generate()
    count = env["retail.care.task"].search_count([("strategy_id", "in", strategies.ids)])
    if not count:
        raise RuntimeError(f"no member has stayed away for {QUIET_DAYS} days")
    _end_some(env, strategies)
    env["retail.care.task"]._cron_evaluate()
    return count


def _strategies(env):
    """Return the values of the strategies, home stores aside."""
    ask = "<p>Ask how the last purchase was, and what was missing.</p>"
    return [
        {
            "name": f"No purchase for {QUIET_DAYS} days",
            "category_id": env.ref("retail_crm.care_category_winback").id,
            "trigger": "no_purchase",
            "days": QUIET_DAYS,
            "due_days": 0,
            "holdout_percent": 10,
            "plan_ids": [
                Command.create(
                    {
                        "form": "call",
                        "script": f"<p>Good day, this is your guide.</p>{ask}",
                        "cost": 12,
                        "variant": "A",
                    }
                ),
                Command.create({"form": "call", "script": ask, "cost": 8, "variant": "B"}),
            ],
        },
        {
            "name": "Birthday wishes",
            "category_id": env.ref("retail_crm.care_category_festival").id,
            "trigger": "birthday",
            "days": 3,
            "respects_cap": False,
            "plan_ids": [_mail_line(env, "birthday")],
        },
        {
            "name": "Before the Spring Festival",
            "category_id": env.ref("retail_crm.care_category_festival").id,
            "trigger": "festival",
            "festival_id": env.ref("retail_crm.festival_spring").id,
            "days": 7,
            "plan_ids": [_mail_line(env, "festival")],
        },
        {
            "name": "How do you like it?",
            "category_id": env.ref("retail_crm.care_category_after").id,
            "trigger": "after_purchase",
            "days": 7,
            "plan_ids": [_mail_line(env, "after")],
        },
    ]


def _mail_line(env, template):
    return Command.create(
        {
            "form": "mail",
            "mail_template_id": env.ref(f"retail_crm.care_mail_{template}").id,
            "cost": 0.1,
        }
    )


def _end_some(env, strategies):
    """Let a few calls be made, so that results, scores and opinions are there to see."""
    told = [
        ("pleased", "5", "praise"),
        ("will_buy", "4", "range"),
        ("unhappy", "2", "price"),
        ("not_interested", "3", "quality"),
    ]
    calls = env["retail.care.task"].search(
        [("strategy_id", "in", strategies.ids), ("form", "=", "call")], limit=3 * len(told)
    )
    for number, task in enumerate(calls[: len(calls) // 2]):
        result, score, opinion = told[number % len(told)]
        task.write(
            {
                "result": result,
                "score": score,
                "opinion_id": env.ref(f"retail_crm.care_opinion_{opinion}").id,
            }
        )
        task.action_done()


def push_to_stores(env, user):
    """Let head office send two tasks to all stores, some of which have done the first."""
    today = fields.Date.context_today(user)
    pushes = env["retail.store.push"].with_user(user)
    for name, days, number in (("Put up the autumn posters", 2, True), ("Count the tea", 5, False)):
        pushes |= pushes.create(
            {
                "name": name,
                "instruction": "<p>Please do it before the shop opens.</p>",
                "due_date": today + timedelta(days=days),
                "needs_file": False,
                "needs_note": True,
                "needs_number": number,
                "number_label": "posters put up" if number else False,
            }
        )
    pushes.action_all_stores()
    pushes.action_send()
    for task in pushes[0].task_ids[::2]:
        task.write({"note": "They hang in the window.", "number": 2})
        task.action_done()


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


def fill_desk(env, orders, users):
    """Let an agent's week pass: calls, a refund, a late request, a measure. Return the number.

    orders: delivered, invoiced and paid sales orders.
    """
    env["retail.faq"].create(
        [{"question": ask, "answer": answer, "words": words} for ask, answer, words in ANSWERS]
    )
    tickets = [
        _note_call(env, orders[n % len(orders)], users, call) for n, call in enumerate(CALLS)
    ]
    late, rude, question, _idea = tickets
    _let_it_be_late(env, late)
    rude.write(
        {
            "retail_confidential": True,
            "cause_id": env.ref("retail_crm.cause_staff_attitude").id,
            "solution": "We have apologized, and talk about it in the store.",
        }
    )
    rude.action_retail_resolve()
    question.action_retail_accept()
    question.action_retail_wait()
    tickets.append(_refund(env, orders, users["service"]))
    tickets.append(_let_a_member_log_in(env, orders[len(CALLS)], users))
    _improve(env, late, users["manager"])
    return len(tickets)


def _note_call(env, order, users, call):
    text, kind = call
    form = (
        env["retail.request.call"]
        .with_user(users["service"])
        .create(
            {
                "text": text,
                "retail_kind": kind,
                "partner_id": order.partner_id.id,
                "retail_store_id": order.retail_store_id.id,
            }
        )
    )
    form._onchange_text()
    return env["helpdesk.ticket"].browse(form.action_save()["res_id"]).with_user(users["service"])


def _let_it_be_late(env, ticket):
    """Set the clocks of a request back by a week, and let them ring."""
    week = timedelta(days=7)
    ticket = ticket.sudo()
    ticket.retail_clock_start -= week
    for clock in ticket.clock_ids:
        clock.started_at -= week
    ticket.clock_ids._plan()
    ticket.clock_ids.filtered(lambda clock: clock.clock == "resolve")._ring()


def book_visits(env, guide):
    """Let two members of a guide come to the store: one came yesterday, one comes tomorrow."""
    members = env["res.partner"].search([("retail_guide_id", "=", guide.id)], limit=2)
    hour = fields.Datetime.now().replace(minute=0, second=0)
    visits = env["calendar.event"].with_user(guide).with_context(**QUIET, no_mail_to_attendees=True)
    for member, days in zip(members, (-1, 1), strict=True):
        start = hour + timedelta(days=days)
        visits |= visits.create(
            {
                **member.with_user(guide)._visit_booking(),
                "start": start,
                "stop": start + timedelta(hours=1),
                "description": "Would like to try the new teas.",
            }
        )
    visits[0].action_visit_came()
    return visits


def _let_a_member_log_in(env, order, users):
    """Give an order's customer a login and a request whose solution waits for the answer."""
    member = order.partner_id
    env["res.users"].with_context(**QUIET).create(
        {
            "login": MEMBER_LOGIN,
            "password": MEMBER_LOGIN,
            "name": member.name,
            "partner_id": member.id,
            "group_ids": [Command.set(env.ref("base.group_portal").ids)],
        }
    )
    ticket = _note_call(env, order, users, ("Two jars were broken.", "complaint"))
    ticket.write(
        {
            "sale_order_id": order.id,
            "cause_id": env.ref("retail_crm.cause_quality").id,
            "solution": "We send you two new jars. Is that right for you?",
        }
    )
    ticket.action_retail_accept()
    ticket.action_retail_propose()
    return ticket


def _refund(env, orders, agent):
    """Refund one line of a paid order, as its customer complained about it."""
    paid = orders.filtered(lambda order: order.invoice_ids.filtered("amount_total"))
    order = paid[-1]
    line = order.order_line.filtered(lambda line: line.price_total > 0)[0]
    ticket = (
        env["helpdesk.ticket"]
        .with_user(agent)
        .create(
            {
                "name": "The quality is bad",
                "description": "<p>It broke on the first day.</p>",
                "retail_kind": "complaint",
                "partner_id": order.partner_id.id,
                "sale_order_id": order.id,
                "sale_line_ids": [Command.set(line.ids)],
                "retail_product_ids": [Command.set(line.product_id.ids)],
                "retail_store_id": order.retail_store_id.id,
                "cause_id": env.ref("retail_crm.cause_quality").id,
            }
        )
    )
    ticket.action_retail_accept()
    env["retail.complaint.remedy"].with_user(agent).create(
        {"ticket_id": ticket.id, "kind": "refund", "sale_line_id": line.id, "quantity": 1}
    ).action_make()
    return ticket


def _improve(env, ticket, manager):
    improvement = (
        env["retail.improvement"]
        .with_user(manager)
        .create(
            {
                "name": "Parcels are late",
                "category_id": ticket.sudo().category_id.id,
                "measure": "Hand parcels to the courier before 15 o'clock.",
                "due_date": fields.Date.today() + timedelta(days=14),
            }
        )
    )
    improvement.action_start()
