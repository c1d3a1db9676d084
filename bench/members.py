"""100,000 members: the list, what finds them, and their figures beside bare SQL.

Times are wall-clock: PostgreSQL does the work, in a process of its own.
"""

from odoo.addons.retail_crm.crm_engine.name_index import name_index
from odoo.tools import SQL

from .measure import cost, result

MEMBERS = 100_000
FACTS = 500_000
BASKET_LINES = 3
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹曾萧田董袁潘于蒋蔡单"
GIVEN = "秀英丽娟雅婷慧敏晓燕静怡佳欣玉兰春梅思颖梦洁美玲红霞婉清建国志强俊杰浩然明辉文博"
PAGE = {
    "member_code": {},
    "complete_name": {},
    "phone": {},
    "retail_class_id": {"fields": {"display_name": {}}},
    "retail_store_id": {"fields": {"display_name": {}}},
    "retail_guide_id": {"fields": {"display_name": {}}},
    "category_id": {"fields": {"display_name": {}, "color": {}}},
    "retail_last_purchase": {},
    "retail_spent": {},
    "retail_spend_level": {},
}
# What is typed, and the domain with which stock finds the same.
SEARCHES = {
    "phone": ("138 1267 8276", [("phone_mobile_search", "ilike", "13812678276")]),
    "last4": ("8276", [("phone_mobile_search", "ilike", "8276")]),
    "name": ("王秀英", [("complete_name", "ilike", "王秀英")]),
    "initials": ("wxy", None),
}


def run(env):
    """Return the rows `members.*`."""
    make_members(env)
    make_facts(env)
    return [*_refresh(env), _list(env), *_searches(env)]


def _cold(env):
    def forget():
        env.flush_all()
        env.invalidate_all()

    return forget


# === MEASURED === #


def _refresh(env):
    """Refresh all figures (none there yet), and again unchanged, beside bare SQL."""
    figures = env["retail.member.figure"]

    def empty():
        env.cr.execute("DELETE FROM retail_member_figure")
        env.invalidate_all()

    ours = cost(figures._refresh, env, empty, runs=3)
    peer = cost(lambda: _bare_refresh(env), env, empty, runs=3)
    figures._refresh()
    unchanged = cost(figures._refresh, env, _cold(env), runs=3)
    if figures._refresh():
        raise RuntimeError("an unchanged refresh wrote rows")
    one = env["res.partner"].search([("is_member", "=", True)], limit=1)
    single = cost(lambda: figures._refresh(one.ids), env, _cold(env))
    return [
        result("members.refresh", ours.wall, peer.wall, "s", 2,
               queries=f"{ours.queries} / {peer.queries}", runs=3),
        result("members.refresh.unchanged", unchanged.wall, peer.wall, "s", 1,
               queries=f"{unchanged.queries} / {peer.queries}", runs=3),
        result("members.refresh.one.ms", single.wall * 1000, None, "ms", 20,
               queries=str(single.queries)),
    ]  # fmt: skip


def _bare_refresh(env):
    env.cr.execute(
        """
        INSERT INTO retail_member_figure
               (partner_id, company_id, first_day, last_day, order_count, amount)
        SELECT partner_id, company_id, min(day), max(day), count(DISTINCT basket),
               sum(total_company)
          FROM retail_sale_fact
         WHERE partner_id IS NOT NULL
         GROUP BY partner_id, company_id
            ON CONFLICT (partner_id, company_id) DO UPDATE
           SET first_day = EXCLUDED.first_day, last_day = EXCLUDED.last_day,
               order_count = EXCLUDED.order_count, amount = EXCLUDED.amount
        """
    )


def _list(env):
    """The first page of the list, figures and count included."""
    partners = env["res.partner"]
    found = cost(
        lambda: partners.web_search_read([("is_member", "=", True)], PAGE, limit=80),
        env, _cold(env),
    )  # fmt: skip
    return result("members.list.ms", found.wall * 1000, None, "ms", 500, queries=str(found.queries))


