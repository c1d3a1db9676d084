"""Command line of ./retail."""

import argparse
import os
import signal
import subprocess
import sys
from types import FrameType

from . import bench, demo, lint, paths, postgres, server, tests
from .ui import Failure, explain, say

DESCRIPTION = "Daogou, a retail suite for Odoo 19: one command for everything."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./retail", description=DESCRIPTION)
    sub = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    part = sub.add_parser("demo", help="bring everything, make the demo shop and serve it")
    part.add_argument("--port", type=int, default=8069)
    part.add_argument("--fresh", action="store_true", help="start from the untouched demo shop")
    part.add_argument("--build-only", action="store_true", help="prepare it and stop")

    part = sub.add_parser("test", help="run all tests, or those of some addons or paths")
    part.add_argument("what", nargs="*", metavar="ADDON|PATH")
    part.add_argument("--fast", action="store_true", help="engines and repository rules only")
    part.add_argument("--long", action="store_true", help="the full counts")
    part.add_argument("--coverage", action="store_true")
    part.add_argument("--peers", action="store_true", help="stock's tests without and with ours")

    sub.add_parser("lint", help="style, rules of Odoo 19, containers")
    part = sub.add_parser("bench", help="our figures beside the peers'; writes docs/bench.*")
    part.add_argument("name", nargs="?", default="")
    for name, text in (("odoo", "any Odoo command"), ("psql", "a database prompt")):
        sub.add_parser(name, help=text, add_help=False)
    sub.add_parser("stop", help="stop the servers that a broken run left")
    part = sub.add_parser("clean", help="remove the databases and caches of this suite")
    part.add_argument("--all", action="store_true", help="downloads and environments too")
    return parser


def main(words: list[str]) -> int:
    # What follows `odoo` and `psql` is theirs, options too.
    passed_on = words[1:] if words[:1] in (["odoo"], ["psql"]) else []
    args = _parser().parse_args(words[:1] if passed_on else words)
    args.words = passed_on
    # A service manager's way to stop is Ctrl-C's: what was started stops as well.
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return int(_run(args) or 0)
    except Failure as failure:
        print(f"\nretail: {failure}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"\nretail: {explain(error, args.command)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _run(args: argparse.Namespace) -> int:
    if args.command == "demo":
        return demo.demo(args.port, args.fresh, args.build_only)
    if args.command == "test":
        if args.peers:
            return tests.peers(args.what)
        return tests.test(args.what, args.fast, args.long, args.coverage)
    if args.command == "lint":
        return lint.lint()
    if args.command == "bench":
        return bench.bench(args.name)
    if args.command in ("odoo", "psql"):
        return _pass_on(args.command, args.words)
    if args.command == "stop":
        return _stop()
    return demo.clean(args.all)


def _pass_on(command: str, words: list[str]) -> int:
    """Run Odoo or psql in our environment, on the demo's databases."""
    with postgres.demo().running() as cluster:
        if command == "psql":
            named = any(not word.startswith("-") for word in words) or "-d" in words
            line = [str(cluster.programs / "psql"), *words, *([] if named else [demo.DATABASE])]
        else:
            line = server.command(cluster, words)
        return subprocess.run(line, env=server.environment(cluster), cwd=os.getcwd()).returncode


def _stop() -> int:
    """Stop what runs of this cache left behind (a killed terminal, a crash)."""
    for cluster in (postgres.demo(), postgres.tests()):
        pid_file = paths.run_folder() / "server.pid"
        if cluster.is_up():
            cluster.stop()
            say(f"the {cluster.name} PostgreSQL is stopped")
        pid_file.unlink(missing_ok=True)
    return 0
