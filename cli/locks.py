"""Locks between runs: two commands at once must not build the same thing twice."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file; waits for whoever holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def build_once(target: Path, build: Callable[[Path], None]) -> bool:
    """Make a folder once, in place (environments know their own path).

    A mark written last says that it is whole: what an interrupted run left is made again.
    Returns True when it was built now, False when it was there.
    """
    mark = target / ".complete"
    if mark.exists():
        return False
    with exclusive(target.with_name(target.name + ".lock")):
        if mark.exists():
            return False
        rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        build(target)
        mark.touch()
    return True
