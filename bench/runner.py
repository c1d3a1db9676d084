"""Runs the benchmarks in an Odoo shell, on a database with all our addons."""

import importlib
import json
import time
from pathlib import Path

# Module -> the names it measures; a module takes the environment if it needs Odoo.
MODULES = {
    "promotions": (
        "promotions.plain.",
        "promotions.discounted.",
        "promotions.growth.",
        "promotions.engine.",
    ),
    "limits": ("limits.",),
    "recommend_quality": ("recommend.quality.",),
    "recommend_cost": ("recommend.fit", "recommend.increment", "recommend.call"),
    "forecast": ("forecast.",),
    "till_start": ("till.start.",),
    "privacy": ("privacy.",),
    "member_import": ("import.members", "import.unchanged"),
    "product_import": ("import.products",),
    "members": ("members.",),
    "stock_answer": ("stock.",),
    "insight": ("rfm.", "churn."),
    "care": ("care.",),
    "till_scan": ("promotions.till.scan",),
}


def main(env, wanted: str, out: str) -> None:
    """Run what matches the beginning of a name (all for "") and write {rows, whole} as JSON."""
    rows = []
    for module, names in MODULES.items():
        if any(name.startswith(wanted) or wanted.startswith(name) for name in names):
            print(f"  measuring {module} ...", end="", flush=True)
            start = time.monotonic()
            found = importlib.import_module(f"bench.{module}").run(env)
            rows += [row for row in found if row["name"].startswith(wanted)]
            env.cr.rollback()
            env.invalidate_all()
            print(f" {time.monotonic() - start:.0f} s", flush=True)
            # After each module, so that a later one that breaks off loses nothing.
            _keep(out, rows)
    _keep(out, rows, whole=True)


def _keep(out: str, rows: list[dict], whole: bool = False) -> None:
    Path(out).write_text(json.dumps({"rows": rows, "whole": whole}))
