"""Rules in words, read from the engine's form: so that kept versions can be told like new ones."""

from . import promotion_snapshot as snapshot

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
}
