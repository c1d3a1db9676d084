"""Learning in a real job: the server is killed in the middle; it goes on from the last part."""

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


OUTCOME = """
SELECT md5(string_agg(neighbour::text, ';' ORDER BY product_id, neighbour_id))
  FROM (SELECT product_id, neighbour_id, rank, basket_count, product_count, neighbour_count,
               support, confidence, lift, cosine
          FROM retail_recommendation_neighbour) neighbour
"""
ANEW = """
learner = env["retail.recommendation.model"]._of_company(env.company)
assert learner._learn(full=True) == "full"
assert learner.taken_over_count == 0 and learner.part_count > 2
"""


def test_a_killed_learning_goes_on_and_ends_as_an_undisturbed_one(cluster, database, shell):
    log = paths.run_folder() / "learning_killed.log"
    log.unlink(missing_ok=True)
    shell(PREPARE)

    def one(query: str) -> str:
        return cluster.sql(query, database)[0]

    def count(table: str) -> int:
        return int(one(f"SELECT count(*) FROM retail_recommendation_{table}"))

    def job() -> str:
        return one("SELECT state FROM queue_job")

    with server.serving(cluster, database, server.free_port(), log) as process:
        assert wait_for(lambda: count("part") > 0, 120), "no part was counted"
        process.kill()
        process.wait()
    done_before = count("part")
    assert job() == "started", "killed too late to prove anything"
    assert count("neighbour") == count("popularity") == 0
    assert one("SELECT state FROM retail_recommendation_model") == "new"
    with server.serving(cluster, database, server.free_port(), log):
        assert wait_for(lambda: job() == "done", RETRY_SECONDS), "not done again"
        assert wait_for(lambda: count("part") == 0, 10), "parts are left"
    learned = "SELECT state, basket_count, taken_over_count, part_count > taken_over_count"
    assert one(f"{learned} FROM retail_recommendation_model") == (
        f"learned|{LINES // 8 + 1}|{done_before}|t"
    )
    assert count("neighbour") > 600
    resumed = one(OUTCOME)
    shell("env['retail.recommendation.neighbour'].search([]).unlink()" + ANEW)
    assert one(OUTCOME) == resumed
