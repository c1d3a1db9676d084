"""Manifests in order: version, licence, files named and present, everything an addon must have."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ADDONS = sorted(path.parent for path in (ROOT / "addons").glob("*/__manifest__.py"))
MUST_HAVE = (
    "readme/DESCRIPTION.md",
    "static/description/icon.png",
    "i18n/zh_CN.po",
    "i18n/zh_TW.po",
    "tests/__init__.py",
    "pyproject.toml",
)


def manifest(addon: Path) -> dict:
    return ast.literal_eval((addon / "__manifest__.py").read_text())


@pytest.fixture(params=ADDONS, ids=lambda path: path.name)
def addon(request):
    return request.param


def test_version_licence_and_author(addon):
    data = manifest(addon)
    assert re.fullmatch(r"19\.0\.\d+\.\d+\.\d+", data["version"])
    assert data["license"] == "AGPL-3"
    assert data["author"] == "Daogou"
    assert data["summary"].strip()


def test_what_every_addon_has(addon):
    assert [name for name in MUST_HAVE if not (addon / name).exists()] == []


def test_data_files_exist_and_none_is_forgotten(addon):
    named = set(manifest(addon).get("data", [])) | set(manifest(addon).get("demo", []))
    assert [name for name in named if not (addon / name).exists()] == []
    folders = ("data", "demo", "report", "security", "views", "wizards")
    present = {
        path.relative_to(addon).as_posix()
        for folder in folders
        for path in (addon / folder).glob("*.*")
        if path.suffix in (".xml", ".csv")
    }
    assert present <= named


def test_every_model_has_access_lines(addon):
    """A stored model without a line in ir.model.access.csv is open to the administrator only."""
    lines = addon / "security" / "ir.model.access.csv"
    given = lines.read_text() if lines.exists() else ""
    for path in addon.rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and _is_stored(node):
                name = _names(node).get("_name")
                if name and name not in _inherited(node):
                    assert f"model_{name.replace('.', '_')}," in given, f"{name} has no access"


def _is_stored(node: ast.ClassDef) -> bool:
    return any(ast.unparse(base) in ("models.Model", "models.TransientModel")
               for base in node.bases)  # fmt: skip


def _names(node: ast.ClassDef) -> dict[str, str]:
    return {
        target.id: item.value.value
        for item in node.body
        if isinstance(item, ast.Assign) and isinstance(item.value, ast.Constant)
        for target in item.targets
        if isinstance(target, ast.Name)
    }


def _inherited(node: ast.ClassDef) -> list[str]:
    """Return the names in _inherit: an extension with a mixin repeats the model's own name."""
    for item in node.body:
        if isinstance(item, ast.Assign) and ast.unparse(item.targets[0]) == "_inherit":
            value = ast.literal_eval(item.value)
            return [value] if isinstance(value, str) else list(value)
    return []


def test_one_model_per_file(addon):
    for path in (addon / "models").glob("*.py"):
        classes = [node for node in ast.parse(path.read_text()).body
                   if isinstance(node, ast.ClassDef) and "_name" in _names(node)]  # fmt: skip
        assert len(classes) <= 1, f"{path} holds {len(classes)} models"
