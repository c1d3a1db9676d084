"""Packages of the Debian archive, fetched without root and without touching the machine's apt.

The archive's signature is checked by apt itself against the Debian keyring; our pins are
checked on top.
"""

import hashlib
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import paths
from .ui import Failure, run, step, warn, which

KEYRINGS = tuple(
    Path("/usr/share/keyrings") / name
    for name in ("debian-archive-keyring.gpg", "debian-archive-keyring.pgp")
)
RELEASE_FILE = re.compile(r"'(?P<mirror>[^']+)/dists/(?P<suite>[^/']+)/InRelease'")
SUITES = {"unstable", "sid", "stable", "bookworm", "trixie", "forky", "testing"}


@dataclass(frozen=True)
class Pin:
    """One package of requirements/debian.lock."""

    package: str
    version: str
    sha256: str
    suite: str


def pins() -> list[Pin]:
    lines = (paths.REQUIREMENTS / "debian.lock").read_text().splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return [Pin(row[0], row[1], row[2], row[3] if len(row) > 3 else "unstable") for row in rows]


def mirror() -> str:
    """The Debian mirror of this machine's own apt configuration, or of DAOGOU_DEBIAN_MIRROR."""
    given = os.environ.get("DAOGOU_DEBIAN_MIRROR")
    if given:
        return given.rstrip("/")
    if which("apt-get"):
        # It prints what it would fetch; nothing is fetched and no root is needed.
        for line in run(["apt-get", "update", "--print-uris"]).splitlines():
            found = RELEASE_FILE.match(line)
            if found and found["suite"] in SUITES:
                return found["mirror"]
    raise Failure(
        "Odoo 19 comes from the Debian archive and this machine knows no Debian mirror: set "
        "DAOGOU_DEBIAN_MIRROR=<URL of a Debian mirror>, or ODOO_HOME=<folder of an Odoo 19>."
    )


def keyring() -> Path:
    for path in KEYRINGS:
        if path.exists():
            return path
    raise Failure(
        "The Debian archive's keys are missing; run: apt-get install debian-archive-keyring"
    )


def _options(folder: Path) -> list[str]:
    """apt options that keep every list, cache and state in our own folder."""
    settings = {
        "Dir::State::Lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        "Dir::Etc::SourceList": folder / "sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State::status": "/dev/null",
        "APT::Sandbox::User": "",
        "Acquire::Retries": "3",
    }
    return [part for key, value in settings.items() for part in ("-o", f"{key}={value}")]


def _update(folder: Path, suites: set[str]) -> None:
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    source = f"deb [signed-by={keyring()}] {mirror()}"
    lines = [f"{source} {suite} main\n" for suite in sorted(suites)]
    (folder / "sources.list").write_text("".join(lines))
    with step("reading the Debian archive's signed lists"):
        _read_lists(_options(folder))


def _read_lists(options: list[str]) -> None:
    try:
        run(["apt-get", *options, "update"], what="apt-get update")
    except Failure as failure:
        if "is expired" not in str(failure):
            raise
        # A mirror that stands still: its lists are signed all the same, and our pins say
        # which versions we mean.
        warn("the mirror's lists are out of date; going on with them")
        run(["apt-get", *options, "-o", "Acquire::Check-Valid-Until=false", "update"],
            what="apt-get update")  # fmt: skip


def _matches(path: Path, pin: Pin) -> bool:
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == pin.sha256


def fetch(wanted: list[Pin], series: str = "") -> dict[str, Path]:
    """Download packages into the cache; returns {package: file}.

    A pinned version that the mirror no longer has is replaced by its current one with a
    warning (apt has then checked the archive's signed checksum); with `series`, the first
    package must stay in that series.
    """
    folder = paths.cache() / "debian"
    files = {pin.package: folder / f"{pin.package}_{pin.sha256[:12]}.deb" for pin in wanted}
    missing = [pin for pin in wanted if not _matches(files[pin.package], pin)]
    if missing:
        _update(folder, {pin.suite for pin in missing})
    for pin in missing:
        with step(f"fetching {pin.package} {pin.version}"):
            files[pin.package] = _download(folder, pin, files[pin.package], series)
    return files


def _download(folder: Path, pin: Pin, target: Path, series: str) -> Path:
    options = _options(folder)
    spec = f"{pin.package}={pin.version}"
    got = subprocess.run(
        ["apt-get", *options, "download", spec], cwd=folder, capture_output=True, text=True
    )
    if got.returncode:
        if "No space left" in got.stderr:
            raise Failure("The disk is full. Free some space and run the same command again.")
        return _download_newer(folder, pin, series, got.stderr)
    source = next(folder.glob(f"{pin.package}_*_*.deb"))
    if not _matches(source, pin):
        source.unlink()
        raise Failure(f"{pin.package}: the download does not match its checksum; try again.")
    return source.rename(target)


def _download_newer(folder: Path, pin: Pin, series: str, reason: str) -> Path:
    """Take the mirror's current version of a package that has moved on."""
    options = _options(folder)
    policy = run(["apt-cache", *options, "policy", pin.package])
    version = next(
        (line.split()[-1] for line in policy.splitlines() if "Candidate:" in line), "(none)"
    )
    if version == "(none)":
        raise Failure(f"{pin.package} could not be fetched: {reason.strip().splitlines()[-1:]}")
    if pin.package.startswith("odoo") and not version.startswith(series):
        raise Failure(
            f"The Debian archive now has Odoo {version}, but this suite needs {series}*: set "
            "ODOO_HOME=<folder of an Odoo 19>."
        )
    if version == pin.version:
        raise Failure(f"{pin.package} could not be fetched:\n    {reason.strip()}")
    warn(
        f"{pin.package} {pin.version} is gone from the mirror; taking {version}, whose "
        "checksum the archive has signed"
    )
    run(["apt-get", *options, "download", f"{pin.package}={version}"], cwd=folder)
    source = next(folder.glob(f"{pin.package}_*_*.deb"))
    return source.rename(folder / f"{pin.package}_newer.deb")


def machine_package(package: str, folder: Path) -> Path:
    """Download a package of the machine's own suite, without root, with private lists."""
    state = folder / "apt"
    for name in ("lists/partial", "cache/archives/partial"):
        (state / name).mkdir(parents=True, exist_ok=True)
    options = [
        "-o", f"Dir::State::Lists={state / 'lists'}", "-o", f"Dir::Cache={state / 'cache'}",
        "-o", "APT::Sandbox::User=",
    ]  # fmt: skip
    _read_lists(options)
    run(["apt-get", *options, "download", package], cwd=folder)
    return next(folder.glob(f"{package}_*.deb"))
