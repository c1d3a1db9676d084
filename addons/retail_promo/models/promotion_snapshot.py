"""From records to the engine's plain dicts: the only place that sees both worlds.

Money in minor units (multiples of the currency's rounding), quantities in thousandths, rates
in basis points, moments in UTC as text: see docs/promo_engine.md.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

from odoo import fields
from odoo.fields import Domain

from ..promo_engine.cart import Cart
from ..promo_engine.margin import COST_ONE, line_floor, part_of_floor

QTY_ONE = 1000  # thousandths in one unit
RATE_ONE = 100  # basis points in one percent
HOUR_MINUTES = 60
# What carts are made of: lines and products have a hundred columns more.
LINE_COLUMNS = (
    "order_id", "company_id", "currency_id", "sequence", "display_type", "product_id",
    "product_uom_id", "product_uom_qty", "price_total", "price_subtotal", "is_downpayment",
    "is_delivery", "reward_id", "retail_promotion_id", "retail_gift_of_id",
)  # fmt: skip
MEMBER_COLUMNS = ("is_member", "commercial_partner_id", "retail_class_id")
TEMPLATE_COLUMNS = ("type", "uom_id", "categ_id", "product_brand_id")
POINTS_PER = 100.0  # of the currency: "so many points for every 100 spent"
FIRST = "first"  # asks whether a member has bought before
SEGMENTS = "segments"  # asks which segments a member is in


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
        "currencies": [currency.name] if promotion._one_currency() else [],
        "classes": promotion.class_ids.ids,
        "tags_any": promotion.member_tag_ids.ids,
        "segments_any": promotion.segment_ids.ids,
        "first_only": promotion.first_only or None,
        "min_spend": _min_spend(promotion),
        "code": coupon_token(promotion) if promotion.needs_coupon else None,
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


def coupon_token(promotion):
    """Return the engine's code of a promotion: that a coupon for it was given.

    Each coupon has its own code; which of them hold is known before the engine is asked.
    """
    return f"{promotion._name},{promotion.id}"


def reward_dict(promotion):
    """Return the reward of a promotion as the contract's reward."""
    reward = {"kind": promotion.reward_kind, **_REWARDS[promotion.reward_kind](promotion)}
    return {key: value for key, value in reward.items() if value is not None}


def _rate(promotion):
    return round(promotion.percent * RATE_ONE)


def _minor(promotion, name):
    return to_minor(promotion.currency_id, promotion[name])


def _percent_reward(promotion):
    return {"rate": _rate(promotion)}


def _amount_reward(promotion):
    return {"amount": _minor(promotion, "reward_amount")}


def _every_reward(promotion):
    return {
        "per": _minor(promotion, "per_amount"),
        "amount": _minor(promotion, "reward_amount"),
        "max_times": _or_none(promotion.max_times),
    }


def _tiers_reward(promotion):
    return {
        "by": promotion.tier_by,
        "mode": promotion.tier_mode,
        "steps": [_step(promotion, tier) for tier in promotion.tier_ids.sorted("at")],
    }


def _nth_reward(promotion):
    return {
        "n": promotion.group_size,
        "k": promotion.group_count,
        "rate": _rate(promotion),
        "max_times": _or_none(promotion.max_times),
    }


def _bundle_reward(promotion):
    return {
        "n": promotion.group_size,
        "price": _minor(promotion, "reward_price"),
        "max_times": _or_none(promotion.max_times),
    }


def _price_reward(promotion):
    return {"price": _minor(promotion, "reward_price")}


def _cross_reward(promotion):
    by_price = promotion.cross_gives == "price"
    return {
        "n": promotion.group_size,
        "k": promotion.group_count,
        "rate": None if by_price else _rate(promotion),
        "price": _minor(promotion, "reward_price") if by_price else None,
        "max_times": _or_none(promotion.max_times),
    }


def _gift_reward(promotion):
    return {
        "n": _or_none(promotion.group_size),
        "k": promotion.group_count,
        "options": gift_products(promotion).ids,
        "max_times": _or_none(promotion.max_times),
    }


def gift_products(promotion):
    """Return the products of a promotion's gifts: a substitute after what it stands for."""
    gifts = promotion.gift_ids.sorted(lambda gift: (gift.sequence, gift._origin.id or 0))
    return gifts.product_id


def _delivery_reward(_promotion):
    return {}


