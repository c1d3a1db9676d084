"""The limits of promotions: their fields, and the counters under which their use is kept.

Pure: plain values only. The engine's names of the limits are those of docs/promo_engine.md.
"""

# The engine's limit -> the field of the promotion.
LIMITS = {
    "per_order_units": "limit_order_units",
    "member_orders": "limit_member_orders",
    "member_units": "limit_member_units",
    "orders": "limit_orders",
    "units": "limit_units",
    "store_units": "limit_store_units",
    "amount": "limit_budget",
}
LIMIT_FIELDS = frozenset({*LIMITS.values(), "limit_member_period"})
UNIT_LIMITS = ("per_order_units", "member_units", "units", "store_units")
# What a counter holds; `amount` in the promotion's currency.
MEASURES = ("orders", "units", "amount")
# Who shares a counter -> {the engine's limit: the measure that it bounds}.
SCOPES = {
    "all": {"orders": "orders", "units": "units", "amount": "amount"},
    "store": {"store_units": "units"},
    "member": {"member_orders": "orders", "member_units": "units"},
}
# How a member's period is named by the day of the sale in its store: in Python, in PostgreSQL.
PERIODS = {
    "life": ("life", '"life"'),
    "day": ("%Y-%m-%d", "YYYY-MM-DD"),
    "week": ("%G-W%V", 'IYYY-"W"IW'),
    "month": ("%Y-%m", "YYYY-MM"),
}


def counter_key(scope, *, store=None, member=None, period="life", day=None):
    """Return the key of a scope's counter, None when there is nobody to count for.

    store, member: ids; day: the date of the sale in its store.
    """
    if scope == "all":
        return "all"
    if scope == "store":
        return f"store,{store}" if store else None
    return f"member,{member},{day.strftime(PERIODS[period][0])}" if member else None


def counter_bounds(limits, **place):
    """Return {counter key: {measure: limit}} of the counters that the limits need.

    limits: {the engine's limit: number}; place: see counter_key.
    """
    bounds = {}
    for scope, measures in SCOPES.items():
        bound = {measure: limits[name] for name, measure in measures.items() if name in limits}
        key = counter_key(scope, **place) if bound else None
        if key:
            bounds[key] = bound
    return bounds
