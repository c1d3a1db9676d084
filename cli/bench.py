"""./retail bench: our figure beside the peer's in the same run."""

import datetime
import json
import os
import platform
import subprocess
from pathlib import Path

from . import databases, paths, postgres, python_env, server, tests
from .ui import Failure, run, say

# The peer of our recommendations; nothing of ours depends on it.
PEER_ADDON = "sale_order_product_recommendation"
RUNNER = """
import os, sys
sys.path.insert(0, os.environ["DAOGOU_CHECKOUT"])
from bench.runner import main
main(env, os.environ["DAOGOU_BENCH"], os.environ["DAOGOU_BENCH_OUT"])
"""


def bench(name: str) -> int:
    """Run the benchmarks whose name begins with `name`; a whole run writes docs/bench.*."""
    out = paths.run_folder() / "bench.json"
    out.unlink(missing_ok=True)
    with postgres.bench().running() as cluster:
        database = tests.full_template(tests.Run(tests.STANDARD, False), cluster)
        peer = f"{database}_peer"
        server.copy_database(cluster, databases.template(cluster, tests.all_modules()), peer)
        try:
            port = str(server.free_port())
            install = ["-d", database, "-i", PEER_ADDON, "--stop-after-init", "--http-port", port]
            server.odoo(cluster, install, out.with_suffix(".log"))
            _measure(cluster, database, peer, name, out)
        finally:
            server.drop_database(cluster, database)
            server.drop_database(cluster, peer)
    results = json.loads(out.read_text()) if out.exists() else {"rows": [], "whole": False}
    _print(results["rows"])
    # Odoo ends with 0 on some signals: only its own last word tells that the run is whole.
    if not results["whole"]:
        raise Failure("the benchmarks broke off; see above")
    if not name:
        _write(results["rows"])
    return 0


def _measure(cluster: postgres.Cluster, database: str, peer: str, name: str, out: Path) -> None:
    env = {
        **server.environment(cluster),
        "DAOGOU_BENCH": name,
        "DAOGOU_BENCH_PEER": peer,
        "DAOGOU_BENCH_OUT": str(out),
    }
    # Some peers need more memory than a web worker may have.
    words = ["shell", "-d", database, "--no-http", "--log-level=error", "--limit-memory-hard=0"]
    line = server.command(cluster, words)
    subprocess.run(line, input=RUNNER, text=True, env=env, cwd=paths.ROOT, check=False)


def _print(results: list[dict]) -> None:
    say(f"{'name':<36}{'ours':>12}{'peer':>12}{'ratio':>9}{'aim':>8}  queries")
    for row in results:
        say(
            f"{row['name']:<36}{_short(row['ours']):>12}{_short(row['peer']):>12}"
            f"{_short(row['ratio']):>9}{_short(row['aim']):>8}  {row.get('queries') or ''}"
        )


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def _write(results: list[dict]) -> None:
    report = {
        "at": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "commit": run(["git", "rev-parse", "--short", "HEAD"], cwd=paths.ROOT).strip(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, "
        f"Python {python_env.interpreter()[1]}",
        "results": results,
    }
    docs = paths.ROOT / "docs"
    (docs / "bench.json").write_text(json.dumps(report, indent=1) + "\n")
    lines = [
        "# Benchmarks",
        "",
        f"Written by `./retail bench` at {report['at']}, commit {report['commit']}, "
        f"{report['machine']}. `ratio` is ours / peer unless the name says quality, growth or "
        "ms. Machines differ: compare ratios, not times.",
        "",
        "| name | ours | peer | unit | ratio | aim | queries | runs |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in results:
        cells = [row["name"], _short(row["ours"]), _short(row["peer"]), row["unit"],
                 _short(row["ratio"]), _short(row["aim"]), str(row.get("queries") or ""),
                 str(row["runs"])]  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    (docs / "bench.md").write_text("\n".join(lines) + "\n")
