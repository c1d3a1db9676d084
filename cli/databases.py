"""Template databases: everything our addons depend on, installed once per set of manifests."""

import ast
from pathlib import Path

from . import debian, odoo_home, paths, server
from .locks import exclusive
from .postgres import Cluster
from .ui import say, step

# Installed beside the suite in the shop, but no dependency of an addon.
COMPANIONS = ("pos_sale_loyalty", "repair")


def manifest(addon: str) -> dict:
    return ast.literal_eval((paths.ADDONS / addon / "__manifest__.py").read_text())


def dependencies(addons: list[str]) -> list[str]:
    """The modules outside our tree that these addons need, in alphabetical order."""
    ours = set(paths.own_addons())
    seen: set[str] = set()
    todo = list(addons)
    while todo:
        for name in manifest(todo.pop())["depends"]:
            if name not in seen:
                seen.add(name)
                todo += [name] if name in ours else []
    return sorted(seen - ours)


def closure(addon: str) -> list[str]:
    """The addon and those of ours that it needs."""
    ours = set(paths.own_addons())
    found = {addon}
    todo = [addon]
    while todo:
        needed = set(manifest(todo.pop())["depends"]) & ours - found
        found |= needed
        todo += needed
    return sorted(found)


def _key(modules: list[str]) -> str:
    locks = sorted(paths.REQUIREMENTS.glob("lock-*.txt"))
    pins = [f"{pin}" for pin in debian.pins()]
    return paths.digest(*locks, *pins, *modules, str(odoo_home.library()))


def template(cluster: Cluster, modules: list[str], grown: bool = False) -> str:
    """The name of a database with these modules installed and no demo data; made if missing.

    `grown`: made from the template of an addon that needs fewer of them, made if missing, too.
    That pays where several are needed.
    """
    name = f"template_{_key(modules)}"
    with exclusive(cluster.folder / f"{name}.lock"):
        if not cluster.exists(name):
            _drop_stale(cluster)
            building = f"{name}_building"
            server.drop_database(cluster, building)
            missing = _grow(cluster, building, modules) if grown else modules
            log = _fresh(paths.run_folder() / f"{name}.log")
            with step(
                f"installing {len(missing)} of {len(modules)} modules that we build on (once)"
            ):
                words = ["-d", building, "--without-demo", "-i", ",".join(missing),
                         "--stop-after-init", "--http-port", str(server.free_port())]  # fmt: skip
                server.odoo(cluster, words, log, with_ours=False)
            files = server.data_folder(cluster) / "filestore"
            (files / building).mkdir(parents=True, exist_ok=True)
            (files / building).rename(files / name)
            cluster.rename(building, name)
    return name


def _grow(cluster: Cluster, building: str, modules: list[str]) -> list[str]:
    """Copy the template of the addon that needs most of the modules; return those missing."""
    sets = {tuple(dependencies(closure(addon))) for addon in paths.own_addons()}
    smaller = [names for names in sets if set(names) < set(modules)]
    if not smaller:
        return modules
    most = list(max(smaller, key=lambda names: (len(names), names)))
    server.copy_database(cluster, template(cluster, most, grown=True), building)
    return [name for name in modules if name not in most]


KEPT_TEMPLATES = 20  # one per addon alone, one for all, of two states of the tree


def _drop_stale(cluster: Cluster) -> None:
    """Keep the newest templates only."""
    query = "SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%' ORDER BY oid DESC"
    for name in cluster.sql(query)[KEPT_TEMPLATES:]:
        if "building" not in name:
            say(f"  dropping the old {name}")
            server.drop_database(cluster, name)


def _fresh(path: Path) -> Path:
    path.unlink(missing_ok=True)
    return path
