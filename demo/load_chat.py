"""A live chat of the demo shop, and the request that was opened from it."""

from odoo.fields import Command

SAID = (
    (True, "Good day! I ordered last week, and the parcel is still not here."),
    (False, "Good day, I am sorry to hear that. May I have your order's number?"),
    (True, "I don't have it at hand. It was tea and biscuits."),
    (False, "I look into it and write to you today."),
)


def chat(env, agent):
    """Let a visitor talk with the agent, who takes down the request. Return the request."""
    desk = env["im_livechat.channel"].search([], limit=1, order="id")
    desk.write({"name": "Shop", "user_ids": [Command.set(agent.ids)]})
    guest = env["mail.guest"].create({"name": "Visitor"})
    session = env["discuss.channel"].create(
        {
            "name": f"{guest.name} {agent.name}",
            "channel_type": "livechat",
            "livechat_channel_id": desk.id,
            "livechat_operator_id": agent.partner_id.id,
            "channel_member_ids": [
                Command.create(
                    {"partner_id": agent.partner_id.id, "livechat_member_type": "agent"}
                ),
                Command.create({"guest_id": guest.id, "livechat_member_type": "visitor"}),
            ],
        }
    )
    # A visitor without a login writes as the public user, with the guest in the context.
    visitor = session.with_user(env.ref("base.public_user")).sudo().with_context(guest=guest)
    for by_visitor, text in SAID:
        speaker = visitor if by_visitor else session.with_user(agent)
        speaker.message_post(body=text, message_type="comment", subtype_xmlid="mail.mt_comment")
    session.with_user(agent).execute_command_complaint(body="/complaint The parcel is late")
    visitor._close_livechat_session()
    request = env["helpdesk.ticket"].search([("livechat_session_id", "=", session.id)])
    if len(request.livechat_transcript.splitlines()) != len(SAID):
        raise RuntimeError("the request does not hold what was said in the chat")
    return request
