"""Each addon builds as a wheel, as OCA's do."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ADDONS = sorted(
    path.parent for path in Path(__file__).resolve().parents[2].glob("addons/*/__manifest__.py")
)


@pytest.mark.parametrize("addon", ADDONS, ids=lambda path: path.name)
def test_builds_as_a_wheel(addon, tmp_path):
    source = shutil.copytree(addon, tmp_path / addon.name)
    words = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", tmp_path, source]
    done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    wheel = next(tmp_path.glob(f"odoo_addon_{addon.name}-*.whl"))
    names = zipfile.ZipFile(wheel).namelist()
    assert f"odoo/addons/{addon.name}/__manifest__.py" in names
