"""Which way to contact a member: the member's wish first, then urgency, then complexity."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Way:
    """A way of contact as the shop set it up; `key` is the caller's own, `blocked` by failures."""

    key: int
    urgent: bool = False
    complex: bool = False
    blocked: bool = False


@dataclass(frozen=True)
class Advice:
    """The way to take, None for none, and why.

    Reasons: do_not_contact, preferred, urgent_complex, urgent, complex, usual, none_open.
    `refused_wish` is True when the member's wish could not be met because its way is blocked.
    """

    key: int | None
    reason: str
    refused_wish: bool = False


def advise(
    ways: Iterable[Way],
    urgent: bool = False,
    complex_: bool = False,
    preferred: int | None = None,
    do_not_contact: bool = False,
) -> Advice:
    """Return the way to contact somebody with a matter.

    Args: `ways` in the shop's own order; the first that fits is taken. `preferred` is the key of
    the way the member asked for.
    """
    if do_not_contact:
        return Advice(None, "do_not_contact")
    ways = list(ways)
    open_ways = [way for way in ways if not way.blocked]
    refused = any(way.key == preferred and way.blocked for way in ways)
    if any(way.key == preferred for way in open_ways):
        return Advice(preferred, "preferred")
    for reason, fits in _wishes(urgent, complex_):
        for way in open_ways:
            if fits(way):
                return Advice(way.key, reason, refused)
    return Advice(None, "none_open", refused)


def _wishes(urgent: bool, complex_: bool) -> Iterator[tuple[str, Callable[[Way], bool]]]:
    """Yield (reason, test of a way), the strongest first: what is urgent can't wait for paper."""
    if urgent and complex_:
        yield "urgent_complex", lambda way: way.urgent and way.complex
    if urgent:
        yield "urgent", lambda way: way.urgent
    if complex_:
        yield "complex", lambda way: way.complex
    yield "usual", lambda way: True
