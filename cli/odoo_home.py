"""Odoo 19 itself: the user's own (ODOO_HOME) or Debian's package in a private prefix."""

import os
import subprocess
import tarfile
from pathlib import Path

from . import debian, paths
from .locks import build_once
from .ui import Failure, step, which

SERIES = "19.0."
KEPT_LANGUAGES = {"zh_CN.po", "zh_TW.po"}
# mail's manifest lists this file, Debian's package lacks it, and every page with that bundle
# would log an error.
MISSING_SCRIPT = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def library() -> Path:
    """The folder to put on PYTHONPATH, i.e. the one that holds the package `odoo`."""
    given = os.environ.get("ODOO_HOME")
    if given:
        return _given_library(Path(given))
    return prefix() / "usr/lib/python3/dist-packages"


def _given_library(home: Path) -> Path:
    for folder in (home, home / "usr/lib/python3/dist-packages"):
        release = folder / "odoo" / "release.py"
        if release.exists():
            if "version_info = (19, 0" not in release.read_text():
                raise Failure(f"ODOO_HOME={home} holds another version than Odoo 19.0.")
            return folder
    raise Failure(f"ODOO_HOME={home} holds no Odoo: there is no odoo/release.py in it.")


def addons_path() -> list[Path]:
    """Odoo's own addons folders."""
    home = library()
    return [path for path in (home / "odoo/addons", home / "addons") if path.is_dir()]


def prefix() -> Path:
    pins = debian.pins()
    target = paths.cache() / "odoo" / paths.digest(*(f"{pin}" for pin in pins))
    if not (target / ".complete").exists():
        if not which("apt-get") or not which("dpkg-deb"):
            raise Failure("apt-get and dpkg-deb are needed to bring Odoo, or set ODOO_HOME.")
        files = debian.fetch(pins, SERIES)
        with step("unpacking Odoo 19"):
            build_once(target, lambda folder: _unpack_all(list(files.values()), folder))
    return target


def _unpack_all(files: list[Path], folder: Path) -> None:
    for file in files:
        _unpack(file, folder)
    script = folder / "usr/lib/python3/dist-packages/odoo/addons" / MISSING_SCRIPT
    if not script.exists():
        script.parent.mkdir(parents=True, exist_ok=True)
        script.touch()
    _link_till_font(folder)


def _link_till_font(folder: Path) -> None:
    """The till's stylesheet asks for the font file's former place."""
    wanted = folder / "usr/share/fonts/truetype/inconsolata/Inconsolata.otf"
    if not wanted.exists():
        wanted.parent.mkdir(parents=True, exist_ok=True)
        wanted.symlink_to("../../opentype/inconsolata/Inconsolata-Regular.otf")


def _unpack(file: Path, folder: Path) -> None:
    """Unpack a .deb; of the translations (two thirds of it) only the Chinese ones."""
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(file)], stdout=subprocess.PIPE) as deb:
        with tarfile.open(fileobj=deb.stdout, mode="r|") as archive:
            for member in archive:
                if _is_wanted(member.name):
                    member.uid = member.gid = os.getuid()
                    archive.extract(member, folder, set_attrs=not member.issym())
    if deb.returncode:
        raise Failure(f"{file.name} is broken; delete {file} and run the same command again.")


def _is_wanted(name: str) -> bool:
    if not name.startswith("./usr/"):
        return False
    if "/i18n" in name and name.endswith(".po"):
        return name.rsplit("/", 1)[1] in KEPT_LANGUAGES
    return "/usr/share/doc/" not in name