def _points_reward(promotion):
    if promotion.points_by == "order":
        return {"points": promotion.reward_points}
    hundred = to_minor(promotion.currency_id, POINTS_PER)
    return {"rate": round(promotion.reward_points * RATE_ONE * 100 / hundred)}


_REWARDS = {
    "percent": _percent_reward,
    "amount": _amount_reward,
    "every": _every_reward,
    "tiers": _tiers_reward,
    "nth": _nth_reward,
    "bundle": _bundle_reward,
    "price": _price_reward,
    "cross": _cross_reward,
    "gift": _gift_reward,
    "delivery": _delivery_reward,
    "points": _points_reward,
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


def _min_spend(promotion):
    if not promotion.spend_amount:
        return None
    amount = to_minor(promotion.company_currency_id, promotion.spend_amount)
    return {"key": spend_key(promotion.spend_days), "amount": amount}


def spend_key(days):
    """Return what a member's purchases of the last so many days are called; 0: of all time."""
    return f"{days}"


def _or_none(number):
    return number or None


# --- carts --------------------------------------------------------------------------------


def product_facts(product):
    """Return what the sets of a program can name of a product (a product.product)."""
    template = product.product_tmpl_id
    path = template.categ_id.parent_path or ""
    return {
        "product": product.id,
        "categories": [int(part) for part in path.split("/") if part],
        "brand": template.product_brand_id.id or None,
        "tags": sorted({*template.product_tag_ids.ids, *product.additional_product_tag_ids.ids}),
    }


def member_of(partner):
    """Return the member a partner is or belongs to, an empty record for who is none."""
    member = partner if partner.is_member else partner.commercial_partner_id
    return member if member.is_member else member.browse()


def member_dict(partner, history=None):
    """Return the engine's member of a partner, None for a customer who is none.

    history: what the member bought before, see `purchase_history`; nothing when absent.
    """
    member = member_of(partner)
    if not member:
        return None
    return {
        "id": member.id,
        "class": member.retail_class_id.id or None,
        "tags": sorted(member.category_id.ids),
        "segments": [],
        "first": False,
        "spend": {},
        **((history or {}).get(member.commercial_partner_id.id) or {}),
    }


def purchase_history(partners, company, keys, moment, but_basket=None):
    """Return {commercial partner id: {"first", "spend", "segments"}} of members among partners.

    keys: the spend keys that programs ask for, FIRST and SEGMENTS; nothing is read without any.
    Segments are those of the last refresh, whatever the moment. Spend is in minor units of the
    company's currency. moment: naive UTC. but_basket: the sale that doesn't count, because it is
    the one that is being judged.
    """
    if not keys:
        return {}
    ids = partners.mapped(lambda partner: member_of(partner).commercial_partner_id).ids
    history = {partner_id: {"first": True, "spend": {}} for partner_id in ids}
    if SEGMENTS in keys:
        # As prices, segments don't depend on what the person who sells may read.
        insights = partners.env["retail.member.insight"].sudo()
        domain = Domain("partner_id", "in", ids) & Domain("company_id", "=", company.id)
        for insight in insights.search_fetch(domain, ["partner_id", "segment_id"]):
            history[insight.partner_id.id]["segments"] = insight.segment_id.ids
    for key in sorted(keys - {SEGMENTS}):
        domain = Domain("partner_id", "in", ids) & Domain("company_id", "=", company.id)
        if but_basket:
            domain &= Domain("basket", "!=", but_basket)
        if key == FIRST:
            domain &= Domain("event", "=", "sold")
        elif int(key):
            domain &= Domain("day", ">=", moment.date() - timedelta(days=int(key)))
        # Prices don't depend on what the person who sells may read.
        facts = partners.env["retail.sale.fact"].sudo()
        for partner, total in facts._read_group(domain, ["partner_id"], ["total_company:sum"]):
            if key == FIRST:
                history[partner.id]["first"] = False
            else:
                minor = to_minor(company.currency_id, total)
                history[partner.id]["spend"][key] = max(0, minor)
    return history


def _read_columns(order):
    """Read the columns that a cart needs, of all lines and goods at once, and no others."""
    lines = order.order_line
    lines.fetch([name for name in LINE_COLUMNS if name in lines._fields])
    products = lines.product_id
    products.fetch(["product_tmpl_id"])
    products.product_tmpl_id.fetch(TEMPLATE_COLUMNS)
    order.partner_id.fetch(MEMBER_COLUMNS)


def order_cart(order, moment=None):
    """Return the cart of a sales order: its goods at the amounts that the order gives them.

    moment: naive UTC, the order's date when absent.
    """
    _read_columns(order)
    moment = moment or order.date_order or fields.Datetime.now()
    store = order.retail_store_id
    partner, company = order.partner_id, order.company_id
    keys = order.env["retail.promotion"]._engine_history_keys(company.id)
    history = purchase_history(partner, company, keys, moment, f"{order._name},{order.id}")
    return {
        "now": wall_clock(moment, store._get_retail_tz()),
        "utc": utc_text(moment),
        "store": store.id or None,
        "channel": order.sale_channel_id.code or None,
        "currency": order.currency_id.name,
        "decimals": order.currency_id.decimal_places,
        "codes": order._retail_coupon_codes(moment),
        "member": member_dict(partner, history),
        "used": {},
        "lines": order_lines(order),
    }


def order_lines(order):
    """Return the lines of a cart: goods, with the floors of the company's minimum margin."""
    goods = order._retail_promo_goods()
    lines = [order_line_dict(line) for line in goods]
    if order.company_id.retail_promo_keep_margin:
        for line, values in zip(goods, lines, strict=True):
            # A gift is given away on purpose.
            if not line.retail_gift_of_id:
                values["floor"] = _line_floor(line, values)
    return lines


def _line_floor(line, values):
    """Return the least that a line of an order may bring; values: as of the cart."""
    untaxed = to_minor(line.currency_id, line.price_subtotal)
    rate = line.order_id.currency_rate
    return goods_floor(line.product_id, line.company_id, line.currency_id, rate, values, untaxed)


def goods_floor(product, company, currency, rate, values, untaxed):
    """Return the least that goods may bring by the company's minimum margin, in minor units.

    rate: currency per company currency; values: {qty, amount} as of the cart's line; untaxed:
    the amount without tax, in minor units.
    """
    cost = product.with_company(company).standard_price * rate
    return line_floor(
        round(cost / currency.rounding * COST_ONE),
        round(company.retail_promo_min_margin * RATE_ONE),
        values["qty"],
        values["amount"],
        untaxed,
    )


def sold_floors(lines):
    """Return {line id as text: [floor, quantity]} of a cart's lines, to be kept with the sale."""
    return {str(line["id"]): [line["floor"], line["qty"]] for line in lines if line.get("floor")}


def with_floor(line, floors):
    """Return a line of a cart with its part of the floor that it had when it was sold."""
    sold = (floors or {}).get(str(line["id"]))
    if not sold:
        return line
    floor, qty = sold
    return {**line, "floor": part_of_floor(floor, line["qty"], qty)}


def order_line_dict(line):
    product = line.product_id
    qty = line.product_uom_qty
    unit = product.product_tmpl_id.uom_id
    if line.product_uom_id != unit:
        qty = line.product_uom_id._compute_quantity(qty, unit, round=False)
    return {
        "id": line.id,
        **product_facts(product),
        "qty": round(qty * QTY_ONE),
        "amount": to_minor(line.currency_id, line._retail_promo_amount()),
        "gift_of": line.retail_gift_of_id.id or None,
    }


# --- outcomes -----------------------------------------------------------------------------


def name_steps(hints, cart, index):
    """Add to each hint of steps the threshold (`at`) that it leads to.

    The engine says what is missing, not to which step. It is the highest one that the lines
    of the program could reach with what is missing.
    """
    hinted = {hint["program"] for hint in hints}
    programs = {
        program.id: program
        for program in (index.programs if hinted else ())
        if program.id in hinted and program.reward["kind"] == "tiers"
    }
    directory = Cart(cart).directory if programs else None
    for hint in hints:
        if hint["program"] not in programs:
            continue
        reward = programs[hint["program"]].reward
        unit = "amount" if reward["by"] == "amount" else "qty"
        positions = directory.find(programs[hint["program"]].trigger_set)
        reachable = sum(cart["lines"][position][unit] for position in positions)
        steps = [step["at"] for step in reward["steps"]]
        reached = [at for at in steps if at - hint["missing"] <= reachable]
        if reached:
            hint["at"] = max(reached)
