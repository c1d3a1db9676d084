"""Habits of older Odoo versions that fail silently in 19, and things that must not be committed."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HIDDEN = {".git", "__pycache__", ".hypothesis", "lib"}  # "lib": vendored scripts
OWN = (".py", ".xml", ".js", ".scss", ".csv")
FORBIDDEN = {
    "python": r"_sql_constraints|\bname_get\(|_name_search\(|\.read_group\(|odoo\.osv"
    r"|user_has_groups|groups_id\b|_check_recursion|self\._cr\b|self\._uid\b|self\._context\b"
    r"|SavepointCase|auto_join|group_operator|type=.json.[,)]|@api\.returns|odoo\.registry\(",
    "views": r"<tree|attrs=\"|states=\"|kanban-box|oe_chatter|t-esc|t-raw|numbercall|doall"
    r"|category_id.*module_category_hidden",
    "client": r"publicWidget|/\*\* @odoo-module|useService\(.rpc.\)|t-esc|t-raw",
}
SUFFIXES = {"python": (".py",), "views": (".xml",), "client": (".js",)}
COMMIT = r"\bcr\.commit\("
UNFINISHED = r"#\s*(TODO|FIXME|XXX|HACK)\b|//\s*(TODO|FIXME|XXX|HACK)\b|NotImplementedError"
SKIPS = r"pytest\.mark\.skip|@unittest\.skip|self\.skipTest|pytest\.skip\("
MACHINE = r"(^|[^\w./$}{-])/(work|farm|root|home/\w+)/\w"
HOSTS = r"deb\.debian\.org|pypi\.org|pythonhosted|registry\.npmjs|snapshot\.debian"


def tracked(*folders: str) -> list[Path]:
    """The files that git tracks or would track; all files where there is no git."""
    if shutil.which("git") and (ROOT / ".git").exists():
        words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *folders]
        listing = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
        files = [ROOT / name for name in listing.stdout.splitlines()]
    else:
        files = [path for folder in folders or (".",) for path in (ROOT / folder).rglob("*")]
    return [path for path in files if path.is_file() and not HIDDEN & set(path.parts)]


def hits(pattern: str, files: list[Path]) -> list[str]:
    found = []
    for path in files:
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if re.search(pattern, line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    return found


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_no_habit_of_older_odoo(kind):
    files = [path for path in tracked("addons") if path.suffix in SUFFIXES[kind]]
    assert hits(FORBIDDEN[kind], files) == []


def test_no_commit_inside_a_transaction():
    files = [path for path in tracked("addons") if path.suffix == ".py"]
    assert hits(COMMIT, files) == []


@pytest.mark.parametrize("pattern", [UNFINISHED, SKIPS])
def test_nothing_unfinished_and_nothing_skipped(pattern):
    me = Path(__file__).resolve()
    files = [path for path in tracked("addons", "tests", "cli", "demo", "bench")
             if path.suffix in OWN and path != me]  # fmt: skip
    assert hits(pattern, files) == []


@pytest.mark.parametrize("pattern", [MACHINE, HOSTS])
def test_no_path_of_one_machine_and_no_host_of_a_registry(pattern):
    me = Path(__file__).resolve()
    files = [path for path in tracked() if path != me and path.suffix not in (".png", ".lock")]
    assert hits(pattern, files) == []


def test_no_large_file():
    large = [path for path in tracked() if path.stat().st_size > 1_500_000]
    assert large == []
