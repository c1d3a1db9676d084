"""Tests that need real servers: each gets its own copy of a database with all addons installed."""

import odoo_database
import pytest

from cli import postgres


@pytest.fixture(scope="session")
def cluster():
    """The tests' PostgreSQL, which ./retail test has started."""
    with postgres.tests().running() as running:
        yield running


@pytest.fixture
def database(cluster):
    """The name of a fresh database with all our addons and no demo data."""
    with odoo_database.fresh(cluster) as name:
        yield name


@pytest.fixture
def shell(cluster, database, tmp_path):
    """Run Python text in an Odoo shell on the database, in a process of its own; commits."""
    return lambda text: odoo_database.shell(cluster, database, tmp_path, text)
