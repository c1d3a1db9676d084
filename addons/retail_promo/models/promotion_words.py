"""Rules in words, read from the engine's form: so that kept versions can be told like new ones."""

from datetime import datetime

from odoo.tools import format_datetime
from odoo.tools.translate import LazyTranslate

from . import promotion_snapshot as snapshot

_lt = LazyTranslate(__name__)

PERCENT = 100  # basis points in one percent
WHOLE = 10000  # basis points: all of it


def percent_text(env, percent):
    return env._("%(percent)s%% off", percent=f"{percent:g}")


def amount_off_text(env, currency, amount):
    return env._("%(amount)s off", amount=currency.format(amount))


def reward_text(env, currency, reward):
    """Return what a reward in the engine's form gives, empty while it says nothing yet.

    currency: of its amounts.
    """
    return REWARD_TEXTS[reward["kind"]](env, _Amounts(env, currency), reward)


class _Amounts:
    """Minor units, thousandths and basis points of one currency as people read them."""

    def __init__(self, env, currency):
        self.env = env
        self.currency = currency

    def money(self, minor):
        return self.currency.format(snapshot.from_minor(self.currency, minor))

    def off(self, minor):
        return amount_off_text(self.env, self.currency, snapshot.from_minor(self.currency, minor))

    def percent_off(self, rate):
        if rate == WHOLE:
            return self.env._("free")
        return percent_text(self.env, rate / PERCENT)


def _percent(env, _amounts, reward):
    rate = reward["rate"] / PERCENT
    return percent_text(env, rate) if rate else ""


def _amount(_env, amounts, reward):
    return amounts.off(reward["amount"]) if reward["amount"] else ""


def _every(env, amounts, reward):
    if not (reward["per"] and reward["amount"]):
        return ""
    text = env._(
        "%(gain)s for every %(per)s",
        gain=amounts.off(reward["amount"]),
        per=amounts.money(reward["per"]),
    )
    return _at_most(env, reward, text)


def _tiers(env, amounts, reward):
    by_amount = reward["by"] == "amount"
    texts = []
    for step in reward["steps"]:
        rate = step.get("rate")
        gain = percent_text(env, rate / PERCENT) if rate else amounts.off(step.get("amount") or 0)
        at = amounts.money(step["at"]) if by_amount else f"{step['at'] / snapshot.QTY_ONE:g}"
        texts.append(env._("%(gain)s from %(at)s", gain=gain, at=at))
    return ", ".join(texts)


def _nth(env, amounts, reward):
    if not (reward["n"] and reward["k"] and reward["rate"]):
        return ""
    text = env._(
        "of every %(size)s, the cheapest %(count)s: %(gain)s",
        size=reward["n"],
        count=reward["k"],
        gain=amounts.percent_off(reward["rate"]),
    )
    return _at_most(env, reward, text)


def _bundle(env, amounts, reward):
    if not (reward["n"] and reward["price"]):
        return ""
    text = env._(
        "every %(size)s for %(price)s", size=reward["n"], price=amounts.money(reward["price"])
    )
    return _at_most(env, reward, text)


def _price(env, amounts, reward):
    if not reward["price"]:
        return ""
    return env._("%(price)s each", price=amounts.money(reward["price"]))


def _cross(env, amounts, reward):
    gain = _cross_gain(env, amounts, reward)
    if not (reward["n"] and reward["k"] and gain):
        return ""
    text = env._(
        "for every %(size)s bought, %(count)s other: %(gain)s",
        size=reward["n"],
        count=reward["k"],
        gain=gain,
    )
    return _at_most(env, reward, text)


def _cross_gain(env, amounts, reward):
    if reward.get("rate"):
        return amounts.percent_off(reward["rate"])
    if reward.get("price"):
        return env._("%(price)s each", price=amounts.money(reward["price"]))
    return ""


def _gift(env, _amounts, reward):
    names = [
        product.display_name
        for product in env["product.product"].sudo().browse(reward["options"]).exists()
    ]
    if not names:
        return ""
    gifts = env._(" or ").join(names)
    if not reward.get("n"):
        return env._("%(count)s as a gift: %(gifts)s", count=reward["k"], gifts=gifts)
    text = env._(
        "for every %(size)s bought, %(count)s as a gift: %(gifts)s",
        size=reward["n"],
        count=reward["k"],
        gifts=gifts,
    )
    return _at_most(env, reward, text)


def _delivery(env, _amounts, _reward):
    return env._("free delivery")


