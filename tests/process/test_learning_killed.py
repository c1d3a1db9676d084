"""Learning in a real job: the server is killed in the middle; it is done again, whole."""

import time

from test_import_killed import RETRY_SECONDS, wait_for

from cli import paths, server

LINES = 400_000

PREPARE = f"""
env.cr.execute("UPDATE ir_cron SET active = false")
store = env["stock.warehouse"].search([], limit=1)
products = env["product.product"].create([{{"name": f"Killed {{n}}"}} for n in range(600)])
env.flush_all()
env.cr.execute(
    '''INSERT INTO retail_sale_fact (source_model, source_line, event, basket, sold_at, day,
                                      company_id, store_id, product_id, qty, currency_id)
       SELECT 'killed', n::text, 'sold', 'killed,' || n / 8, now(), current_date - 1 - n / 8 %% 300,
              %s, %s, (%s::int[])[1 + (n::bigint * 7919 + n / 8) %% 600], 1, %s
         FROM generate_series(1, {LINES}) n''',
    [env.company.id, store.id, products.ids, env.company.currency_id.id])
env["retail.recommendation.model"]._of_company(env.company)._enqueue(full=True)
"""


def test_a_killed_learning_leaves_nothing_half_and_is_done_again(cluster, database, shell):
    log = paths.run_folder() / "learning_killed.log"
    log.unlink(missing_ok=True)
    shell(PREPARE)

    def one(query: str) -> str:
        return cluster.sql(query, database)[0]

    def job() -> str:
        return one("SELECT state FROM queue_job")

    with server.serving(cluster, database, server.free_port(), log) as process:
        assert wait_for(lambda: job() == "started", 120), "the learning didn't start"
        time.sleep(0.5)
        process.kill()
        process.wait()
    assert job() == "started", "killed too late to prove anything"
    assert one("SELECT count(*) FROM retail_recommendation_neighbour") == "0"
    assert one("SELECT state FROM retail_recommendation_model") == "new"
    with server.serving(cluster, database, server.free_port(), log):
        assert wait_for(lambda: job() == "done", RETRY_SECONDS), "not done again"
    assert int(one("SELECT count(*) FROM retail_recommendation_neighbour")) > 600
    assert one("SELECT basket_count FROM retail_recommendation_model") == str(LINES // 8 + 1)
    assert one("SELECT state FROM retail_recommendation_model") == "learned"
