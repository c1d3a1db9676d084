"""The two promotion engines are twins: the same files, the same public names."""

import ast
import re
from pathlib import Path

ENGINE = Path(__file__).resolve().parents[2] / "addons" / "retail_promo"
PYTHON = ENGINE / "promo_engine"
SCRIPT = ENGINE / "static" / "src" / "promo_engine"
EXPORTED = re.compile(r"^export (?:async )?(?:function\*?|class|const) (\w+)", re.M)


def camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def public_python(path: Path) -> set[str]:
    """Public functions of a module, in the other twin's spelling."""
    body = ast.parse(path.read_text()).body
    return {camel(node.name) for node in body
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")}  # fmt: skip


def test_the_same_files():
    python = {path.stem for path in PYTHON.glob("*.py")} - {"__init__"}
    assert python == {path.stem for path in SCRIPT.glob("*.js")}


def test_the_same_public_functions():
    for path in PYTHON.glob("*.py"):
        if path.stem != "__init__":
            other = (SCRIPT / f"{path.stem}.js").read_text()
            functions = {name for name in EXPORTED.findall(other) if name[0].islower()}
            missing = public_python(path) - functions
            assert not missing, f"{path.stem}.js lacks {sorted(missing)}"


def test_each_names_its_twin():
    for path in PYTHON.glob("*.py"):
        if path.stem != "__init__":
            assert f"{path.stem}.js" in path.read_text(), f"{path.name} doesn't name its twin"
            other = SCRIPT / f"{path.stem}.js"
            assert f"{path.stem}.py" in other.read_text(), f"{other.name} doesn't name its twin"
