"""A copy of a database with all our addons, and an Odoo shell on it."""

import itertools
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli import paths, server
from cli.postgres import Cluster

COUNTER = itertools.count()


@contextmanager
def fresh(cluster: Cluster) -> Iterator[str]:
    """The name of a fresh database with all our addons and no demo data; dropped in the end."""
    name = f"process_{paths.checkout_key()}_{os.getpid()}_{next(COUNTER)}"
    server.copy_database(cluster, os.environ["DAOGOU_TEMPLATE"], name)
    try:
        yield name
    finally:
        server.drop_database(cluster, name)


def shell(cluster: Cluster, database: str, folder: Path, text: str) -> str:
    """Run Python text in an Odoo shell, in a process of its own; commits, returns its output."""
    line = server.command(cluster, ["shell", "-d", database, "--no-http", "--log-level=warn"])
    done = subprocess.run(
        line,
        input=text + "\nenv.cr.commit()\n",
        text=True,
        capture_output=True,
        env=server.environment(cluster),
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout
