"""What the engine refuses to evaluate.

Twin: static/src/promo_engine/errors.js
"""

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]  # an object of the contract
MAX_INTEGER = 2**53  # exclusive: both twins hold every smaller integer exactly


class InvalidInput(ValueError):
    """The input breaks the contract; an outcome would mean nothing."""


def ensure(condition: object, message: str) -> None:
    """Raise InvalidInput with the message unless the condition holds."""
    if not condition:
        raise InvalidInput(message)


def needed(data: Json, key: str, path: str) -> Any:
    """Return data[key]. Raises InvalidInput when it is absent or null."""
    value = data.get(key)
    ensure(value is not None, f"{path}: no {key}")
    return value


def needed_integer(data: Json, key: str, path: str) -> int:
    """Return the integer data[key]. Raises InvalidInput when it is anything else."""
    value = needed(data, key, path)
    ensure(_is_integer(value), f"{path}: {key} is no integer")
    return int(value)


def optional_integer(data: Json, key: str, path: str) -> int | None:
    """Return data[key], None when absent or null. Raises InvalidInput if no integer."""
    value = data.get(key)
    ensure(value is None or _is_integer(value), f"{path}: {key} is no integer")
    return value


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def check_integers(value: object, path: str) -> None:
    """Raise InvalidInput for a number in the tree that is no integer below 2^53."""
    if value is None or isinstance(value, (str, bool)):
        return
    if isinstance(value, int):
        ensure(-MAX_INTEGER < value < MAX_INTEGER, f"{path}: no integer below 2^53")
    elif isinstance(value, dict):
        for key, item in value.items():
            check_integers(item, f"{path}.{key}")
    elif isinstance(value, (list, tuple)):
        for position, item in enumerate(value):
            check_integers(item, f"{path}[{position}]")
    else:
        raise InvalidInput(f"{path}: no integer below 2^53")


def check_unique(ids: Iterable[object], what: str) -> None:
    """Raise InvalidInput when two of the ids are the same."""
    seen = set()
    for identifier in ids:
        ensure(identifier not in seen, f"two {what} have the id {identifier}")
        seen.add(identifier)
