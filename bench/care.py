"""Care of 100,000 members in one run, beside bare SQL that writes as many tasks.

Times are wall-clock: PostgreSQL does half of the work, in a process of its own.
"""

import statistics
import time
import tracemalloc

from odoo.tools import SQL

from .measure import cost, result
from .members import MEMBERS, make_facts, make_members

SILENT_DAYS = 60
STORES = 10
GUIDES = 20


def run(env):
    """Return the rows `care.generate*`."""
    make_members(env)
    make_facts(env)
    strategy = _make_strategy(env)
    return [_whole_run(env, strategy), _again(env, strategy), *_steps(env, strategy)]


# === MEASURED === #


def _whole_run(env, strategy):
    """All tasks of a strategy that nearly every member has an occasion for."""
    peer = cost(lambda: _bare_tasks(env, strategy), env, lambda: _forget_tasks(env), runs=3)
    ours = cost(strategy._generate, env, lambda: _forget_tasks(env), runs=3)
    judged = strategy.task_count + strategy.held_count
    if judged < 0.9 * MEMBERS:
        raise RuntimeError(f"only {judged} members were judged")
    return result("care.generate", ours.wall, peer.wall, "s", 5,
                  queries=f"{ours.queries} / {peer.queries}", runs=3)  # fmt: skip


def _again(env, strategy):
    """The same day once more: everybody has the task."""
    made = strategy.task_count
    ours = cost(strategy._generate, env, lambda: _cold(env), runs=3)
    if strategy.task_count != made:
        raise RuntimeError("a run that is repeated made tasks")
    return result("care.generate.again.ms", ours.wall * 1000, None, "ms", 20_000,
                  queries=str(ours.queries), runs=3)  # fmt: skip


def _steps(env, strategy):
    """The last steps beside the first ones, and the most that one of them keeps in memory."""
    _forget_tasks(env)
    opened = env["retail.care.run"]._open(strategy, strategy._today())
    opened._restart()
    seconds = []
    while opened.state != "done":
        start = time.perf_counter()
        opened._step()
        seconds.append(time.perf_counter() - start)
        _cold(env)
    whole = seconds[:-1]  # the last one is short
    first, last = (statistics.median(part) for part in (whole[:5], whole[-5:]))
    opened._restart()
    _forget_tasks(env)
    tracemalloc.start()
    opened._step()
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return [
        result("care.generate.growth", last, first, "s per step", 3, runs=len(whole)),
        result("care.generate.memory.mb", peak, None, "MB", 50, runs=1),
    ]


def _cold(env):
    env.flush_all()
    env.invalidate_all()


def _forget_tasks(env):
    env.flush_all()
    env.cr.execute("DELETE FROM retail_care_task")
    env.cr.execute("DELETE FROM retail_care_held")
    env.invalidate_all()


def _bare_tasks(env, strategy):
    """One task for each silent member by one statement, without plan, consent, cap or guide."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO retail_care_task
                   (strategy_id, company_id, partner_id, form, occasion, due_date, state, tries)
            SELECT %(strategy)s, %(company)s, partner_id, 'call', max(day)::text, %(today)s,
                   'assigned', 0
              FROM retail_sale_fact WHERE partner_id IS NOT NULL AND event = 'sold'
             GROUP BY partner_id HAVING max(day) <= %(today)s::date - %(days)s
            """,
            strategy=strategy.id,
            company=strategy.company_id.id,
            today=strategy._today(),
            days=SILENT_DAYS,
        )
    )


# === MADE === #


def _make_strategy(env):
    """A strategy with two variants and members held out; guides and stores are shared out."""
    stores = env["stock.warehouse"].create(
        [{"name": f"Bench {n}", "code": f"B{n:03}", "is_store": True} for n in range(STORES)]
    )
    guides = env["res.users"].create(
        [
            {
                "name": f"Guide {n}",
                "login": f"bench{n}",
                "group_ids": [(4, env.ref("retail_crm.group_guide").id)],
                "retail_store_ids": [(4, stores[n % STORES].id)],
            }
            for n in range(GUIDES)
        ]
    )
    env.flush_all()
    env.cr.execute(
        """UPDATE res_partner
              SET retail_store_id = (%s::int[])[id %% %s + 1],
                  retail_guide_id = (%s::int[])[id %% %s + 1],
                  retail_consent_mail = id %% 2 = 0, retail_consent_phone = TRUE
            WHERE member_code LIKE 'BENCH-%%'""",
        [stores.ids, STORES, guides.ids, GUIDES],
    )
    # The bought days were shared out over two years: take the last two months away.
    env.cr.execute("DELETE FROM retail_sale_fact WHERE day > current_date - %s::int", [SILENT_DAYS])
    env.cr.execute("ANALYZE res_partner")
    env.cr.execute("ANALYZE retail_sale_fact")
    env.invalidate_all()
    return env["retail.care.strategy"].create(
        {
            "name": "Bench",
            "days": SILENT_DAYS,
            "holdout_percent": 10,
            "plan_ids": [
                (0, 0, {"form": "call", "variant": "A"}),
                (0, 0, {"form": "visit", "variant": "B"}),
            ],
        }
    )
