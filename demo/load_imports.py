"""Files that come in through the imports users have: sales history and the order intake."""

import base64
from pathlib import Path

from . import load_jobs


class ImportRefused(RuntimeError):
    """An import of the demo shop's own files left rows behind."""


def start_history(env, files: list[Path], user, with_runner: bool):
    """Import the history files into the table of what was sold: begun only, with a job runner.

    Return the runs for `finish`.
    """
    return _start(env, env.ref("retail_crm.import_profile_history"), files, user, with_runner)


def import_orders(env, path: Path, source, user, with_runner: bool, log):
    """Take the orders of the file in. Return the sales orders."""
    finish(env, _start(env, source.profile_id, [path], user, with_runner), with_runner, log)
    return env["sale.order"].search([("intake_source_id", "=", source.id)], order="intake_date, id")


def make_order_source(env, store):
    """Create the source that the demo shop's orders come from."""
    return env["retail.order.source"].create(
        {
            "name": "Ordering App",
            "code": "app",
            "channel_id": env.ref("retail_crm.channel_web").id,
            "store_id": store.id,
        }
    )


def finish(env, runs, with_runner: bool, log) -> int:
    """Wait for runs that were begun, and check them. Return the number of their rows."""
    if with_runner:
        load_jobs.wait_for_jobs(env, progress=_Progress(runs, log))
    for run in runs:
        _check(run)
    return sum(runs.mapped("total_count"))


def _start(env, profile, files, user, with_runner):
    runs = env["retail.import.run"].with_user(user)
    for path in files:
        runs |= runs.create(
            {
                "profile_id": profile.id,
                "file": base64.b64encode(path.read_bytes()),
                "file_name": path.name,
            }
        )
    if with_runner:
        runs.action_start()
        load_jobs.commit(env)
    else:
        for run in runs:
            run._run_now()
    return runs


class _Progress:
    """Tells the progress of runs, once per change."""

    def __init__(self, runs, log):
        self.runs, self.log, self.told = runs, log, ""

    def __call__(self):
        text = ", ".join(f"{run.file_name} {run.progress:.0f} %" for run in self.runs)
        if text != self.told:
            self.log(f"  {text}")
            self.told = text


def _check(run):
    if run.state != "done" or run.error_count:
        bad = run.row_ids.filtered(lambda row: row.state == "error")[:3]
        reasons = "; ".join(f"line {row.line_number}: {row.message}" for row in bad)
        raise ImportRefused(
            f"{run.file_name}: {run.state}, {run.error_count} rows with errors. "
            f"{run.message or ''} {reasons}"
        )
