"""What "do you have it, and where" costs among 50,000 products in ten stores.

Peers: the same page of stock's own list of products with its quantities, and stock's name_search.
"""

from odoo.tools import SQL

from .measure import cost, result

PRODUCTS, STORES = 50_000, 10
PAGE = 80  # rows of a list
OURS = ("default_code", "display_name", "lst_price", "retail_here_on_hand", "retail_here_free",
        "retail_elsewhere_free", "retail_elsewhere")  # fmt: skip
STOCKS = ("default_code", "display_name", "lst_price", "qty_available", "free_qty",
          "virtual_available")  # fmt: skip


def run(env):
    """Return the rows `stock.list`, `stock.find` and `stock.answer.ms`."""
    _fill(env)
    products = env["product.product"]

    def page(names):
        products.web_search_read(
            [("display_name", "ilike", "BQS7")], {name: {} for name in names}, limit=PAGE
        )

    def forget():
        env.flush_all()
        env.invalidate_all()

    one = products.search([("default_code", "=", "STOCK-43210")])
    listed, bare = cost(lambda: page(OURS), env, forget), cost(lambda: page(STOCKS), env, forget)
    found = cost(lambda: products.name_search("BQS7", limit=8), env, forget)
    usual = cost(lambda: products.name_search("Bench goods 7", limit=8), env, forget)
    answer = cost(one.retail_stock_answer, env, forget)
    return [
        result("stock.list", listed.wall, bare.wall, "s", 1.0,
               queries=f"{listed.queries} / {bare.queries}"),
        result("stock.find", found.wall, usual.wall, "s", 2.0,
               queries=f"{found.queries} / {usual.queries}"),
        result("stock.answer.ms", 1000 * answer.wall, None, "ms", 300, queries=answer.queries),
    ]  # fmt: skip


def _fill(env):
    """Multiply one product and its stock by statements; the ORM would take minutes."""
    company = env.company
    stores = env["stock.warehouse"].create(
        [
            {"name": f"Bench {number}", "code": f"Q{number}", "is_store": True}
            for number in range(STORES)
        ]
    )
    env.user.retail_store_id = stores[0]
    product = env["product.product"].create({"name": "Bench goods", "is_storable": True})
    env.flush_all()
    _multiply(env, "product_template", product.product_tmpl_id.id, {
        "name": SQL("jsonb_build_object('en_US', 'Bench goods ' || n)"),
        "retail_mnemonic": SQL("'BQS' || n"),
        "retail_name_index": SQL("' bqs' || n"),
    })  # fmt: skip
    _multiply(env, "product_product", product.id, {
        "product_tmpl_id": SQL(
            "(SELECT id FROM product_template WHERE retail_mnemonic = 'BQS' || n)"
        ),
        "default_code": SQL("'STOCK-' || n"),
    })  # fmt: skip
    for store in stores:
        env.cr.execute(
            SQL(
                """
                INSERT INTO stock_quant
                       (product_id, company_id, location_id, quantity, reserved_quantity, in_date)
                SELECT id, %s, %s, id %% 7, 0, now()
                  FROM product_product WHERE default_code LIKE 'STOCK-%%' AND id %% 2 = 0
                """,
                company.id,
                store.lot_stock_id.id,
            )
        )
    env.cr.execute("ANALYZE product_template, product_product, stock_quant")
    env.invalidate_all()


def _multiply(env, table, record_id, changed):
    """Copy a row PRODUCTS times, with these columns made of the copy's number `n`."""
    names = [
        name
        for (name,) in env.execute_query(
            SQL(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
                " AND NOT attisdropped AND attname != 'id'",
                table,
            )  # fmt: skip
        )
    ]
    columns = SQL(", ").join(SQL.identifier(name) for name in names)
    values = SQL(", ").join(changed.get(name, SQL.identifier("one", name)) for name in names)
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s one, generate_series(1, %s) n WHERE one.id = %s",
            SQL.identifier(table),
            columns,
            values,
            SQL.identifier(table),
            PRODUCTS,
            record_id,
        )  # fmt: skip
    )
