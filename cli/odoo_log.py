"""Reading an Odoo test run's log: what ran, what failed, what was skipped, what warned."""

import re
from dataclasses import dataclass, field
from pathlib import Path

LINE = re.compile(
    r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) (?P<db>\S+) (?P<logger>[^:\s]+): (?P<text>.*)$"
)
STARTED = re.compile(r"^Starting (\S+) \.\.\.")
SKIPPED = re.compile(r"^skipped (\S+)")
BROKEN = re.compile(r"^(?:FAIL|ERROR): (.+)$")
# What the server says of the machine and not of our addons.
HARMLESS = (
    "Running as user 'root'",
    "option --http-interface",
    "python-ldap",
)


@dataclass
class Outcome:
    """What one run of tests came to; `broken` and `warnings` hold what to show."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    broken: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def __iadd__(self, other: "Outcome") -> "Outcome":
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.broken += other.broken
        self.warnings += other.warnings
        return self

    @property
    def ok(self) -> bool:
        return not (self.failed or self.skipped or self.warnings)

    def line(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def read(log: Path, addons: list[str]) -> Outcome:
    """Count the tests of an Odoo log; a warning or error counts when it names our addons."""
    outcome = Outcome()
    started = 0
    names = re.compile(rf"\b({'|'.join(map(re.escape, addons))})\b") if addons else None
    for raw in log.read_text(errors="replace").splitlines():
        match = LINE.match(raw)
        if not match:
            continue
        text = match["text"]
        if STARTED.match(text):
            started += 1
        elif SKIPPED.match(text):
            outcome.skipped += 1
            outcome.broken.append(text)
        elif broken := BROKEN.match(text):
            outcome.failed += 1
            outcome.broken.append(broken[1])
        elif _is_our_warning(match, names):
            outcome.warnings.append(f"{match['level']} {match['logger']}: {text}")
    outcome.passed = max(0, started - outcome.failed - outcome.skipped)
    return outcome


def _is_our_warning(match: re.Match[str], names: re.Pattern[str] | None) -> bool:
    if match["level"] not in ("WARNING", "ERROR", "CRITICAL"):
        return False
    if not names or any(part in match["text"] for part in HARMLESS):
        return False
    return bool(names.search(match["logger"]) or names.search(match["text"]))
