"""50,000 products in eight stores: what a guide asks of the stock, as the screens ask it.

Times are wall-clock: PostgreSQL does the work, in a process of its own.
"""

from functools import partial

from odoo.addons.retail_crm.crm_engine.name_index import name_index, usual_initials
from odoo.tests import new_test_user
from odoo.tools import SQL

from .measure import cost, result

PRODUCTS = 50_000
STORES = 8
KEPT = 30_000  # products of each store, on the shelf and in reserve
MOVED = 500_000  # move lines
COUNTED = 10_001  # rows up to which a list counts
KINDS = "连衣裙 长裙 衬衫 风衣 毛衣 西裤 牛仔裤 羽绒服 运动鞋 皮鞋 围巾 帽子".split()
COLOURS = "红色 黑色 白色 米色 藏青 墨绿 浅灰 酒红 天蓝 驼色".split()
LIST = {
    "default_code": {},
    "display_name": {},
    "product_brand_id": {"fields": {"display_name": {}}},
    "lst_price": {},
    "retail_here_on_hand": {},
    "retail_here_free": {},
    "retail_elsewhere_free": {},
    "retail_elsewhere": {},
}
PLACES = {
    "default_code": {},
    "product_id": {"fields": {"display_name": {}}},
    "stock_type": {},
    "store_id": {"fields": {"display_name": {}}},
    "location_id": {"fields": {"display_name": {}}},
    "company_id": {"fields": {"display_name": {}}},
    "quantity": {},
    "reserved": {},
    "free": {},
    "last_in": {},
    "last_out": {},
}
# What is typed for a product.
TYPED = {"name": "藏青皮鞋 777", "code": "BENCH-777", "mnemonic": "cqpx"}


def run(env):
    """Return the rows `stock.*`."""
    stores = make_stores(env)
    products = make_products(env)
    make_stock(env, stores, products)
    guide = new_test_user(env, "bench_guide", groups="retail_crm.group_guide")
    guide.retail_store_ids = stores[0]
    env.flush_all()
    asked = env(user=guide)
    work = {
        "list": lambda: _products(asked, []),
        **{f"find.{name}": partial(_products, asked, [("display_name", "ilike", text)])
           for name, text in TYPED.items()},
        "find.here": lambda: _products(asked, [("retail_here_free", ">", 0)]),
        **{f"place.{name}": partial(_places, asked, domain)
           for name, domain in _place_domains(stores).items()},
        "place.panel": lambda: _panel(asked),
        "answer": asked["product.product"].browse(products[776]).retail_stock_answer,
    }  # fmt: skip
    return [_row(asked, name, 500, task) for name, task in work.items()]


def _row(env, name, aim, work):
    found = cost(work, env, env.invalidate_all)
    return result(f"stock.{name}.ms", found.wall * 1000, None, "ms", aim,
                  queries=str(found.queries))  # fmt: skip


def _products(env, domain):
    """The first page of "Stock Answer", with its count."""
    found = env["product.product"].web_search_read(
        [("type", "!=", "service"), *domain], LIST, limit=80, count_limit=COUNTED
    )
    if not found["length"]:
        raise RuntimeError(f"nothing is found by {domain}")


def _place_domains(stores):
    return {
        "all": [],
        "store": [("store_id", "=", stores[0].id)],
        **{name: [("product_id", "ilike", text)] for name, text in TYPED.items()},
        "type": [("stock_type", "=", "reserve")],
        "place": [("location_id", "child_of", stores[1].lot_stock_id.id)],
        "free": [("store_id", "=", stores[0].id), ("free", ">", 0)],
    }


def _places(env, domain):
    """The first page of "Stock by Place", with its count."""
    found = env["retail.stock.place"].web_search_read(domain, PLACES, limit=80, count_limit=COUNTED)
    if not found["length"]:
        raise RuntimeError(f"nothing is found by {domain}")


def _panel(env):
    """The choices beside "Stock by Place", as its view asks for them."""
    places = env["retail.stock.place"]
    places.search_panel_select_range("stock_type", expand=True)
    places.search_panel_select_multi_range("store_id", expand=True)


# === MADE === #


def make_stores(env):
    """Make the stores, each with a shelf and a reserve."""
    stores = env["stock.warehouse"].create(
        [
            {"name": f"Bench {number}", "code": f"BQ{number}", "is_store": True,
             "partner_id": env["res.partner"].create({
                 "name": f"Bench {number}", "partner_latitude": 31 + number / 50,
                 "partner_longitude": 121 + number / 70}).id}
            for number in range(STORES)
        ]
    )  # fmt: skip
    env["stock.location"].create(
        [
            {"name": "Reserve", "usage": "internal", "retail_stock_type": "reserve",
             "location_id": store.lot_stock_id.id}
            for store in stores
        ]
    )  # fmt: skip
    return stores


