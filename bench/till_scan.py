"""One scan at a till with 50 lines and 500 programs, in Chromium: what our promotions add to it."""

import os
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

from odoo.tools import config

from . import promotions
from .measure import result

LINES = 50
PROGRAMS = 500
REACHED = 6  # of them give something
SCANS = 9
WAIT_SECONDS = 180
BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
# Of each scan: what our evaluation and its lines take, and stock's own recompute of the prices;
# both in the same scan, because a busy machine slows one scan more than the next. Milliseconds.
SCAN = """
async ([lines, scans]) => {
    const pos = window.posmodel;
    const goods = pos.models["product.product"]
        .filter((product) => product.display_name.startsWith("Bench "))
        .slice(0, lines);
    const scan = (product) =>
        pos.addLineToCurrentOrder(
            { product_id: product, product_tmpl_id: product.product_tmpl_id }, {}, false
        );
    const spent = { ours: 0, stock: 0 };
    let within = null; // a recompute that we cause is ours
    const timed = (object, name, who) => {
        const inner = object[name];
        object[name] = function () {
            if (within) {
                return inner.apply(this, arguments);
            }
            within = who;
            const start = performance.now();
            try {
                return inner.apply(this, arguments);
            } finally {
                spent[who] += performance.now() - start;
                within = null;
            }
        };
    };
    const order = pos.addNewOrder();
    timed(pos.promotions, "apply", "ours");
    timed(order.constructor.prototype, "triggerRecomputeAllPrices", "stock");
    for (const product of goods) {
        await scan(product);
    }
    const times = [];
    for (const product of goods.slice(0, scans + 1)) {
        Object.assign(spent, { ours: 0, stock: 0 });
        await scan(product);
        pos.promotions.flush();
        times.push({ ...spent });
    }
    const given = order.lines.filter((line) => line.isRetailPromotion).length;
    // The first scan warms up.
    return { times: times.slice(1), given, lines: order.lines.length - given };
}
"""


def run(env):
    """Return the row `promotions.till.scan`."""
    # Whoever opens the till logs in to it: the shell's own user can't.
    env = env(user=env.ref("base.user_admin"), su=False)
    till, password = _till(env)
    # The till's server is a process of its own; the database of the benchmarks is dropped.
    env.cr.commit()
    with _serving(env.cr.dbname) as address:
        told = _scan(address, env.user.login, password, till)
    if told["lines"] != LINES or not told["given"]:
        raise RuntimeError(f"The till's order isn't what was to be measured: {told}")
    ours, stock = (statistics.median(scan[who] for scan in told["times"])
                   for who in ("ours", "stock"))  # fmt: skip
    return [
        result("promotions.till.scan", ours, stock, "ms", 0.5,
               queries=f"{told['given']} promotion lines", runs=SCANS)
    ]  # fmt: skip


def _till(env):
    """Return (the id of an open till with goods and promotions, a password for its user)."""
    env["loyalty.program"].search([]).active = False
    company = env.company
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
    goods = promotions._products(env, LINES)
    goods.product_tmpl_id.available_in_pos = True
    promotions._our_promotions(env, goods, PROGRAMS - REACHED, promotions.OUT_OF_REACH)
    promotions._our_promotions(env, goods, REACHED, 0)
    password = f"Bench-{secrets.token_urlsafe(16)}-1"
    env.user.password = password
    till = env["pos.config"].create({"name": "Bench Scan"})
    till.open_ui()
    till.current_session_id.set_opening_control(0, "")
    return till.id, password


@contextmanager
def _serving(database):
    """A server on the database, with the settings of this process; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    line = [
        sys.executable, sys.argv[0], "-d", database, "--db-filter", f"^{database}$",
        "--http-port", str(port), "--max-cron-threads", "0", "--log-level", "error",
        "--addons-path", ",".join(config["addons_path"]),
    ]  # fmt: skip
    if config["config"]:
        line += ["-c", config["config"]]
    process = subprocess.Popen(line, stdin=subprocess.DEVNULL, env=os.environ)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(process, f"{address}/web/health")
        yield address
    finally:
        process.terminate()
        process.wait()


def _wait_for(process, address):
    end = time.monotonic() + WAIT_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(address, timeout=5)
            return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError("The server of the till doesn't answer.")


def _scan(address, login, password, till):
    browser_path = next(filter(None, map(shutil.which, BROWSERS)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_default_timeout(WAIT_SECONDS * 1000)
        # Straight to the till: the scripts of the back office are another minute of a busy machine.
        page.goto(f"{address}/web/login?redirect=/pos/ui/{till}")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", password)
        page.click("form.oe_login_form button[type=submit]")
        page.wait_for_function("window.posmodel?.promotions")
        told = page.evaluate(SCAN, [LINES, SCANS])
        browser.close()
    return told
