"""What only the machine's own package manager can bring."""

import ctypes.util
import os
import tempfile

from .ui import Failure, run, step, warn, which

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
# Chinese in printed documents, and what wkhtmltopdf links to.
PRINT_PACKAGES = (
    "fonts-noto-cjk", "libxrender1", "libxext6", "libx11-6", "libfontconfig1", "libfreetype6"
)  # fmt: skip


def ensure_browser() -> None:
    """Browser tests need a Chromium: a skipped tour is a failure."""
    if not which(*BROWSERS):
        _install("Chromium", ["chromium"])
    if not which(*BROWSERS):
        raise Failure("Chromium is needed for the browser tests; run: apt-get install chromium")
    _wake_browser()


def _wake_browser() -> None:
    """Start the browser once, so that the first tour doesn't wait for its files from the disk."""
    with tempfile.TemporaryDirectory() as profile:
        words = [
            "--headless",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            f"--user-data-dir={profile}",
        ]
        run([which(*BROWSERS), *words, "--dump-dom", "about:blank"], what="starting Chromium")


def ensure_printing() -> None:
    """Documents print without these libraries missing; a shop can start without them."""
    if ctypes.util.find_library("Xrender") and ctypes.util.find_library("fontconfig"):
        return
    try:
        _install("what printing needs", list(PRINT_PACKAGES))
    except Failure as failure:
        warn(f"PDF documents will not print: {failure}")


def _install(title: str, packages: list[str]) -> None:
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if os.geteuid() or not which("apt-get"):
        raise Failure(f"{title} is missing; run as root: {' '.join(command)}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with step(f"installing {title}"):
        run(["apt-get", "update", "-qq"], env=env, what="apt-get update")
        run(command, env=env, what="apt-get install")