def _searches(env):
    """What a guide types; the peer is stock's search of the same, where it has one."""
    partners = env["res.partner"]
    rows = []
    for name, (typed, stock) in SEARCHES.items():
        domain = [("is_member", "=", True), ("retail_search", "ilike", typed)]
        if not partners.search_count(domain):
            raise RuntimeError(f"nobody is found by {typed}")
        ours = _search(env, domain)
        rows.append(result(f"members.search.{name}.ms", ours.wall * 1000, None, "ms", 100,
                           queries=str(ours.queries)))  # fmt: skip
        if stock:
            peer = _search(env, [("is_member", "=", True), *stock])
            rows.append(result(f"members.search.{name}", ours.wall, peer.wall, "s", 2,
                               queries=f"{ours.queries} / {peer.queries}"))  # fmt: skip
    named = cost(lambda: partners.name_search("wxy", limit=8), env, _cold(env))
    rows.append(result("members.name_search.ms", named.wall * 1000, None, "ms", 200,
                       queries=str(named.queries)))  # fmt: skip
    return rows


def _search(env, domain):
    return cost(lambda: env["res.partner"].search_fetch(domain, ["name"], limit=80), env,
                _cold(env))  # fmt: skip


# === MADE === #


def make_members(env):
    """Copy one member by SQL; 7919 is coprime to 10**8, so that no two share a phone."""
    env.company.country_id = env.ref("base.cn")
    model = env["res.partner"].create(
        {"name": "Model", "is_member": True, "email": "model@bench.example"}
    )
    env.flush_all()
    names = [f"{first}{a}{b}" for first in SURNAMES for a in GIVEN for b in GIVEN]
    changed = {
        "id": SQL("base.id"),
        "commercial_partner_id": SQL("base.id"),
        "name": SQL("names.name"),
        "complete_name": SQL("names.name"),
        "retail_name_index": SQL("names.letters"),
        "phone": SQL("'+86 138 ' || substr(base.digits, 1, 4) || ' ' || substr(base.digits, 5)"),
        "phone_sanitized": SQL("'+86138' || base.digits"),
        "email": SQL("'bench' || base.number || '@bench.example'"),
        "email_normalized": SQL("'bench' || base.number || '@bench.example'"),
        "member_code": SQL("'BENCH-' || base.number"),
    }
    env.cr.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'res_partner'::regclass"
        " AND attnum > 0 AND NOT attisdropped"
    )
    columns = [name for (name,) in env.cr.fetchall()]
    env.cr.execute(
        SQL(
            """
            INSERT INTO res_partner (%(columns)s)
            SELECT %(values)s
              FROM (SELECT nextval('res_partner_id_seq') AS id, number,
                           lpad(((number * 7919 + 12345678) %% 100000000)::text, 8, '0') AS digits
                      FROM generate_series(1, %(count)s) number) base
              JOIN unnest(%(names)s, %(letters)s) WITH ORDINALITY names(name, letters, place)
                ON names.place = base.number %% %(variety)s + 1
              JOIN res_partner model ON model.id = %(model)s
            """,
            columns=SQL(", ").join(SQL.identifier(name) for name in columns),
            values=SQL(", ").join(
                changed.get(name) or SQL.identifier("model", name) for name in columns
            ),
            count=MEMBERS,
            names=names,
            letters=[name_index(name) for name in names],
            variety=len(names),
            model=model.id,
        )
    )
    env.cr.execute("ANALYZE res_partner")
    env.invalidate_all()


def make_facts(env):
    """Give the members lines over two years, by SQL."""
    product = env["product.product"].create({"name": "Bench", "type": "service"})
    env.cr.execute(
        SQL(
            """
            INSERT INTO retail_sale_fact
                   (source_model, source_line, event, basket, sold_at, day, company_id,
                    partner_id, product_id, qty, currency_id, price_total, total_company)
            SELECT 'bench', number::text, 'sold', 'bench,' || number / %(lines)s, at, at::date,
                   %(company)s, members.ids[number / %(lines)s %% %(count)s + 1], %(product)s, 1,
                   %(currency)s, 10 + number %% 90, 10 + number %% 90
              FROM (SELECT number, now() - (number / %(lines)s %% 730) * interval '1 day' AS at
                      FROM generate_series(1, %(facts)s) number) lines,
                   (SELECT array_agg(id ORDER BY id) AS ids FROM res_partner
                     WHERE member_code LIKE 'BENCH-%%') members
            """,
            lines=BASKET_LINES,
            company=env.company.id,
            product=product.id,
            currency=env.company.currency_id.id,
            count=MEMBERS,
            facts=FACTS,
        )
    )
    env.cr.execute("ANALYZE retail_sale_fact")
