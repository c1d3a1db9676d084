"""./retail demo: the whole shop, from nothing to a web client one can log in to."""

import os
import shutil
import subprocess
import time
from pathlib import Path

from . import databases, paths, postgres, python_env, server, system
from .locks import exclusive
from .postgres import Cluster
from .ui import Failure, run, say, step, tail

DATABASE = "daogou_demo"
BEFORE = "daogou_demo_before"  # a shop that was made of other addons
ROLES = (
    ("guide", "shop guide: members, recommendations, care tasks"),
    ("cashier", "cashier: the till"),
    ("service", "customer service: complaints, communications"),
    ("promotion", "promotion manager"),
    ("clerk", "order clerk: order intake"),
    ("manager", "store manager"),
    ("accountant", "accountant"),
    ("admin", "system administrator"),
    ("member", "a member, who sees the own requests in the portal"),
)
LOADER = """
import os, sys
sys.path.insert(0, os.environ["DAOGOU_CHECKOUT"])
from demo.load import load
load(env, os.environ["DAOGOU_DEMO_FILES"], lambda text: print("    " + text, flush=True))
env.cr.commit()
open(os.environ["DAOGOU_DEMO_LOADED"], "w").close()
print("    the shop is loaded", flush=True)
"""
MEGABYTES_NEEDED = 4000


def demo(port: int, fresh: bool, build_only: bool) -> int:
    """Prepare whatever is missing, then serve until Ctrl-C."""
    start = time.monotonic()
    say("Daogou demo shop")
    if not build_only:
        server.free_port(port)
    _check_disk()
    system.ensure_printing()
    with postgres.demo().running() as cluster:
        with exclusive(cluster.folder / "demo.lock"):
            prepared = _prepared(cluster)
            _copy_where_needed(cluster, prepared, fresh)
        if build_only:
            say(f"ready after {time.monotonic() - start:.0f} s")
            return 0
        return _serve(cluster, port, start)


def _copy_where_needed(cluster: Cluster, prepared: str, fresh: bool) -> None:
    """Serve a copy of the prepared shop; one of other addons steps aside with what is in it."""
    if cluster.exists(DATABASE) and not fresh:
        if _made_from(cluster) == prepared:
            return
        say(f"  the addons have changed: the shop of before is kept as {BEFORE}")
        server.rename_database(cluster, DATABASE, BEFORE)
    with step("copying the prepared shop"):
        server.copy_database(cluster, prepared, DATABASE)
        cluster.sql(f"COMMENT ON DATABASE {DATABASE} IS '{prepared}'")


def _made_from(cluster: Cluster) -> str:
    """The prepared shop that the served one was copied from."""
    found = cluster.sql(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
        f" WHERE datname = '{DATABASE}'"
    )
    return "".join(found)


def _check_disk() -> None:
    free = shutil.disk_usage(paths.cache()).free // 1_000_000
    if free < MEGABYTES_NEEDED and not (paths.cache() / "odoo").exists():
        raise Failure(
            f"{paths.cache()} has {free} MB free and about {MEGABYTES_NEEDED} MB are needed: free "
            "some space, or set DAOGOU_CACHE to a folder on a larger disk."
        )


def _prepared(cluster: Cluster) -> str:
    """The untouched demo shop of this state of the addons, built and cached when missing."""
    name = f"shop_{_tree_key()}"
    if not cluster.exists(name):
        building = f"{name}_building"
        _build(cluster, building)
        server.rename_database(cluster, building, name)
        _drop_other_shops(cluster, name)
    return name


def _tree_key() -> str:
    """A key over all that the demo shop is made of."""
    files = [
        path
        for folder in (paths.ADDONS, paths.ROOT / "demo")
        for path in folder.rglob("*")
        if path.is_file() and "tests" not in path.parts and path.suffix not in (".pyc", ".md")
    ]
    parts: list[str | Path] = []
    for path in sorted(files):
        parts += [str(path.relative_to(paths.ROOT)), path]
    return paths.digest(*parts)


def _drop_other_shops(cluster: Cluster, kept: str) -> None:
    for name in cluster.sql("SELECT datname FROM pg_database WHERE datname LIKE 'shop\\_%'"):
        if name != kept:
            server.drop_database(cluster, name)


def _build(cluster: Cluster, name: str) -> None:
    ours = paths.own_addons()
    modules = sorted({*databases.dependencies(ours), *databases.COMPANIONS})
    template = databases.template(cluster, modules)
    logs = paths.run_folder()
    log = logs / "demo-build.log"
    log.unlink(missing_ok=True)
    with step("installing the suite in English and both Chinese"):
        server.copy_database(cluster, template, name)
        port = str(server.free_port())
        server.odoo(cluster, ["-d", name, "-i", ",".join(ours), "--stop-after-init",
                            "--http-port", port], log)  # fmt: skip
        server.odoo(cluster, ["i18n", "loadlang", "-d", name, "-l", "zh_CN", "zh_TW"], log)
    files = _input_files(logs / "demo-files")
    say("  loading the shop through the imports that its users have")
    # The server and its job runner come first: jobs run as they do in a shop.
    with server.serving(cluster, name, server.free_port(), log):
        _load(cluster, name, files, log)


def _input_files(folder: Path) -> Path:
    with step("writing the shop's files from real grocery baskets"):
        shutil.rmtree(folder, ignore_errors=True)
        run([python_env.odoo_python(), "-m", "demo", folder], cwd=paths.ROOT)
    return folder


def _load(cluster: Cluster, name: str, files: Path, log: Path) -> None:
    loaded = files / "loaded"
    env = {
        **server.environment(cluster),
        "DAOGOU_DEMO_FILES": str(files),
        "DAOGOU_DEMO_LOADED": str(loaded),
    }
    line = server.command(cluster, ["shell", "-d", name, "--no-http"])
    with log.open("ab") as sink:
        subprocess.run(line, input=LOADER, text=True, env=env, stderr=sink, check=False)
    # Odoo ends with 0 on some signals: only the loader's last word tells that it came to its end.
    if not loaded.exists():
        raise Failure(f"The demo shop could not be loaded:\n{tail(log)}\n  The whole log: {log}")


def _serve(cluster: Cluster, port: int, start: float) -> int:
    log = paths.run_folder() / "demo.log"
    with server.serving(cluster, DATABASE, port, log) as process:
        say(f"\nReady after {time.monotonic() - start:.0f} s: http://localhost:{port}/odoo\n")
        say("Log in with (password = login):")
        for login, what in ROLES:
            say(f"  {login:<12}{what}")
        say(f"\nThe log: {log}\nCtrl-C stops everything.")
        process.wait()
        raise Failure(f"Odoo stopped by itself:\n{tail(log)}")


def clean(everything: bool) -> int:
    """Remove databases and run files; with `everything`, downloads and environments too."""
    for cluster in (postgres.demo(), postgres.tests()):
        cluster.stop()
    folders = [paths.cache() / name for name in ("cluster", "run")]
    if everything:
        folders = [path for path in paths.cache().iterdir() if path.is_dir()]
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
        if folder.exists() and not os.geteuid():
            run(["rm", "-rf", folder])
    say("The secrets outside the cache are kept: remove them by hand if you must.")
    return 0
