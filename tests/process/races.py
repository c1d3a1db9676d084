"""Races between two real servers: the same moment, many times."""

import itertools
import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Barrier

from odoo_client import Client, Refused

from cli import paths, server
from cli.postgres import Cluster

RACES = int(os.environ.get("DAOGOU_RACES", "20"))
LOGIN, PASSWORD = "racer", "Racer-2026-long"
TOLD = "TOLD"

# Before what a race prepares; `groups` are the racer's beside those of an employee.
BEGIN = """
import json
from datetime import timedelta
from odoo import fields
env.cr.execute("UPDATE ir_cron SET active = false")
racer = env["res.users"].create({{
    "name": "Racer", "login": {login!r}, "password": {password!r},
    "group_ids": [(4, env.ref(name).id) for name in ("base.group_user", *{groups!r})]}})
now = fields.Datetime.now()
period = {{"date_from": now - timedelta(days=1), "date_to": now + timedelta(days=9)}}
"""


@contextmanager
def two_servers(
    cluster: Cluster,
    database: str,
    shell: Callable[[str], str],
    prepare: str,
    groups: tuple[str, ...],
    name: str,
) -> Iterator[tuple[list[Client], list]]:
    """([a client of a server, of another one], what `prepare` left in its variable `told`)."""
    begin = BEGIN.format(login=LOGIN, password=PASSWORD, groups=groups)
    output = shell(f"{begin}{prepare}\nprint({TOLD!r} + json.dumps(told))\n")
    told = next(line for line in output.splitlines() if line.startswith(TOLD))
    log = paths.run_folder() / f"{name}.log"
    log.unlink(missing_ok=True)
    ports = server.free_port(), server.free_port()
    with (
        server.serving(cluster, database, ports[0], log),
        server.serving(cluster, database, ports[1], log),
    ):
        clients = [Client(port, database, LOGIN, PASSWORD) for port in ports]
        yield clients, json.loads(told.removeprefix(TOLD))


def at_once(calls: list[Callable[[], object]]) -> list[object]:
    """Call all at the same moment; a call's answer is its Refused when it was refused."""
    barrier = Barrier(len(calls))

    def start(call: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return call()
        except Refused as error:
            return error

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(start, calls))


def confirm_at_once(clients: list[Client], orders: list[int]) -> list[Refused | None]:
    """Confirm orders on the servers by turns; returns why each was refused, if it was."""
    servers = itertools.cycle(clients)
    answers = at_once(
        [partial(next(servers).call, "sale.order", "action_confirm", [order]) for order in orders]
    )
    return [answer if isinstance(answer, Refused) else None for answer in answers]
