"""A private PostgreSQL on a Unix socket: no port, no system service.

Two clusters: the demo's keeps fsync on (people type into it), the tests' has it off. All
checkouts share them; the last command that leaves stops the server.
"""

import fcntl
import hashlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from typing import IO

from . import paths, python_env
from .locks import exclusive
from .ui import Failure, run, step, which

USER = "odoo"
MINIMUM = 13  # the oldest PostgreSQL that Odoo 19 takes
LONGEST_SOCKET = 107 - len("/.s.PGSQL.5432")  # bytes of a Unix socket's folder
SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "200",
    "max_locks_per_transaction": "256",
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "jit": "off",
}
UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# A test's rows are never committed: statistics taken meanwhile say that its tables are empty,
# and plans made by them take minutes instead of milliseconds.
NO_STATISTICS = {"autovacuum": "off"}


def bin_folder() -> Path:
    """The programs of the machine's PostgreSQL, else those of the wheel."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
    )
    found = which("initdb")
    for folder in [*reversed(folders), *([Path(found).resolve().parent] if found else [])]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            version = run([folder / "postgres", "--version"]).split()[2]
            if int(version.split(".")[0]) >= MINIMUM:
                return folder
    return next(python_env.postgres_wheel().rglob("initdb")).parent


def unprivileged() -> list[str]:
    """The words before a command that must not run as root (PostgreSQL refuses it)."""
    if os.geteuid():
        return []
    mapped = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    if which("unshare") and not subprocess.run([*mapped, "true"], capture_output=True).returncode:
        return mapped
    # The cache lies below root's home, which nobody else may enter: keep the one right to do
    # so, for access() as well, by which PostgreSQL's programs look for each other.
    return [
        *("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"),
        *("--inh-caps=+dac_override", "--ambient-caps=+dac_override"),
        "--securebits=+no_setuid_fixup",
    ]


class Cluster:
    """One PostgreSQL cluster; `with cluster.running():` starts it and stops it after the last."""

    def __init__(self, name: str, safe: bool, options: dict[str, str] | None = None):
        self.name = name
        self.safe = safe
        self.options = options or {}
        self.programs = bin_folder()
        version = run([self.programs / "postgres", "--version"]).split()[2].split(".")[0]
        self.folder = paths.cache() / "cluster" / f"{name}-{version}"
        self.data = self.folder / "data"
        self.log = self.folder / "server.log"
        self.socket = self._socket_folder()

    def _socket_folder(self) -> Path:
        """A folder short enough for a Unix socket's path, private to the user."""
        inside = self.folder / "s"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET:
            return inside
        key = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:10]
        return Path(tempfile.gettempdir()) / f"daogou-{os.getuid()}-{key}"

    def environment(self) -> dict[str, str]:
        """What clients of this cluster need."""
        path = f"{self.programs}{os.pathsep}{os.environ.get('PATH', '')}"
        return {**os.environ, "PGHOST": str(self.socket), "PGUSER": USER, "PATH": path}

    @contextmanager
    def running(self) -> Iterator["Cluster"]:
        """Start the server if nobody has; stop it if nobody else uses it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "users.lock").open("a") as users:
            with exclusive(self.folder / "start.lock"):
                self._start()
                fcntl.flock(users, fcntl.LOCK_SH)
            try:
                yield self
            finally:
                with exclusive(self.folder / "start.lock"):
                    if _last_user(users):
                        self.stop()

    def _start(self) -> None:
        if not (self.data / "PG_VERSION").exists() or not (self.folder / ".complete").exists():
            self._create()
        if not self.is_up():
            self.socket.mkdir(mode=0o700, exist_ok=True)
            self._give_away(self.socket)
            with step("starting PostgreSQL"):
                options = " ".join(f"-c {key}={value}" for key, value in self.options.items())
                self._control("start", "-w", "-t", "60", "-l", str(self.log), "-o", options)

    def _create(self) -> None:
        with step(f"making the {self.name} database cluster"):
            rmtree(self.data, ignore_errors=True)
            self.data.mkdir(parents=True)
            self._give_away(self.folder)
            run([*unprivileged(), self.programs / "initdb", "-D", self.data, "-U", USER,
                 "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"], what="initdb")  # fmt: skip
            settings = {
                **SETTINGS,
                "unix_socket_directories": f"'{self.socket}'",
                **({} if self.safe else UNSAFE),
            }
            with (self.data / "postgresql.conf").open("a") as conf:
                conf.writelines(f"{key} = {value}\n" for key, value in settings.items())
            (self.folder / ".complete").touch()

    def _give_away(self, folder: Path) -> None:
        """Let the unprivileged user own a folder, where it is another one than ours."""
        if unprivileged()[:1] == ["setpriv"]:
            run(["chown", "-R", "65534:65534", folder])

    def _control(self, action: str, *words: str) -> None:
        command = [*unprivileged(), self.programs / "pg_ctl", "-D", self.data, *words, action]
        try:
            # The server inherits pg_ctl's output; a pipe would stay open for ever.
            run(command, log=self.folder / "control.log", what=f"PostgreSQL ({action})")
        except Failure as failure:
            if action == "start" and self.log.exists():
                text = self.log.read_text(errors="replace")
                raise Failure(f"{failure}\n  {text[-800:]}") from failure
            raise

    def is_up(self) -> bool:
        probe = subprocess.run(
            [self.programs / "pg_isready", "-q", "-h", self.socket], capture_output=True
        ) if (self.programs / "pg_isready").exists() else subprocess.run(
            [*unprivileged(), self.programs / "pg_ctl", "-D", self.data, "status"],
            capture_output=True,
        )  # fmt: skip
        return probe.returncode == 0

    def stop(self) -> None:
        if self.is_up():
            self._control("stop", "-m", "fast", "-w")

    def sql(self, query: str, database: str = "postgres") -> list[str]:
        """Run one statement; returns the first column's values as text."""
        words = [self.programs / "psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1",
                 "-d", database, "-c", query]  # fmt: skip
        return run(words, env=self.environment(), what="psql").splitlines()

    def exists(self, database: str) -> bool:
        return database in self.sql("SELECT datname FROM pg_database")

    def create(self, database: str, template: str = "template0") -> None:
        words = ["createdb", "-T", template, database]
        run([self.programs / words[0], *words[1:]], env=self.environment())

    def drop(self, database: str) -> None:
        run([self.programs / "dropdb", "--if-exists", "--force", database], env=self.environment())

    def rename(self, old: str, new: str) -> None:
        self.sql(f'ALTER DATABASE "{old}" RENAME TO "{new}"')


def _last_user(users: IO[str]) -> bool:
    """Whether nobody else's run holds the file of users."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def demo() -> Cluster:
    return Cluster("demo", safe=True)


def tests() -> Cluster:
    return Cluster("tests", safe=False, options=NO_STATISTICS)


def bench() -> Cluster:
    """The tests' cluster as a shop's would run: what is measured is committed."""
    return Cluster("tests", safe=False)