def _points(env, amounts, reward):
    if reward.get("points"):
        return env._("%(points)s extra points", points=reward["points"])
    if not reward.get("rate"):
        return ""
    return env._(
        "%(points)g extra points for every %(amount)s spent",
        points=snapshot.to_minor(amounts.currency, snapshot.POINTS_PER) * reward["rate"] / WHOLE,
        amount=amounts.currency.format(snapshot.POINTS_PER),
    )


def _at_most(env, reward, text):
    if not reward.get("max_times"):
        return text
    return env._("%(text)s, at most %(times)s times", text=text, times=reward["max_times"])


REWARD_TEXTS = {
    "percent": _percent,
    "amount": _amount,
    "every": _every,
    "tiers": _tiers,
    "nth": _nth,
    "bundle": _bundle,
    "price": _price,
    "cross": _cross,
    "gift": _gift,
    "delivery": _delivery,
    "points": _points,
}


# --- what changed between two versions ----------------------------------------------------

LABELS = {
    "group": _lt("Group"),
    "priority": _lt("Priority"),
    "sequence": _lt("Sequence"),
    "stackable": _lt("Stacks"),
    "from": _lt("Start"),
    "to": _lt("End"),
    "windows": _lt("Hours"),
    "stores": _lt("Stores"),
    "channels": _lt("Channels"),
    "currencies": _lt("Currency"),
    "code": _lt("Needs a Coupon"),
    "classes": _lt("Member Classes"),
    "tags_any": _lt("Member Tags"),
    "segments_any": _lt("Member Segments"),
    "first_only": _lt("First Purchase Only"),
    "min_spend": _lt("Spent Before"),
    "set": _lt("Products"),
    "min_qty": _lt("From Quantity"),
    "min_amount": _lt("From Amount"),
    "target": _lt("What gets cheaper"),
    "reward": _lt("Reward"),
    "max_discount": _lt("At Most"),
    "limits": _lt("Limits"),
}
RECORDS = {
    "group": "retail.promotion.group",
    "stores": "stock.warehouse",
    "classes": "retail.customer.class",
    "tags_any": "res.partner.category",
    "segments_any": "retail.segment",
}
SET_RECORDS = {
    "products": "product.product",
    "categories": "product.category",
    "brands": "product.brand",
    "tags": "product.tag",
}
MONEY = ("min_amount", "max_discount")
MOMENTS = ("from", "to")
ENGINE_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


def changed_rules(env, currency, before, after):
    """Return what differs between two programs in the engine's form, one sentence each."""
    old, new = _flat(before), _flat(after)
    return [
        env._(
            "%(rule)s: %(before)s -> %(after)s",
            rule=label,
            before=_rule_text(env, currency, key, old.get(key)),
            after=_rule_text(env, currency, key, new.get(key)),
        )
        for key, label in LABELS.items()
        if old.get(key) != new.get(key)
    ]


def _flat(program):
    return {**program, **(program.get("trigger") or {})}


def _rule_text(env, currency, key, value):
    """Return one rule in words."""
    if value in (None, [], {}, False):
        return env._("none")
    if key == "reward":
        return reward_text(env, currency, value)
    if key in RECORDS:
        return _names(env, RECORDS[key], value if isinstance(value, list) else [value])
    if key in ("set", "target"):
        return _set_text(env, value)
    if key == "code":
        return env._("yes")
    if key in MONEY:
        return currency.format(snapshot.from_minor(currency, value))
    if key == "min_qty":
        return f"{value / snapshot.QTY_ONE:g}"
    if key in MOMENTS:
        return format_datetime(env, datetime.strptime(value, ENGINE_MOMENT))
    return _plain_text(env, key, value)


def _plain_text(env, key, value):
    if key == "windows":
        return ", ".join(
            f"{''.join(map(str, window['days']))} {window['start']}-{window['end']}"
            for window in value
        )
    if isinstance(value, dict):
        return ", ".join(f"{name} {number}" for name, number in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return env._("yes") if value is True else str(value)


def _names(env, model, ids):
    records = env[model].sudo().with_context(active_test=False).browse(ids).exists()
    return ", ".join(records.mapped("display_name"))


def _set_text(env, product_set):
    texts = [env._("all")] if product_set.get("all") else []
    texts += [
        _names(env, model, product_set[kind])
        for kind, model in SET_RECORDS.items()
        if product_set.get(kind)
    ]
    text = ", ".join(texts)
    if not product_set.get("exclude"):
        return text
    return env._("%(all)s but not %(some)s", all=text, some=_set_text(env, product_set["exclude"]))
