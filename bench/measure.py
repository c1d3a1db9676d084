"""How a figure is taken: CPU seconds, the median of several runs, and the queries of one."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

RUNS = 5


@dataclass(frozen=True)
class Cost:
    """The median cost of a piece of work."""

    cpu: float  # seconds of CPU of this process (PostgreSQL works in its own)
    wall: float  # seconds
    queries: int
    runs: int


def cost(work: Callable[[], object], env=None, prepare: Callable[[], object] | None = None,
         runs: int = RUNS) -> Cost:  # fmt: skip
    """Run `work` several times after one warm-up and return the medians.

    `prepare` runs before each, outside the measured part.
    """
    cpu, wall, queries = [], [], []
    for number in range(runs + 1):
        if prepare:
            prepare()
        gc.collect()
        before = env.cr.sql_log_count if env else 0
        clock, start = time.perf_counter(), time.process_time()
        work()
        if number:  # the first only warms up
            cpu.append(time.process_time() - start)
            wall.append(time.perf_counter() - clock)
            queries.append(env.cr.sql_log_count - before if env else 0)
    return Cost(statistics.median(cpu), statistics.median(wall), int(statistics.median(queries)),
                runs)  # fmt: skip


def result(name: str, ours: float, peer: float | None, unit: str, aim: float, *,
           queries: str = "", runs: int = RUNS) -> dict:  # fmt: skip
    """One row of docs/bench.json; the ratio is ours / peer, or ours where there is no peer."""
    return {
        "name": name,
        "ours": ours,
        "peer": peer,
        "unit": unit,
        "ratio": ours / peer if peer else ours,
        "aim": aim,
        "queries": queries,
        "runs": runs,
    }
