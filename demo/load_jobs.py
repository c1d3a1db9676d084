"""Background jobs of the loader: by the server's job runner, or in place when there is none."""

import time

# The lock that OCA queue_job's runner holds on each database it serves.
RUNNER_LOCK = 2293787760715711918
POLL_SECONDS = 2
OPEN_STATES = ("wait_dependencies", "pending", "enqueued", "started")
JOBS_TIMEOUT = 1200  # seconds


class JobsFailed(RuntimeError):
    """Jobs failed or were not done in time."""


def has_runner(env) -> bool:
    """Tell whether a job runner serves this database now."""
    env.cr.execute(
        """SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database
            WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.granted
              AND ((l.classid::bigint << 32) | l.objid::bigint) = %s""",
        [RUNNER_LOCK],
    )
    return bool(env.cr.fetchone())


def commit(env) -> None:
    """Make what was loaded visible to other processes, and the planner aware of it.

    Without ANALYZE the statistics of tables that were empty a minute ago lead PostgreSQL to
    plans that take minutes.
    """
    env.flush_all()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    env.registry.signal_changes()
    env.invalidate_all()


def wait_for_jobs(env, timeout=JOBS_TIMEOUT, progress=lambda: None) -> None:
    """Wait until no job is open, calling `progress` now and then. Raises JobsFailed."""
    deadline = time.monotonic() + timeout
    while True:
        env.cr.commit()  # a new snapshot: other processes write what we look for
        env.invalidate_all()
        _raise_failed(env)
        env.cr.execute("SELECT count(*) FROM queue_job WHERE state = ANY(%s)", [list(OPEN_STATES)])
        (count,) = env.cr.fetchone()
        progress()
        if not count:
            return
        if time.monotonic() > deadline:
            raise JobsFailed(f"{count} jobs are still open after {timeout} seconds")
        time.sleep(POLL_SECONDS)


def _raise_failed(env) -> None:
    env.cr.execute(
        "SELECT name, exc_name, exc_message FROM queue_job WHERE state = 'failed' ORDER BY id"
    )
    failed = env.cr.fetchall()
    if failed:
        name, error, message = failed[0]
        raise JobsFailed(f"{len(failed)} jobs failed; the first: {name}: {error}: {message}")
