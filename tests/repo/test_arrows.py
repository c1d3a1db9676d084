"""The arrows of the house: who may depend on whom, and who may import what."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ROOT / "addons"
FLOORS = {
    "retail_crm": set(),
    "retail_promo": {"retail_crm"},
    "retail_guide": {"retail_crm"},
    "retail_order": {"retail_crm"},
    "pos_retail_crm": {"retail_crm"},
    "pos_retail_promo": {"retail_promo"},
    "pos_retail_guide": {"retail_guide"},
    "livechat_retail_crm": {"retail_crm"},
}
# Bridges are named after their host: a module of Odoo that the floors know nothing of.
HOSTS = {"pos": "point_of_sale", "livechat": "im_livechat"}
BRIDGES = {addon: HOSTS[addon.split("_")[0]] for addon in FLOORS if addon.split("_")[0] in HOSTS}
ENGINES = sorted(path for path in ADDONS.glob("*/*_engine") if path.is_dir())
# What an engine may import beside the standard library.
ENGINE_LIBRARIES = {
    "promo_engine": set(),
    "draw_engine": set(),
    "guide_engine": {"numpy", "scipy"},
    "crm_engine": {
        "borax",
        "cryptography",
        "numpy",
        "openpyxl",
        "phonenumbers",
        "pypinyin",
        "scipy",
        "xlrd",
    },
}


def manifest(addon: str) -> dict:
    return ast.literal_eval((ADDONS / addon / "__manifest__.py").read_text())


def imports(path: Path) -> set[str]:
    """The dotted names a Python file imports; relative ones begin with a dot."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
    return names


def test_every_addon_has_its_place():
    assert {path.parent.name for path in ADDONS.glob("*/__manifest__.py")} == set(FLOORS)


@pytest.mark.parametrize("addon", FLOORS)
def test_an_addon_depends_only_on_the_floor_below(addon):
    assert set(manifest(addon)["depends"]) & set(FLOORS) == FLOORS[addon]


@pytest.mark.parametrize("addon", FLOORS)
def test_no_import_against_the_arrows(addon):
    allowed = {addon} | FLOORS[addon] | ({"retail_crm"} if FLOORS[addon] else set())
    for path in (ADDONS / addon).rglob("*.py"):
        for name in imports(path):
            if name.startswith("odoo.addons."):
                other = name.split(".")[2]
                assert other not in FLOORS or other in allowed, f"{path} imports {name}"


@pytest.mark.parametrize("addon", FLOORS)
def test_only_its_bridges_know_a_host(addon):
    hosts = set(HOSTS.values()) - {BRIDGES.get(addon)}
    assert not hosts & set(manifest(addon)["depends"])
    for path in (ADDONS / addon).rglob("*.py"):
        for name in imports(path):
            assert ".".join(name.split(".")[2:3]) not in hosts, f"{path} imports {name}"


@pytest.mark.parametrize("addon", BRIDGES)
def test_a_bridge_installs_itself_with_its_pair(addon):
    assert set(manifest(addon)["auto_install"]) == FLOORS[addon] | {BRIDGES[addon]}


@pytest.mark.parametrize("engine", ENGINES, ids=lambda path: path.name)
def test_an_engine_knows_no_odoo_no_clock_and_no_disk(engine):
    allowed = ENGINE_LIBRARIES[engine.name] | set(sys.stdlib_module_names)
    for path in engine.rglob("*.py"):
        for name in imports(path):
            top = name.split(".")[0]
            assert name.startswith(".") or top in allowed, f"{path} imports {name}"
            assert not name.startswith(".."), f"{path} looks outside its engine: {name}"
        calls = {
            f"{node.func.value.id}.{node.func.attr}"
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
        }
        clocks = {"datetime.now", "datetime.utcnow", "date.today", "time.time"}
        assert not calls & clocks, f"{path} reads the clock"


def test_the_promotion_engine_has_no_floats():
    for path in (ADDONS / "retail_promo" / "promo_engine").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            is_float = isinstance(node, ast.Constant) and isinstance(node.value, float)
            divides = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
            assert not is_float and not divides, f"{path}:{node.lineno} leaves the integers"
