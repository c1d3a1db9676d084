"""./retail lint: style, the traps of Odoo 19, translations, containers."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from . import odoo_home, paths, python_env
from .ui import say

ENGINES = "addons/*/*_engine"


def lint() -> int:
    """Run every linter; returns 1 when one of them finds something."""
    python = python_env.lint_python()
    tools = python.parent
    env = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', '')}"}
    failed = [title for title, command in _checks(tools) if not _run(title, command, env)]
    say(f"{len(failed)} of {len(_checks(tools))} checks failed" if failed else "lint: all clean")
    return 1 if failed else 0


def _checks(tools: Path) -> list[tuple[str, Sequence[str | Path]]]:
    addons = [paths.ADDONS / name for name in paths.own_addons()]
    engines = sorted(paths.ROOT.glob(ENGINES))
    return [
        ("ruff", [tools / "ruff", "check", "."]),
        ("ruff format", [tools / "ruff", "format", "--check", "."]),
        ("codespell", [tools / "codespell"]),
        *((f"mypy on {engine.name}", _types(tools, engine)) for engine in engines),
        ("pylint-odoo", [tools / "pylint", "--rcfile=.pylintrc", *addons]),
        ("oca-checks-odoo-module", [tools / "oca-checks-odoo-module", *addons]),
        ("hadolint", [tools / "hadolint", "--failure-threshold", "warning",
                      "docker/Dockerfile"]),
        ("compose schema", [tools / "check-jsonschema", "--builtin-schema",
                            "vendor.compose-spec", "docker/compose.yaml"]),
        ("odoo upgrade_code", _upgrade_code()),
    ]  # fmt: skip


def _types(tools: Path, engine: Path) -> list[str | Path]:
    """Strict typing of one engine, seen as the package that it is outside Odoo."""
    return [
        "env", f"MYPYPATH={engine.parent}", tools / "mypy", "--strict", "--python-executable",
        python_env.odoo_python(), "-p", engine.name,
    ]  # fmt: skip


def _upgrade_code() -> list[str | Path]:
    """Odoo's own list of mechanical changes since 17; it fails when something is left to do."""
    return [
        "env", f"PYTHONPATH={odoo_home.library()}", python_env.odoo_python(),
        paths.ROOT / "cli" / "launch_odoo.py", f"--addons-path={python_env.addons_path()}",
        "upgrade_code", "--from", "17.0", "--dry-run", "--glob", "*retail*/**/*",
    ]  # fmt: skip


def _run(title: str, command: Sequence[str | Path], env: dict[str, str]) -> bool:
    words = [str(word) for word in command]
    done = subprocess.run(
        words, cwd=paths.ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    say(f"{'ok    ' if not done.returncode else 'FAILED'} {title}")
    if done.returncode:
        say("\n".join(done.stdout.strip().splitlines()[-40:]))
    return not done.returncode
