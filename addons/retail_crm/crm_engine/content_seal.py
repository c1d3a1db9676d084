"""The seal of a record: a digest of its content that shows any later change."""

import hashlib
import json
from collections.abc import Mapping


def seal(content: Mapping[str, object]) -> str:
    """Return the SHA-256 of the content in hexadecimal, 64 characters.

    The content holds texts, integers, booleans, None and lists of them: written as JSON with
    sorted names and no spaces, in UTF-8, so that the same content always gives the same bytes.
    Raises TypeError for anything else (a float has no single way to be written).
    """
    _check(dict(content))
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _check(value: object) -> None:
    if isinstance(value, dict):
        for name, item in value.items():
            if not isinstance(name, str):
                raise TypeError(f"a name must be a text: {name!r}")
            _check(item)
    elif isinstance(value, list):
        for item in value:
            _check(item)
    elif value is not None and not isinstance(value, str | int | bool):
        raise TypeError(f"this can't be sealed: {value!r}")
