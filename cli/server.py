"""Running Odoo in our environment: the launcher, its settings, its file store."""

import os
import secrets as tokens
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from . import odoo_home, paths, python_env
from .locks import exclusive
from .postgres import Cluster
from .ui import Failure, run, tail, warn

LAUNCHER = paths.ROOT / "cli" / "launch_odoo.py"
NESTED = ("db", "i18n", "module")
COMMANDS = ("cloc", "db", "i18n", "module", "populate", "server", "shell", "upgrade_code")


def secret(name: str) -> str:
    """A secret that is made once and kept outside every checkout."""
    path = paths.secrets() / name
    if not path.exists():
        with exclusive(path.with_name(f"{name}.lock")):
            if not path.exists():
                # A Fernet key is 32 random bytes in URL-safe base64; so is the password.
                _write_private(path, tokens.token_urlsafe(32) + "=\n")
    return path.read_text().strip()


def _server_settings(cluster: Cluster) -> Path:
    """odoo.conf of the checkout plus what only this machine knows."""
    path = paths.run_folder() / f"odoo-{cluster.name}.conf"
    text = paths.CONF.read_text().rstrip() + "\n"
    head, _sep, rest = text.partition("[options]\n")
    own = f"admin_passwd = {secret('master_password')}\ndata_dir = {data_folder(cluster)}\n"
    _write_private(path, f"{head}[options]\n{own}{rest}")
    return path


def _write_private(path: Path, text: str) -> None:
    """Write a file for this user only, whole at once: other suites read it meanwhile."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
        file.write(text)
    os.replace(file.name, path)


def data_folder(cluster: Cluster) -> Path:
    folder = cluster.folder / "odoo"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def environment(cluster: Cluster) -> dict[str, str]:
    python = python_env.odoo_python()
    base = cluster.environment()
    return {
        **base,
        "PATH": f"{python.parent}{os.pathsep}{base['PATH']}",
        "PYTHONPATH": str(odoo_home.library()),
        "DAOGOU_KEY": secret("encryption_key"),
        "DAOGOU_CHECKOUT": str(paths.ROOT),
    }


def command(cluster: Cluster, words: Sequence[str], with_ours: bool = True) -> list[str]:
    """The words that start Odoo, with a sub-command or as a server."""
    addons = f"--addons-path={python_env.addons_path(with_ours)}"
    config = ["-c", str(_server_settings(cluster))]
    start = [str(python_env.odoo_python()), str(LAUNCHER)]
    if words and words[0] in COMMANDS:
        if words[0] == "upgrade_code":
            return [*start, addons, *words]
        # Some commands have commands of their own, and take the configuration after them.
        at = 2 if words[0] in NESTED and len(words) > 1 else 1
        return [*start, addons, *words[:at], *config, *words[at:]]
    return [*start, *config, addons, *words]


def odoo(cluster: Cluster, words: Sequence[str], log: Path, with_ours: bool = True) -> None:
    """Run Odoo to its end with its log in a file; raises Failure when it fails."""
    run(command(cluster, words, with_ours), env=environment(cluster), log=log, what="Odoo")


def free_port(wanted: int = 0) -> int:
    """A port nobody listens on; with `wanted`, that one or a Failure."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError as error:
            raise Failure(
                f"Port {wanted} is taken by another program: choose one with --port N."
            ) from error
        return int(probe.getsockname()[1])


def copy_database(cluster: Cluster, source: str, target: str) -> None:
    """Clone a database with its file store (hard links: files there are never changed)."""
    cluster.drop(target)
    files = data_folder(cluster) / "filestore"
    shutil.rmtree(files / target, ignore_errors=True)
    cluster.create(target, source)
    if (files / source).exists():
        shutil.copytree(files / source, files / target, copy_function=os.link)


def rename_database(cluster: Cluster, old: str, new: str) -> None:
    """Give a database and its file store another name; what had that name goes."""
    drop_database(cluster, new)
    files = data_folder(cluster) / "filestore"
    if (files / old).exists():
        (files / old).rename(files / new)
    cluster.rename(old, new)


def drop_database(cluster: Cluster, name: str) -> None:
    cluster.drop(name)
    shutil.rmtree(data_folder(cluster) / "filestore" / name, ignore_errors=True)


@contextmanager
def serving(
    cluster: Cluster, database: str, port: int, log: Path, *words: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A running Odoo server; stopped, by its own pid, when the block ends."""
    line = command(
        cluster,
        ["-d", database, "--db-filter", f"^{database}$", "--http-port", str(port), *words],
    )
    with log.open("ab") as sink:
        process = subprocess.Popen(
            line,
            env={**environment(cluster), "ODOO_QUEUE_JOB_PORT": str(port)},
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_up(process, port, log)
        yield process
    finally:
        stop(process)


def _wait_until_up(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Failure(f"Odoo stopped while starting:\n{tail(log)}\n  The whole log: {log}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/web/health", timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise Failure(f"Odoo did not answer within three minutes; see {log}")


def stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            warn("Odoo did not stop within 30 s and was killed")
            process.kill()
            process.wait()
