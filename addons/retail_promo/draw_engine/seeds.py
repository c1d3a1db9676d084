"""Chance from a seed that was fixed before: the shop can't choose it, the player can check it.

The campaign's seed is secret while it runs; its SHA-256 (the commitment) is shown from the start.
Each draw has a seed of its own, made of the campaign's seed, the number of the draw and the key
of the request, so that showing it gives no other draw away.
"""

import hashlib
import hmac

SPACE = 1 << 256  # numbers that a SHA-256 can be


def commitment(seed: str) -> str:
    """Return what is shown of a secret seed from the start: its SHA-256 in hexadecimal."""
    return hashlib.sha256(seed.encode()).hexdigest()


def draw_seed(seed: str, number: int, key: str) -> str:
    """Return the seed of one draw: HMAC-SHA-256 of "<number>:<key>" under the campaign's seed."""
    message = f"{number}:{key}".encode()
    return hmac.new(seed.encode(), message, hashlib.sha256).hexdigest()


def number_below(seed: str, bound: int) -> int:
    """Return the number of a seed, 0 <= number < bound, each equally likely.

    The SHA-256 of "<seed>:<round>" modulo the bound; rounds whose hash falls in the last,
    incomplete stretch of the space are left out. Raises ValueError for a bound below one.
    """
    if bound < 1:
        raise ValueError("there is no number below " + str(bound))
    whole = SPACE - SPACE % bound
    attempt = 0
    while True:
        value = int.from_bytes(hashlib.sha256(f"{seed}:{attempt}".encode()).digest(), "big")
        if value < whole:
            return value % bound
        attempt += 1
