"""Random baskets and programs over all that the promotion contract allows.

A case is `{cart, programs, groups, explain}`. Ids and values are few, so that sets meet lines
often; amounts and quantities lean to the edges, up to the largest integer.
"""

import json

LARGEST = 2**53 - 1
AMOUNTS = (0, 1, 2, 3, 99, 100, 101, 333, 999, 1000, 1999, 5000, 9999, 25000, 123456)
BIG_AMOUNTS = (10**9 + 7, 10**12 + 1, 2**53 - 2, LARGEST)
UNITS = (1, 1, 1, 2, 2, 3, 4, 5, 6, 7, 10, 24)
ODD_QUANTITIES = (1, 350, 500, 999, 1001, 2500, 10**9, LARGEST, LARGEST // 1000 * 1000, 0)
RATES = (0, 1, 300, 500, 1000, 3333, 5000, 9999, 10000, 12000)
PRICES = (0, 1, 99, 500, 990, 2900, 10000)
STEPS = (1, 500, 1000, 3000, 5000, 10000, 20000)
COSTS = (0, 1, 10**6, 333333333, 99 * 10**6, 10**9, 7 * 10**10, LARGEST)
MARGINS = (0, 1, 1250, 3333, 5000, 9999)
MODES = ("compound", "exclusive", "best", "best_line")
TEXTS = ("A", "行", "é", 'a"b', "back\\slash", "line\nend", "\u0007", "\U0001f600", "\ufb01")
NOWS = (
    ("2026-11-22T10:00:00", "2026-11-22T02:00:00Z"),
    ("2026-11-22T00:30:59", "2026-11-21T16:30:59Z"),
    ("2026-11-21T23:59:59", "2026-11-21T15:59:59Z"),
    ("2028-02-29T12:00:00", "2028-02-29T04:00:00Z"),
    ("2027-01-01T00:00:00", "2026-12-31T16:00:00Z"),
)
UNIT_LIMITS = ("per_order_units", "member_units", "units", "store_units")
OTHER_LIMITS = ("member_orders", "orders", "amount")


def sometimes(random, chance):
    return random.random() < chance


def some(random, values, most):
    """Return a list of up to `most` of the values, possibly none."""
    return random.sample(values, random.randint(0, most))


def make_case(random, broken=0.0):
    """Return a case; a share of them breaks the contract, and must fail in both twins."""
    groups = make_groups(random)
    programs = [
        make_program(random, identifier, random.choice(groups))
        for identifier in range(1, random.choice((1, 2, 3, 4, 5, 6, 7, 8, 25)) + 1)
    ]
    case = {
        "cart": make_cart(random, programs),
        "programs": programs,
        "groups": groups,
        "explain": sometimes(random, 0.3),
    }
    random.shuffle(programs)
    random.shuffle(groups)
    if sometimes(random, broken):
        random.choice(BREAKS)(random, case)
    return case


def make_groups(random):
    names = random.sample(("item", "flash", "order", "extra", "行", "\ufb01"), random.randint(1, 4))
    return [
        {"id": name, "order": random.randint(0, 2), "mode": random.choice(MODES)} for name in names
    ]


def make_cart(random, programs):
    now, utc = random.choice(NOWS)
    gifts = [p["id"] for p in programs if p["reward"]["kind"] == "gift"]
    return {
        "now": now,
        "utc": utc,
        "store": random.choice((1, 2)),
        "channel": random.choice(("pos", "web")),
        "currency": random.choice(("CNY", "JPY")),
        "decimals": random.choice((0, 2, 3)),
        "codes": some(random, ("SAVE", "行", ""), 2),
        "member": make_member(random) if sometimes(random, 0.6) else None,
        "used": make_used(random, programs),
        "lines": [
            make_line(random, place, gifts)
            for place in range(random.choice((0, 1, 2, 3, 4, 5, 6, 7, 8, 20)))
        ],
    }


def make_member(random):
    member = {
        "id": 5,
        "class": random.choice(("normal", "vip", None)),
        "tags": some(random, (7, 8, 9), 2),
        "segments": some(random, ("loyal", "new"), 2),
        "first": sometimes(random, 0.5),
        "spend": {"90d": random.choice((0, 20000, 50000))},
    }
    if sometimes(random, 0.1):
        del member["spend"], member["tags"]
    return member


def make_used(random, programs):
    used = {}
    for program in programs:
        if sometimes(random, 0.3):
            keys = some(random, (*UNIT_LIMITS[1:], *OTHER_LIMITS), 6)
            used[str(program["id"])] = {key: random.choice((0, 1, 2, 5, 900)) for key in keys}
    return used


def make_amount(random):
    return random.choice(BIG_AMOUNTS if sometimes(random, 0.04) else AMOUNTS)


def make_line(random, place, gifts):
    units = random.choice(UNITS)
    line = {
        "id": random.choice((f"L{place}", place, f"{random.choice(TEXTS)}{place}")),
        "product": random.randint(1, 9),
        "categories": some(random, (1, 2, 3, 4, 5), 2),
        "brand": random.choice((1, 2, 3, None)),
        "tags": some(random, (1, 2, 3), 2),
        "qty": units * 1000,
        "amount": make_amount(random) * random.choice((1, units)),
    }
    line["amount"] = min(line["amount"], LARGEST)
    if sometimes(random, 0.15):
        line["qty"] = random.choice(ODD_QUANTITIES)
    if sometimes(random, 0.05):
        line["qty"], line["amount"] = -line["qty"], -line["amount"]
    if sometimes(random, 0.2):
        line["floor"] = random.choice((0, line["amount"] // 2, line["amount"], 400, -5, None))
    elif sometimes(random, 0.1):
        line["cost"] = {
            "unit": random.choice(COSTS),
            "margin": random.choice(MARGINS),
            "untaxed": line["amount"] * random.choice((100, 87, 94)) // 100,
        }
    if sometimes(random, 0.1):
        line["open"] = random.choice((True, False, None))
    if sometimes(random, 0.4 if gifts else 0.02):
        line["gift_of"] = random.choice([*gifts, 99, None])
    return line


def make_set(random):
    shape = random.random()
    if shape < 0.4:
        product_set = {"all": True}
    elif shape < 0.44:
        product_set = {}
    else:
        product_set = make_values(random)
    if sometimes(random, 0.25):
        product_set["exclude"] = make_values(random)
    return product_set


def make_values(random):
    kinds = {
        "products": [random.randint(1, 9) for _n in range(random.randint(1, 5))],
        "categories": [random.randint(1, 5), random.randint(1, 5)],
        "brands": [random.randint(1, 3)],
        "tags": some(random, (1, 2, 3), 2),
    }
    return {kind: kinds[kind] for kind in random.sample(sorted(kinds), random.randint(1, 2))}


def make_program(random, identifier, group):
    program = {
        "id": identifier,
        "version": random.randint(1, 3),
        "group": group["id"],
        "priority": random.choice((10, 20)),
        "sequence": random.randint(0, 2),
        "stackable": sometimes(random, 0.4),
        "reward": make_reward(random, group["mode"]),
    }
    if sometimes(random, 0.95):
        program["trigger"] = make_trigger(random)
    if sometimes(random, 0.25):
        program["target"] = random.choice((make_set(random), None))
    if program["reward"]["kind"] == "cross" and sometimes(random, 0.8):
        program["target"] = make_set(random)
    if sometimes(random, 0.15):
        program["consume_trigger"] = random.choice((True, False, None))
    if sometimes(random, 0.2):
        program["max_discount"] = random.choice((0, 1, 7, 100, 1500, LARGEST, None))
    if sometimes(random, 0.25):
        program["limits"] = make_limits(random, group["mode"])
    for key, values in CONDITION_VALUES.items():
        if sometimes(random, 0.06):
            program[key] = json.loads(json.dumps(random.choice(values)))
    return program


CONDITION_VALUES = {
    "from": ("2026-11-22T02:00:00Z", "2026-11-22T02:00:01Z", "2020-01-01T00:00:00Z", None),
    "to": ("2026-11-22T02:00:00Z", "2026-11-22T02:00:01Z", "2030-01-01T00:00:00Z", None),
    "windows": (
        [],
        [{"days": [6, 7], "start": "09:00", "end": "18:00"}],
        [{"days": [6], "start": "22:00", "end": "02:00"}],
        [{"days": [7], "start": "10:00", "end": "10:00"}, {"days": [2], "start": "00:00"}],
        [{"days": [6, 4], "end": "00:00"}],
    ),
    "stores": ([1], [2, 3], []),
    "channels": (["pos"], ["web", "pos"], []),
    "currencies": (["CNY"], ["JPY"], []),
    "classes": (["vip"], ["normal", "vip"], []),
    "tags_any": ([7], [8, 9], []),
    "segments_any": (["loyal"], ["new"], []),
    "first_only": (True, False),
    "code": ("SAVE", "行", "", "NEVER", None),
    "min_spend": ({"key": "90d", "amount": 20000}, {"key": "1y", "amount": 0}, None),
}


def make_trigger(random):
    trigger = {"set": make_set(random)} if sometimes(random, 0.95) else {}
    if sometimes(random, 0.15):
        trigger["min_qty"] = random.choice((1, 1000, 3000, 7001, None))
    if sometimes(random, 0.15):
        trigger["min_amount"] = random.choice((1, 1000, 10000, 10**15, None))
    return trigger


def make_limits(random, mode):
    keys = some(random, OTHER_LIMITS if mode == "best_line" else UNIT_LIMITS + OTHER_LIMITS, 3)
    return {key: random.choice((0, 1, 2, 3, 5, 8, 1000, None)) for key in keys}


def make_reward(random, mode):
    kind = random.choice(("percent", "price") if mode == "best_line" else sorted(REWARDS))
    reward = {"kind": kind, **REWARDS[kind](random)}
    if kind in ("every", "nth", "bundle", "cross", "gift") and sometimes(random, 0.3):
        reward["max_times"] = random.choice((0, 1, 2, 3, None))
    return reward


def rate_or_price(random):
    if sometimes(random, 0.5):
        return {"rate": random.choice(RATES)}
    return {"price": random.choice(PRICES)}


def make_tiers(random):
    return {
        "by": random.choice(("amount", "qty")),
        "mode": random.choice(("best_step", "each_step")),
        "steps": [
            {"at": at, **random.choice(({"rate": random.choice(RATES)}, {"amount": at // 9}))}
            for at in random.choices(STEPS, k=random.randint(0, 3))
        ],
    }


REWARDS = {
    "percent": lambda random: {"rate": random.choice(RATES)},
    "amount": lambda random: {"amount": make_amount(random)},
    "every": lambda random: {"per": random.choice(STEPS), "amount": random.choice(PRICES)},
    "tiers": make_tiers,
    "nth": lambda random: {
        "n": random.randint(1, 4),
        "k": random.randint(1, 3),
        "rate": random.choice(RATES),
    },
    "bundle": lambda random: {"n": random.randint(1, 5), "price": random.choice(PRICES)},
    "price": lambda random: {"price": random.choice(PRICES)},
    "cross": lambda random: {
        "n": random.randint(1, 3),
        "k": random.randint(1, 3),
        **rate_or_price(random),
    },
    "gift": lambda random: {
        "n": random.choice((1, 2, 3, None)),
        "k": random.randint(1, 2),
        "options": [random.randint(1, 9) for _n in range(random.randint(0, 6))],
    },
    "points": lambda random: random.choice(
        ({"points": random.choice((0, 5, 100))}, {"rate": random.choice(RATES)})
    ),
    "delivery": lambda random: {},
}


def _break_group(random, case):
    random.choice(case["programs"])["group"] = "nowhere"


def _break_ids(random, case):
    case[random.choice(("programs", "groups"))] *= 2


def _break_lines(_random, case):
    case["cart"]["lines"] *= 2


def _break_range(random, case):
    random.choice(case["programs"])["max_discount"] = random.choice((LARGEST + 1, -LARGEST - 1))


def _break_mode(random, case):
    for group in case["groups"]:
        group["mode"] = "best_line"


def _break_reward(random, case):
    broken = ({"kind": "nth", "n": 0, "k": 1, "rate": 1}, {"kind": "percent", "rate": -1}, {})
    random.choice(case["programs"])["reward"] = random.choice(broken)


BREAKS = (_break_group, _break_ids, _break_lines, _break_range, _break_mode, _break_reward)
