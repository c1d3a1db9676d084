"""Where things are: the checkout, the caches outside it, the secrets."""

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDONS = ROOT / "addons"
REQUIREMENTS = ROOT / "requirements"
CONF = ROOT / "odoo.conf"


def _home(variable: str, fallback: str) -> Path:
    return Path(os.environ.get(variable) or Path.home() / fallback)


def cache() -> Path:
    """The cache that all checkouts share: $DAOGOU_CACHE, else the XDG cache folder."""
    path = os.environ.get("DAOGOU_CACHE")
    folder = Path(path) if path else _home("XDG_CACHE_HOME", ".cache") / "daogou"
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def secrets() -> Path:
    """The folder of master password and encryption key; never inside a checkout or a cache."""
    path = os.environ.get("DAOGOU_SECRETS")
    folder = Path(path) if path else _home("XDG_CONFIG_HOME", ".config") / "daogou"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder.resolve()


def checkout_key() -> str:
    """A short name of this checkout, for databases and run folders of its own."""
    return hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]


def run_folder() -> Path:
    """Pids, logs and screenshots of this checkout's runs."""
    folder = cache() / "run" / checkout_key()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def digest(*parts: bytes | str | Path) -> str:
    """A short hash over texts and the contents of files: the key of a cached thing."""
    total = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, Path) else part
        total.update(data.encode() if isinstance(data, str) else data)
        total.update(b"\0")
    return total.hexdigest()[:12]


def own_addons() -> list[str]:
    """The names of our addons, in alphabetical order."""
    return sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py"))
