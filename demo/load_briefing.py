"""A promotion to come of the demo shop, and the briefing of the staff about it."""

from datetime import timedelta

from odoo import fields

PERCENT = 5.0
STARTS_IN = 3  # days
LASTS = 2  # days


def brief_staff(env, user, readers):
    """Send the staff a briefing; the first of the readers has read it. Return it."""
    start = fields.Datetime.now() + timedelta(days=STARTS_IN)
    promotion = (
        env["retail.promotion"]
        .with_user(user)
        .create(
            {
                "name": f"Weekend: {PERCENT:g}% off everything",
                "percent": PERCENT,
                "date_from": start,
                "date_to": start + timedelta(days=LASTS),
            }
        )
    )
    briefing = (
        env["retail.promotion.briefing"]
        .with_user(user)
        .create(
            {
                "promotion_id": promotion.id,
                "text": f"<p>All goods cost <b>{PERCENT:g}% less</b>, for members and guests.</p>"
                "<p>It doesn't add to other promotions: the best one counts.</p>",
            }
        )
    )
    briefing.action_send()
    briefing.with_user(readers[0]).action_acknowledge()
    return briefing