def make_products(env):
    """Copy one product by SQL; return the ids."""
    model = env["product.product"].create({"name": "Model", "is_storable": True, "list_price": 50})
    env.flush_all()
    names = [colour + kind for colour in COLOURS for kind in KINDS]
    _copy(env, "product_template", model.product_tmpl_id.id, {
        "id": SQL("base.id"),
        "name": SQL("jsonb_build_object('en_US', names.name || ' ' || base.number)"),
        "default_code": SQL("'BENCH-' || base.number"),
        "retail_mnemonic": SQL("names.initials"),
        "retail_name_index": SQL("names.letters"),
        "list_price": SQL("20 + base.number %% 400"),
    }, names)  # fmt: skip
    env.cr.execute(
        SQL("SELECT id FROM product_template WHERE default_code LIKE 'BENCH-%%' ORDER BY id")
    )
    _copy(env, "product_product", model.id, {
        "id": SQL("base.id"),
        "product_tmpl_id": SQL("%s + base.number - 1", env.cr.fetchone()[0]),
        "default_code": SQL("'BENCH-' || base.number"),
        "barcode": SQL("NULL"),
    }, names)  # fmt: skip
    env.cr.execute("ANALYZE product_template, product_product")
    env.invalidate_all()
    env.cr.execute(
        SQL("SELECT id FROM product_product WHERE default_code LIKE 'BENCH-%%' ORDER BY id")
    )
    return [product_id for (product_id,) in env.cr.fetchall()]


def _copy(env, table, model_id, changed, names):
    env.cr.execute(
        SQL(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass"
            " AND attnum > 0 AND NOT attisdropped",
            table,
        )
    )
    columns = [name for (name,) in env.cr.fetchall()]
    env.cr.execute(
        SQL(
            """
            INSERT INTO %(table)s (%(columns)s)
            SELECT %(values)s
              FROM (SELECT nextval(%(sequence)s) AS id, number
                      FROM generate_series(1, %(count)s) number) base
              JOIN unnest(%(names)s, %(letters)s, %(initials)s)
                   WITH ORDINALITY names(name, letters, initials, place)
                ON names.place = base.number %% %(variety)s + 1
              JOIN %(table)s model ON model.id = %(model)s
            """,
            table=SQL.identifier(table),
            columns=SQL(", ").join(SQL.identifier(name) for name in columns),
            values=SQL(", ").join(
                changed.get(name) or SQL.identifier("model", name) for name in columns
            ),
            sequence=f"{table}_id_seq",
            count=PRODUCTS,
            names=names,
            letters=[name_index(name) for name in names],
            initials=[usual_initials(name).upper() for name in names],
            variety=len(names),
            model=model_id,
        )
    )


def make_stock(env, stores, products):
    """Put goods on the shelf and into reserve of each store, and tell of old moves."""
    shelves = stores.lot_stock_id
    places = shelves + env["stock.location"].search(
        [("location_id", "in", shelves.ids), ("retail_stock_type", "=", "reserve")]
    )
    env.cr.execute(
        SQL(
            """
            INSERT INTO stock_quant (product_id, company_id, location_id, quantity,
                                     reserved_quantity, in_date)
            SELECT products.ids[1 + (number * 7 + place * 5000) %% %(count)s], %(company)s,
                   place_id, 1 + number %% 9, number %% 2, now()
              FROM unnest(%(places)s) WITH ORDINALITY spots(place_id, place),
                   generate_series(1, %(kept)s) number,
                   (SELECT %(products)s::int[] AS ids) products
            """,
            count=len(products), company=env.company.id, places=places.ids, kept=KEPT // 2,
            products=products,
        )
    )  # fmt: skip
    env.cr.execute(
        SQL(
            """
            INSERT INTO stock_move_line (product_id, product_uom_id, company_id, location_id,
                                         location_dest_id, date, state, quantity,
                                         quantity_product_uom)
            SELECT products.ids[1 + number * 7919::bigint %% %(count)s], %(uom)s, %(company)s,
                   %(supplier)s, (%(places)s::int[])[1 + number %% %(spots)s],
                   now() - number %% 700 * interval '1 day', 'done', 1, 1
              FROM generate_series(1, %(moved)s) number,
                   (SELECT %(products)s::int[] AS ids) products
            """,
            count=len(products), uom=env.ref("uom.product_uom_unit").id, company=env.company.id,
            supplier=env.ref("stock.stock_location_suppliers").id, places=places.ids,
            spots=len(places), moved=MOVED, products=products,
        )
    )  # fmt: skip
    env.cr.execute("ANALYZE stock_quant, stock_move_line")
