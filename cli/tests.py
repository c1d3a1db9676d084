"""./retail test: the engines, the repository's rules, the addons, and what crosses processes."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

from . import databases, odoo_log, paths, postgres, python_env, server, system
from .odoo_log import Outcome
from .postgres import Cluster
from .ui import Failure, say, tail, which

FULL = {
    "DAOGOU_BASKETS": "100000",
    "DAOGOU_RACES": "200",
    "DAOGOU_LIVES": "1000",
    "DAOGOU_MAILS": "10000",
    "DAOGOU_EXAMPLES": "new",
}
STANDARD = {
    "DAOGOU_BASKETS": "10000",
    "DAOGOU_RACES": "20",
    "DAOGOU_LIVES": "60",
    "DAOGOU_MAILS": "300",
    "DAOGOU_EXAMPLES": "same",
}
# What an addon's own suite runs in full needs but a sample beside all the others.
TOGETHER = {"DAOGOU_LIVES": "12"}
PYTEST_END = re.compile(r"(\d+) (passed|failed|skipped|error|errors|xfailed|xpassed)")
LIMIT = 40 * 60  # seconds; no suite takes that long: one that hangs must say so
AT_ONCE = 2  # each has a database, a port and a log of its own
# Stock's own tests that can't hold beside our addons, and why.
CANT_HOLD = {
    "TestUi.test_confirm_coupon_programs_one_by_one": "counts calls; points come with the order",
    "TestUi.test_order_and_invoice_amounts": "ends before the paid order, which is kept in the "
    "browser first, is sent",
    "MobileTestUi.test_order_and_invoice_amounts": "the same on a small screen",
}
PURE = ("tests/engines", "tests/parity", "tests/repo")


class Run:
    """One call of ./retail test: prints each suite and keeps the sum."""

    def __init__(self, counts: dict[str, str], coverage: bool):
        self.counts = counts
        self.limit = None if counts is FULL else LIMIT
        self.coverage = coverage
        self.total = Outcome()
        self.logs = paths.run_folder()
        self.lock = Lock()
        self.processes: set[subprocess.Popen[bytes]] = set()

    def suite(self, title: str, work: Callable[[], Outcome]) -> None:
        start = time.monotonic()
        say(f"   {title} begins")
        outcome = work()
        with self.lock:
            self.total += outcome
            say(f"== {title}")
            for text in outcome.broken:
                say(f"   broken: {text}")
            for text in outcome.warnings:
                say(f"   warning in the log: {text}")
            say(f"   {outcome.line()}  ({time.monotonic() - start:.0f} s)")

    def suites(self, jobs: list[tuple[str, Callable[[], Outcome]]]) -> None:
        """Run suites that don't touch each other, AT_ONCE of them at a time."""
        pool = ThreadPoolExecutor(AT_ONCE)
        try:
            for done in [pool.submit(self.suite, *job) for job in jobs]:
                done.result()
        except KeyboardInterrupt:
            for process in list(self.processes):
                process.terminate()  # a terminal tells them itself, a service manager doesn't
            raise
        finally:  # the others don't begin
            pool.shutdown(cancel_futures=True)

    def finish(self) -> int:
        if self.total.warnings:
            say(f"{len(self.total.warnings)} warnings in the logs count as failures.")
            self.total.failed += len(self.total.warnings)
        say(self.total.line())
        if not self.total.passed:
            say("No test ran.")
            return 1
        return 0 if self.total.ok else 1

    def environment(self) -> dict[str, str]:
        engines = sorted({str(path.parent) for path in paths.ADDONS.glob("*/*_engine")})
        node = _node()
        return {
            **os.environ,
            **self.counts,
            "PYTHONPATH": os.pathsep.join([*engines, str(paths.ROOT)]),
            "DAOGOU_NODE": node,
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def pytest(self, *words: str, env: dict[str, str] | None = None) -> Outcome:
        python = str(python_env.odoo_python())
        start = [python, "-m", "coverage", "run", "--parallel-mode"] if self.coverage else [python]
        log = self.logs / "pytest.log"
        log.unlink(missing_ok=True)
        code = self.limited(
            [*start, "-m", "pytest", "-q", "-rfEs", "-p", "no:cacheprovider", *words],
            log,
            env={**self.environment(), **(env or {})},
            cwd=paths.ROOT,
            ask=signal.SIGINT,
        )
        return _pytest_outcome(log, code)

    def limited(
        self, words: list[str], log: Path, env: dict[str, str], cwd: Path, ask: signal.Signals
    ) -> int:
        """Run a suite with its output in a file; returns its exit code.

        One that hangs is asked, by a signal, to write into its log where it is, and ended.
        """
        with log.open("ab") as sink:
            process = subprocess.Popen(
                words, env=env, cwd=cwd, stdout=sink, stderr=subprocess.STDOUT
            )
            self.processes.add(process)
            try:
                return process.wait(self.limit)
            except subprocess.TimeoutExpired:
                process.send_signal(ask)
                time.sleep(5)
                sink.write(f"Ended after {LIMIT // 60} minutes.\n".encode())
                return 1
            finally:
                self.processes.discard(process)
                server.stop(process)


def _pytest_outcome(log: Path, code: int) -> Outcome:
    text = log.read_text(errors="replace")
    last = text.strip().splitlines()[-1:] or [""]
    counts = {name: int(number) for number, name in PYTEST_END.findall(last[0])}
    outcome = Outcome(
        passed=counts.get("passed", 0),
        failed=counts.get("failed", 0) + counts.get("error", 0) + counts.get("errors", 0),
        skipped=counts.get("skipped", 0),
    )
    if code and not outcome.failed:
        outcome.failed = 1
    if outcome.failed or outcome.skipped:
        outcome.broken.append(tail(log, 60))
    return outcome


def _node() -> str:
    """A Node for the JavaScript twins: the machine's, else the one that Playwright carries."""
    found = which("node")
    if found:
        return found
    return str(next(python_env.odoo_python().parent.parent.rglob("playwright/driver/node")))


def _node_tests(run: Run, folders: list[str]) -> Outcome:
    files = sorted(str(path) for folder in folders for path in
                   (paths.ROOT / folder).rglob("*.test.mjs"))  # fmt: skip
    if not files:
        return Outcome()
    done = subprocess.run(
        [_node(), "--test", *files],
        cwd=paths.ROOT,
        env=run.environment(),
        capture_output=True,
        text=True,
    )
    found = {
        name: int(number)
        for name, number in re.findall(r"^(?:#|ℹ) (pass|fail|skipped) (\d+)$", done.stdout, re.M)
    }
    outcome = Outcome(found.get("pass", 0), found.get("fail", 0), found.get("skipped", 0))
    if done.returncode:
        outcome.failed = outcome.failed or 1
        outcome.broken.append(done.stdout[-3000:] + done.stderr[-1000:])
    return outcome


def _odoo_tests(
    run: Run, cluster: Cluster, title: str, install: list[str], tags: list[str], *words: str
) -> Outcome:
    """Install addons in a copy of their template and run the tests of `tags`."""
    modules = databases.dependencies(install)
    counts = run.counts
    if title == "together":
        modules = sorted({*modules, *databases.COMPANIONS})
        counts = {**counts, **TOGETHER}
    template = databases.template(cluster, modules, grown=title != "together")
    name = f"test_{paths.checkout_key()}_{title}_{os.getpid()}"
    log = run.logs / f"test-{title}.log"
    log.unlink(missing_ok=True)
    server.copy_database(cluster, template, name)
    shots = run.logs / "screenshots"
    test_tags = ",".join(tag if tag.startswith("/") else f"/{tag}" for tag in tags)
    port = str(server.free_port())
    line = ["-d", name, "-i", ",".join(install), "--test-tags", test_tags, "--stop-after-init",
            "--http-port", port, "--screenshots", str(shots), *words]  # fmt: skip
    try:
        env = {**server.environment(cluster), **counts}
        command = _covered(run, server.command(cluster, line))
        code = run.limited(command, log, env, run.logs, signal.SIGQUIT)
    finally:
        server.drop_database(cluster, name)
    outcome = odoo_log.read(log, paths.own_addons())
    if code and not outcome.failed:
        outcome.failed += 1
        outcome.broken.append(f"Odoo ended with {code}:\n{tail(log)}")
    if outcome.failed or outcome.warnings or outcome.skipped:
        say(f"   the log: {log}")
    return outcome


def _covered(run: Run, command: list[str]) -> list[str]:
    if not run.coverage:
        return command
    return [command[0], "-m", "coverage", "run", "--parallel-mode",
            f"--rcfile={paths.ROOT / 'pyproject.toml'}", *command[1:]]  # fmt: skip


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    """What the user named: addons, and files or folders."""
    ours = set(paths.own_addons())
    addons, files = [], []
    for word in words:
        name = word.rstrip("/")
        if name in ours or name.removeprefix("addons/") in ours:
            addons.append(name.removeprefix("addons/"))
        elif (paths.ROOT / word.split("::")[0]).exists():
            files.append(word)
        else:
            raise Failure(f"{word} is neither an addon of ours nor a file.")
    return addons, files


def test(words: list[str], fast: bool, full: bool, coverage: bool) -> int:
    """Run all tests, or those of the addons and paths named; returns the exit code."""
    addons, files = _split(words)
    run = Run(FULL if full else STANDARD, coverage)
    everything = not words
    if everything:
        _pure(run)
    elif files:
        _files(run, files)
    if not fast and (everything or addons):
        system.ensure_browser()
        with postgres.tests().running() as cluster:
            run.suites(_odoo_suites(run, cluster, addons))
    return run.finish()


def _odoo_suites(
    run: Run, cluster: Cluster, addons: list[str]
) -> list[tuple[str, Callable[[], Outcome]]]:
    """The suites of these addons, of all if none is named; the long ones first."""
    ours = paths.own_addons()
    alone = [
        (f"{addon} alone", lambda addon=addon: _alone(run, cluster, addon))
        for addon in addons or sorted(ours, key=_test_files, reverse=True)
    ]
    if addons:
        return alone
    return [
        ("all addons together", lambda: _odoo_tests(run, cluster, "together", ours, ours)),
        ("across processes", lambda: _processes(run, cluster, ["tests/process"])),
        *alone,
    ]


def _pure(run: Run) -> None:
    folders = [folder for folder in PURE if (paths.ROOT / folder).is_dir()]
    for folder in folders:
        run.suite(folder, lambda folder=folder: run.pytest(folder))
    run.suite("JavaScript twins", lambda: _node_tests(run, folders))


def _files(run: Run, files: list[str]) -> None:
    """Tests named by path: pure ones by pytest, an addon's by Odoo, process tests with a server."""
    for file in files:
        parts = Path(file).parts
        if parts[:2] == ("tests", "process"):
            with postgres.tests().running() as cluster:
                run.suite(file, lambda file=file: _processes(run, cluster, [file]))
        elif parts[0] == "addons":
            tag = "/" + "/".join(parts[1:]).split("::")[0]
            with postgres.tests().running() as cluster:
                run.suite(file, lambda tag=tag, addon=parts[1]: _odoo_tests(
                    run, cluster, "file", databases.closure(addon), [tag]))  # fmt: skip
        else:
            run.suite(file, lambda file=file: run.pytest(file))


def _test_files(addon: str) -> int:
    return len(list((paths.ADDONS / addon / "tests").glob("test_*.py")))


def _alone(run: Run, cluster: Cluster, addon: str) -> Outcome:
    """An addon with nothing but what it needs: no bridge, no companion."""
    needed = databases.closure(addon)
    return _odoo_tests(run, cluster, addon, needed, [addon], "--skip-auto-install")


def _processes(run: Run, cluster: Cluster, files: list[str]) -> Outcome:
    """Tests that start servers of their own: they get a template with all addons installed."""
    env = {
        "DAOGOU_TEMPLATE": full_template(run, cluster),
        "PYTHONPATH": os.pathsep.join([run.environment()["PYTHONPATH"]]),
    }
    return run.pytest(*files, env=env)


def all_modules() -> list[str]:
    """All modules outside our tree that a whole shop has."""
    return sorted({*databases.dependencies(paths.own_addons()), *databases.COMPANIONS})


def full_template(run: Run, cluster: Cluster) -> str:
    """A database with all our addons installed, made for this run's state of the tree."""
    ours = paths.own_addons()
    template = databases.template(cluster, all_modules())
    name = f"full_{paths.checkout_key()}"
    log = run.logs / "full.log"
    log.unlink(missing_ok=True)
    server.copy_database(cluster, template, name)
    line = ["-d", name, "-i", ",".join(ours), "--stop-after-init",
            "--http-port", str(server.free_port())]  # fmt: skip
    server.odoo(cluster, line, log)
    return name


def peers(modules: list[str]) -> int:
    """The own tests of stock modules without and with our addons; prints what changed."""
    ours = paths.own_addons()
    system.ensure_browser()
    run = Run(STANDARD, False)
    results: list[set[str]] = []
    with postgres.tests().running() as cluster:
        wanted = modules or databases.dependencies(ours)
        for title, install in (("stock", []), ("ours", ours)):
            say(f"== the tests of {', '.join(wanted)}: {title}")
            outcome = _peer_run(run, cluster, title, install, wanted)
            say(f"   {outcome.line()}")
            results.append(set(outcome.broken))
    changed = sorted(results[1] - results[0])
    broken = [name for name in changed if name not in CANT_HOLD]
    mended = sorted(results[0] - results[1])
    for name in broken:
        say(f"   broken by our addons: {name}")
    for name in changed:
        if name in CANT_HOLD:
            say(f"   can't hold beside our addons: {name}: {CANT_HOLD[name]}")
    for name in mended:
        say(f"   fails on bare Odoo only: {name}")
    say(f"{len(broken)} tests broken by our addons; {len(results[0])} fail on bare Odoo here")
    return 1 if broken else 0


def _peer_run(
    run: Run, cluster: Cluster, title: str, install: list[str], modules: list[str]
) -> Outcome:
    base = sorted({*databases.dependencies(paths.own_addons()), *modules})
    name = f"peers_{paths.checkout_key()}_{title}"
    log = run.logs / f"peers-{title}.log"
    log.unlink(missing_ok=True)
    server.copy_database(cluster, databases.template(cluster, base), name)
    tags = ",".join(f"/{module}" for module in modules)
    words = ["-d", name, "--test-tags", tags, "--stop-after-init",
             "--http-port", str(server.free_port())]  # fmt: skip
    # Tests run at the installation or the upgrade of their module.
    words += ["-i", ",".join(install)] if install else []
    words += ["-u", ",".join(modules)]
    try:
        line = server.command(cluster, words, with_ours=bool(install))
        with log.open("ab") as sink:
            subprocess.run(
                line, env=server.environment(cluster), stdout=sink, stderr=subprocess.STDOUT
            )
        return odoo_log.read(log, [])
    finally:
        server.drop_database(cluster, name)
