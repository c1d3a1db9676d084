"""Users of the demo shop, one per role, and its members."""

from odoo.fields import Command

from . import invent, sheets
from .load_company import TIME_ZONE

# login, name, role xml id, positions of the stores (None = all); the password is the login.
USERS = (
    ("guide", "Lin Mei (guide)", "role_guide", (0,)),
    ("guide2", "Chen Hao (guide)", "role_guide", (1,)),
    ("guide3", "Zhao Ying (guide)", "role_guide", (2,)),
    ("guide4", "Sun Lei (guide)", "role_guide", (3,)),
    ("cashier", "Wang Fang (cashier)", "role_cashier", None),
    ("service", "Liu Yan (customer service)", "role_service", None),
    ("promotion", "Huang Jie (promotion)", "role_promotion", None),
    ("clerk", "Zhou Ting (order clerk)", "role_order_clerk", None),
    ("manager", "Xu Jing (store manager)", "role_store_manager", None),
    ("accountant", "Ma Li (accountant)", "role_accountant", None),
)
GUIDES = [login for login, _name, role, _places in USERS if role == "role_guide"]
QUIET = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_create_nolog": True,
    "no_reset_password": True,
}
BATCH = 500
CLASSES = {
    "Normal": "retail_crm.class_normal",
    "VIP": "retail_crm.class_vip",
    "Wholesale": "retail_crm.class_wholesale",
}


def make_users(env, stores):
    """Create a user per role (login = password = role) at the given stores. Return {login: user}.

    The administrator stays `admin`, with every right of the suite.
    """
    users = env["res.users"].with_context(**QUIET)
    made = {}
    for login, name, role, places in USERS:
        own = stores if places is None else [stores[place] for place in places]
        made[login] = users.create(
            {
                "login": login,
                "password": login,
                "name": name,
                "email": f"{login}@example.com",
                "tz": TIME_ZONE,
                "role_line_ids": [Command.create({"role_id": env.ref(f"retail_crm.{role}").id})],
                "retail_store_ids": [Command.set([store.id for store in own])],
                "retail_store_id": own[0].id,
            }
        )
    admin = env.ref("base.user_admin")
    admin.write(
        {
            "password": "admin",
            "tz": TIME_ZONE,
            "email": "admin@example.com",
            "retail_store_ids": [Command.set([store.id for store in stores])],
            "retail_store_id": stores[0].id,
        }
    )
    return made | {"admin": admin}


def make_members(env, path, stores, users):
    """Create the members of the file, each with the guide of the home store. Return them."""
    by_code = {store.code: store for store in stores}
    guides = {users[login].retail_store_id: users[login] for login in GUIDES}
    classes = {name: env.ref(xml_id) for name, xml_id in CLASSES.items()}
    rows = sheets.rows(path)
    sources = _sources(env, {row["Source"] for row in rows})
    china = env.ref("base.cn")
    values = []
    for number, row in enumerate(rows):
        store = by_code[row["Home Store"]]
        values.append(
            {
                "name": row["Name"],
                "is_member": True,
                "member_code": row["Member"],
                "retail_class_id": classes[row["Class"]].id,
                "retail_store_id": store.id,
                "retail_guide_id": guides[store].id,
                "retail_source_id": sources[row["Source"]].id,
                "phone": row["Phone"],
                "email": row["Email"],
                "gender": row["Gender"],
                "birthdate_date": row["Birthday"] and row["Birthday"].date(),
                "street": row["Street"],
                "city": row["City"],
                "zip": row["Postal Code"],
                "country_id": china.id,
                "tz": TIME_ZONE,
                **_profile(number),
            }
        )
    partners = env["res.partner"].with_context(**QUIET)
    made = partners
    for start in range(0, len(values), BATCH):
        made |= partners.create(values[start : start + BATCH])
    _name_referrers(made, sources.get("Friend"))
    return made


def _profile(number):
    """Return what the file doesn't tell of a member: likes, needs, consent, social account."""
    values = {
        "retail_lunar_birthday": invent.lunar_birthday(number),
        "retail_preference": invent.preference(number),
        "retail_special_need": invent.special_need(number),
        "retail_consent_mail": invent.number("mail", number) % 2 == 0,
        "retail_consent_sms": invent.number("sms", number) % 3 == 0,
        "retail_consent_phone": invent.number("call", number) % 4 == 0,
        "retail_consent_origin": "store",
    }
    if invent.number("social", number) % 5 == 0:
        network = invent.pick("network", number, invent.NETWORKS)
        account = f"shopper{invent.number('account', number) % 10**6:06d}"
        values["retail_social_ids"] = [Command.create({"network": network, "account": account})]
    return values


def _name_referrers(members, friend):
    """Let most of those who came by a friend name one: a member of the same store before them."""
    by_store = {}
    for number, member in enumerate(members):
        earlier = by_store.setdefault(member.retail_store_id, [])
        named = member.retail_source_id == friend and invent.number("named", number) % 8
        if earlier and named:
            member.retail_referrer_id = earlier[invent.number("friend", number) % len(earlier)]
        earlier.append(member.id)


def _sources(env, names):
    """Return {name: utm.source}, made where missing and offered for members."""
    found = {source.name: source for source in env["utm.source"].search([("name", "in", names)])}
    for name in sorted(names - set(found)):
        found[name] = env["utm.source"].create({"name": name})
    for source in found.values():
        source.retail_member_source = True
    return found
