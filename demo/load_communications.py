"""What the guides of the demo shop told members, and heard from them."""

from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

MEMBERS_PER_GUIDE = 6
# way, days ago, who began, subject, content, result
TALKS = (
    ("phone", 40, "out", "New season", "Told about the new season. Will look in.", "reached"),
    ("chat", 25, "in", "Size", "Asked whether the size runs small.", "follow_up"),
    ("sms", 18, "out", "Ready for collection", "The goods are ready.", "not_reached"),
    ("onsite", 12, "out", "Advice in the store", "Tried two on and took one. Happy.", "deal"),
    ("mail", 8, "out", "Care of the goods", "Sent the washing advice.", "reached"),
    ("phone", 3, "out", "Promotion of the week", "Doesn't want offers by phone.", "refused"),
)


def log_communications(env, guides):
    """Record each talk of some members of each guide. Return their number."""
    model = env["retail.communication"]
    count = 0
    for guide in guides:
        members = env["res.partner"].search(
            [("retail_guide_id", "=", guide.id)], limit=MEMBERS_PER_GUIDE, order="id"
        )
        own = model.with_user(guide)
        for place, member in enumerate(members):
            talks = TALKS[place % 2 :: 2]
            own.create([_talk(env, member, *talk) for talk in talks])
            count += len(talks)
        members[:3].retail_contact_days = 30
        members[:1].retail_method_id = env.ref("retail_crm.communication_method_mail")
    _record_in_time(model)
    return count


def _record_in_time(model):
    """Let the talks of the past have been written down up to four hours after they took place."""
    model.flush_model()
    model.env.execute_query(
        SQL(
            "UPDATE retail_communication SET entry_delay = id %% 5,"
            " create_date = date + make_interval(hours => id %% 5) RETURNING id"
        )
    )
    model.invalidate_model()


def _talk(env, member, way, days, direction, subject, content, result):
    begun = fields.Datetime.now() - timedelta(days=days, hours=member.id % 7)
    return {
        "partner_id": member.id,
        "method_id": env.ref(f"retail_crm.communication_method_{way}").id,
        "date": begun,
        "direction": direction,
        "subject": subject,
        "content": content,
        "result": result,
    }
