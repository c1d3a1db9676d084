"""The engine's reason codes in words, for whoever asks why a promotion doesn't apply."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

REASONS = {
    "not_started": _lt("It hasn't started yet."),
    "ended": _lt("It is over."),
    "window": _lt("It doesn't hold at this hour or on this weekday."),
    "store": _lt("It doesn't hold in this store."),
    "channel": _lt("It doesn't hold on this sales channel."),
    "currency": _lt("It doesn't hold in the currency of the order."),
    "code": _lt("Its code wasn't given."),
    "member_required": _lt("It is for members only, and the customer isn't one."),
    "class": _lt("It is for members of another class."),
    "tag": _lt("The member has none of its tags."),
    "segment": _lt("The member is in none of its segments."),
    "not_first": _lt("It is for the first purchase only."),
    "spend": _lt("The member hasn't spent enough in the period."),
    "limit_member": _lt("The member has used it as often as one may."),
    "quota": _lt("Its quota is used up."),
    "budget": _lt("Its budget is used up."),
    "no_matching_line": _lt("No product of the order is in it, or another promotion took them."),
    "no_target_line": _lt("None of the products that it makes cheaper is in the order."),
    "min_qty": _lt("The quantity is too small."),
    "min_amount": _lt("The amount is too small."),
    "zero_discount": _lt(
        "It would give nothing: no amount is left, or the products are at their minimum margin."
    ),
    "group_worse": _lt("Another promotion of its group gives more."),
    "group_exclusive": _lt("Another promotion of its group goes first."),
    "paused": _lt("It is paused."),
}
