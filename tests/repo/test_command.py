"""The parts of ./retail that need no Odoo: clear refusals, safe caches, an honest count."""

import socket
import subprocess
import sys

import pytest

from cli import locks, odoo_log, paths, postgres, server, tests, ui


def test_a_taken_port_is_a_clear_refusal():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ui.Failure, match=f"Port {port} is taken.*--port"):
            server.free_port(port)


def test_an_interrupted_build_is_made_again(tmp_path):
    target = tmp_path / "thing"

    def broken(folder):
        (folder / "half").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        locks.build_once(target, broken)
    assert locks.build_once(target, lambda folder: (folder / "whole").touch())
    assert sorted(path.name for path in target.iterdir()) == [".complete", "whole"]
    assert not locks.build_once(target, broken)


def test_a_request_to_end_stops_what_was_started(tmp_path):
    """SIGTERM ends the command like Ctrl-C: blocks that stop servers are left in order."""
    code = (
        "import sys, time; from pathlib import Path; from cli import main\n"
        "def run(args):\n"
        "    try:\n"
        "        print('runs', flush=True); time.sleep(60)\n"
        "    finally:\n"
        "        Path(sys.argv[1]).touch()\n"
        "main._run = run\n"
        "sys.exit(main.main(['stop']))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, tmp_path / "stopped"],
        cwd=paths.ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout.readline() == b"runs\n"
    process.terminate()
    assert process.wait(30) == 130
    assert (tmp_path / "stopped").exists()


def test_two_builds_at_once_build_once(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from cli.locks import build_once\n"
        "target = Path(sys.argv[1])\n"
        "def build(folder):\n"
        "    with (target.parent / 'built').open('a') as out: out.write('x')\n"
        "    time.sleep(0.3)\n"
        "build_once(target, build)\n"
    )
    words = [sys.executable, "-c", code, str(tmp_path / "thing")]
    for process in [subprocess.Popen(words, cwd=paths.ROOT) for _ in range(3)]:
        assert process.wait() == 0
    assert (tmp_path / "built").read_text() == "x"


def test_a_full_disk_is_said_plainly(tmp_path):
    with pytest.raises(ui.Failure, match="the disk is full"):
        ui.run([sys.executable, "-c", "import sys; sys.exit('No space left on device')"])


def test_a_failing_program_shows_its_last_words():
    with pytest.raises(ui.Failure, match="went wrong here"):
        ui.run([sys.executable, "-c", "import sys; sys.exit('went wrong here')"])


LINE = "2026-11-22 02:00:00,000 1 {} db odoo.addons.{}: {}\n"


def log_of(tmp_path, *lines):
    path = tmp_path / "odoo.log"
    path.write_text("".join(LINE.format(*line) for line in lines))
    return odoo_log.read(path, ["retail_crm"])


def test_a_skipped_tour_is_a_failure(tmp_path):
    outcome = log_of(
        tmp_path,
        ("INFO", "x.tests.test_a", "Starting TestA.test_one ..."),
        ("INFO", "x.tests.test_a", "Starting TestA.test_tour ..."),
        ("INFO", "x.tests.test_a", "skipped TestA.test_tour : Chrome executable not found"),
    )
    assert (outcome.passed, outcome.skipped, outcome.ok) == (1, 1, False)


def test_a_warning_of_ours_is_a_failure_and_one_of_others_is_not(tmp_path):
    other = log_of(tmp_path, ("WARNING", "mail.models.mail", "something"))
    ours = log_of(tmp_path, ("WARNING", "retail_crm.models.x", "something"))
    named = log_of(tmp_path, ("WARNING", "base", "Model retail_crm is odd"))
    assert other.ok and not ours.ok and not named.ok


def test_what_broke_is_named(tmp_path):
    outcome = log_of(
        tmp_path,
        ("INFO", "x.tests.test_a", "Starting TestA.test_one ..."),
        ("ERROR", "x.tests.test_a", "FAIL: TestA.test_one"),
    )
    assert (outcome.passed, outcome.failed, outcome.broken) == (0, 1, ["TestA.test_one"])


def test_a_word_that_is_neither_addon_nor_file_is_refused():
    with pytest.raises(ui.Failure, match="neither an addon"):
        tests.test(["no_such_thing"], fast=True, full=False, coverage=False)


def test_a_long_cache_path_gets_a_short_socket(tmp_path, monkeypatch):
    monkeypatch.setenv("DAOGOU_CACHE", str(tmp_path / ("long" * 30)))
    folder = postgres.Cluster("tests", safe=False).socket
    assert len(str(folder / ".s.PGSQL.5432")) <= 107


def test_secrets_are_made_once_and_private(tmp_path, monkeypatch):
    monkeypatch.setenv("DAOGOU_SECRETS", str(tmp_path / "secrets"))
    first = server.secret("master_password")
    assert server.secret("master_password") == first and len(first) == 44
    assert (tmp_path / "secrets" / "master_password").stat().st_mode & 0o077 == 0
