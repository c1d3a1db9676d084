"""Tests that need real servers: each gets its own copy of a database with all addons installed."""

import itertools
import os
import subprocess

import pytest

from cli import paths, postgres, server

COUNTER = itertools.count()


@pytest.fixture(scope="session")
def cluster():
    """The tests' PostgreSQL, which ./retail test has started."""
    with postgres.tests().running() as running:
        yield running


@pytest.fixture
def database(cluster):
    """The name of a fresh database with all our addons and no demo data."""
    name = f"process_{paths.checkout_key()}_{os.getpid()}_{next(COUNTER)}"
    server.copy_database(cluster, os.environ["DAOGOU_TEMPLATE"], name)
    yield name
    server.drop_database(cluster, name)


@pytest.fixture
def shell(cluster, database, tmp_path):
    """Run Python text in an Odoo shell on the database, in a process of its own; commits."""

    def run(text: str) -> str:
        line = server.command(cluster, ["shell", "-d", database, "--no-http", "--log-level=warn"])
        done = subprocess.run(
            line,
            input=text + "\nenv.cr.commit()\n",
            text=True,
            capture_output=True,
            env=server.environment(cluster),
            cwd=tmp_path,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    return run
