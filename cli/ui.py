"""What the command says, and how it runs other programs."""

import errno
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


class Failure(Exception):
    """Something the user must know and can act upon; printed as one message, no traceback."""


def say(text: str) -> None:
    print(text, flush=True)


def warn(text: str) -> None:
    start = "\n    " if _open_steps else ""
    print(f"{start}warning: {text}", file=sys.stderr, flush=True)


_open_steps: list[str] = []


@contextmanager
def step(title: str) -> Iterator[None]:
    """Print what is being done and how long it took; a step inside a step gets its own line."""
    if _open_steps:
        print(flush=True)
    _open_steps.append(title)
    print(f"{'  ' * len(_open_steps)}{title} ...", end="", flush=True)
    start = time.monotonic()
    try:
        yield
    except BaseException:
        print(" failed", flush=True)
        raise
    else:
        inner = "" if _open_steps[-1] == title else f"{'  ' * len(_open_steps)}{title}: done,"
        print(f"{inner} {time.monotonic() - start:.0f} s", flush=True)
    finally:
        _open_steps.remove(title)  # another thread's steps may stand after it


def run(
    command: Sequence[str | Path],
    *,
    log: Path | None = None,
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
    what: str = "",
    stdin: str | None = None,
) -> str:
    """Run a program and return what it printed.

    With `log` the output goes to that file instead. Raises Failure with the last lines and,
    for a full disk, with the plain cause.
    """
    words = [str(word) for word in command]
    try:
        if log:
            with log.open("ab") as sink:
                done = subprocess.run(
                    words, stdout=sink, stderr=subprocess.STDOUT, env=env, cwd=cwd, check=False
                )
            output = "" if done.returncode == 0 else tail(log)
        else:
            done = subprocess.run(
                words,
                capture_output=True,
                text=True,
                env=env,
                cwd=cwd,
                check=False,
                input=stdin,
            )
            output = done.stdout + (done.stderr if done.returncode else "")
    except OSError as error:
        raise Failure(explain(error, what or words[0])) from error
    if done.returncode:
        raise Failure(_failed(what or " ".join(words[:3]), done.returncode, output, log))
    return output


def _failed(what: str, code: int, output: str, log: Path | None) -> str:
    if "No space left on device" in output:
        return f"{what}: the disk is full. Free some space and run the same command again."
    lines = "\n    ".join(output.strip().splitlines()[-12:])
    where = f"\n  The whole log: {log}" if log else ""
    return f"{what} failed (exit {code}):\n    {lines}{where}"


def explain(error: OSError, what: str) -> str:
    """Say in plain words what an operating system's error means here."""
    if error.errno == errno.ENOSPC:
        return f"{what}: the disk is full. Free some space and run the same command again."
    if error.errno == errno.EACCES:
        return f"{what}: no permission for {error.filename}."
    if error.errno == errno.ENOENT:
        return f"{what}: {error.filename or 'a program'} is missing."
    return f"{what}: {error.strerror or error}"


def tail(path: Path, lines: int = 25) -> str:
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def which(*names: str) -> str | None:
    """The first of these programs that exists on PATH."""
    return next((found for name in names if (found := shutil.which(name))), None)
