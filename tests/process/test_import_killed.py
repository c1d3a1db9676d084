"""A history import in real jobs: the server is killed in the middle, nothing is lost or doubled."""

import base64
import time

from cli import paths, server

LINES = 20_000
RETRY_SECONDS = 150

PREPARE = """
import base64
env.cr.execute("UPDATE ir_cron SET active = false")
store = env["stock.warehouse"].search([], limit=1)
store.write({{"is_store": True, "code": "KS1"}})
env["product.product"].create({{"name": "Killed", "default_code": "K-1"}})
profile = env["retail.import.profile"].create({{"name": "Killed", "target": "history",
                                                "company_id": env.company.id}})
run = env["retail.import.run"].create({{
    "profile_id": profile.id, "file": {content!r}, "file_name": "history.csv",
    "company_id": env.company.id}})
run.action_start()
"""


def history() -> str:
    """A file of LINES receipts with one line each, as base64 text."""
    header = "Receipt,Line,Date,Store,Member,Product,Quantity,Discount,Amount,Kind\n"
    lines = (
        f"K{number:06},1,2025-03-10 04:30:00,KS1,,K-1,2,0.00,20.00,Sale\n"
        for number in range(LINES)
    )
    return base64.b64encode((header + "".join(lines)).encode()).decode()


def facts(cluster, database: str) -> int:
    return int(cluster.sql("SELECT count(*) FROM retail_sale_fact", database)[0])


def state(cluster, database: str) -> str:
    return cluster.sql("SELECT state FROM retail_import_run", database)[0]


def wait_for(condition, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.2)
    return False


def test_a_killed_server_resumes_and_counts_once(cluster, database, shell):
    log = paths.run_folder() / "killed.log"
    log.unlink(missing_ok=True)
    shell(PREPARE.format(content=history()))
    with server.serving(cluster, database, server.free_port(), log) as process:
        assert wait_for(lambda: facts(cluster, database) > 0, 120), "no batch was imported"
        process.kill()
        process.wait()
    before = facts(cluster, database)
    assert before < LINES, "killed too late to prove anything"
    assert before % 100 == 0, "a batch was left half made"
    with server.serving(cluster, database, server.free_port(), log):
        assert wait_for(lambda: state(cluster, database) == "done", RETRY_SECONDS), "not resumed"
    assert facts(cluster, database) == LINES
    distinct = cluster.sql("SELECT count(DISTINCT source_line) FROM retail_sale_fact", database)
    assert int(distinct[0]) == LINES
