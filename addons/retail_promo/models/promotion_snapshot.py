"""From records to the engine's plain dicts: the only place that sees both worlds.

Money in minor units (multiples of the currency's rounding), quantities in thousandths, rates
in basis points, moments in UTC as text: see docs/promo_engine.md.
"""

from zoneinfo import ZoneInfo

from odoo import fields

from ..promo_engine.cart import Cart

QTY_ONE = 1000  # thousandths in one unit
RATE_ONE = 100  # basis points in one percent
HOUR_MINUTES = 60


def to_minor(currency, amount):
    """Return an amount of the currency as a whole number of its smallest units."""
    return round(amount / currency.rounding)


def from_minor(currency, minor):
    """Return smallest units of the currency as an amount, rounded as the currency is."""
    return currency.round(minor * currency.rounding)


def utc_text(moment):
    """Return a naive UTC datetime (or nothing) as the engine's text (or None)."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def wall_clock(moment, tz_name):
    """Return a naive UTC datetime as text on the wall clock of a time zone."""
    local = moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(tz_name or "UTC"))
    return local.strftime("%Y-%m-%dT%H:%M:%S")


# --- programs -----------------------------------------------------------------------------


def group_dict(group):
    return {"id": group.id, "order": group.sequence, "mode": group.mode}


def program_dict(promotion):
    """Return a promotion as the contract's program."""
    # A class or store that is archived must not turn "only these" into "everybody".
    promotion = promotion.with_context(active_test=False)
    currency = promotion.currency_id
    program = {
        "id": promotion.id,
        "version": promotion.version,
        "group": promotion.group_id.id,
        "priority": promotion.priority,
        "sequence": promotion.sequence,
        "stackable": promotion.stackable,
        "from": utc_text(promotion.date_from),
        "to": utc_text(promotion.date_to),
        "windows": [_window(window) for window in promotion.window_ids],
        "stores": promotion.store_ids.ids,
        "channels": [code for code in promotion.channel_ids.mapped("code") if code],
        "currencies": [currency.name] if promotion._has_amounts() else [],
        "classes": promotion.class_ids.ids,
        "trigger": {
            "set": _product_set(promotion),
            "min_qty": _or_none(round(promotion.min_qty * QTY_ONE)),
            "min_amount": _or_none(to_minor(currency, promotion.min_amount)),
        },
        "reward": promotion._engine_reward(),
        "max_discount": _or_none(to_minor(currency, promotion.max_discount)),
        "limits": promotion._engine_limits() or None,
    }
    if promotion.target_scope == "some":
        program["target"] = _target_set(promotion)
    return {key: value for key, value in program.items() if value not in (None, [])}


def percent_reward(promotion):
    return {"kind": "percent", "rate": round(promotion.percent * RATE_ONE)}


def tiers_reward(promotion):
    steps = [_step(promotion, tier) for tier in promotion.tier_ids.sorted("at")]
    return {
        "kind": "tiers",
        "by": promotion.tier_by,
        "mode": promotion.tier_mode,
        "steps": steps,
    }


def tier_at(promotion, tier):
    """Return the threshold of a step in minor units or thousandths."""
    if promotion.tier_by == "amount":
        return to_minor(promotion.currency_id, tier.at)
    return round(tier.at * QTY_ONE)


def _step(promotion, tier):
    at = tier_at(promotion, tier)
    if tier.gives == "rate":
        return {"at": at, "rate": round(tier.percent * RATE_ONE)}
    return {"at": at, "amount": to_minor(promotion.currency_id, tier.amount)}


def _window(window):
    return {
        "days": window._weekdays(),
        "start": _clock(window.hour_from),
        "end": _clock(window.hour_to),
    }


def _clock(hours):
    hour, minute = divmod(round(hours * HOUR_MINUTES), HOUR_MINUTES)
    return f"{hour:02d}:{minute:02d}"


def _product_set(promotion):
    if promotion.product_scope == "all":
        named = {"all": True}
    else:
        named = _named(
            promotion.product_ids,
            promotion.category_ids,
            promotion.brand_ids,
            promotion.tag_ids,
        )
    exclude = _named(
        promotion.exclude_product_ids,
        promotion.exclude_category_ids,
        promotion.exclude_brand_ids,
        promotion.exclude_tag_ids,
    )
    return {**named, "exclude": exclude} if exclude else named


def _target_set(promotion):
    return _named(
        promotion.target_product_ids,
        promotion.target_category_ids,
        promotion.target_brand_ids,
        promotion.target_tag_ids,
    )


def _named(products, categories, brands, tags):
    sets = {
        "products": products.ids,
        "categories": categories.ids,
        "brands": brands.ids,
        "tags": tags.ids,
    }
    return {kind: ids for kind, ids in sets.items() if ids}


def _or_none(number):
    return number or None


# --- carts --------------------------------------------------------------------------------


def product_facts(product):
    """Return what the sets of a program can name of a product (a product.product)."""
    path = product.categ_id.parent_path or ""
    return {
        "product": product.id,
        "categories": [int(part) for part in path.split("/") if part],
        "brand": product.product_brand_id.id or None,
        "tags": sorted(product.all_product_tag_ids.ids),
    }


def member_dict(partner):
    """Return the member a partner is or belongs to, None for a customer who is none."""
    member = partner if partner.is_member else partner.commercial_partner_id
    if not member.is_member:
        return None
    return {
        "id": member.id,
        "class": member.retail_class_id.id or None,
        "tags": sorted(member.category_id.ids),
        "segments": [],
        "first": False,
        "spend": {},
    }


def order_cart(order, moment=None):
    """Return the cart of a sales order: its goods at the amounts that the order gives them.

    moment: naive UTC, the order's date when absent.
    """
    moment = moment or order.date_order or fields.Datetime.now()
    store = order.retail_store_id
    return {
        "now": wall_clock(moment, store._get_retail_tz()),
        "utc": utc_text(moment),
        "store": store.id or None,
        "channel": order.sale_channel_id.code or None,
        "currency": order.currency_id.name,
        "decimals": order.currency_id.decimal_places,
        "codes": [],
        "member": member_dict(order.partner_id),
        "used": {},
        "lines": [order_line_dict(line) for line in order._retail_promo_goods()],
    }


def order_line_dict(line):
    product = line.product_id
    qty = line.product_uom_qty
    if line.product_uom_id != product.uom_id:
        qty = line.product_uom_id._compute_quantity(qty, product.uom_id, round=False)
    return {
        "id": line.id,
        **product_facts(product),
        "qty": round(qty * QTY_ONE),
        "amount": to_minor(line.currency_id, line._retail_promo_amount()),
    }


# --- outcomes -----------------------------------------------------------------------------


def name_steps(hints, cart, index):
    """Add to each hint of steps the threshold (`at`) that it leads to.

    The engine says what is missing, not to which step. It is the highest one that the lines
    of the program could reach with what is missing.
    """
    programs = {program.id: program for program in index.programs} if hints else {}
    directory = Cart(cart).directory if hints else None
    for hint in hints:
        reward = programs[hint["program"]].reward
        if reward["kind"] != "tiers":
            continue
        unit = "amount" if reward["by"] == "amount" else "qty"
        positions = directory.find(programs[hint["program"]].trigger_set)
        reachable = sum(cart["lines"][position][unit] for position in positions)
        steps = [step["at"] for step in reward["steps"]]
        reached = [at for at in steps if at - hint["missing"] <= reachable]
        if reached:
            hint["at"] = max(reached)
