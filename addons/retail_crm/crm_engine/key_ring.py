"""Encryption of single values, with a blind index by which whole values are found again.

A ring holds one key or several, one a line: the first encrypts, all decrypt, so that a new key
can be put in front while values are still encrypted with the old ones.
"""

import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class NoKey(ValueError):
    """There is no key, or what is given for one is none."""


class WrongKey(ValueError):
    """None of the keys is the one that encrypted the value."""


class KeyRing:
    def __init__(self, text: str):
        """Take Fernet keys (32 bytes in URL-safe base64), separated by white space or commas."""
        self._keys = text.replace(",", " ").split()
        if not self._keys:
            raise NoKey("no key")
        try:
            self._fernets = [Fernet(key) for key in self._keys]
        except ValueError as error:
            raise NoKey("a key must be 32 bytes in URL-safe base64") from error
        self._ring = MultiFernet(self._fernets)

    def encrypt(self, value: str) -> str:
        """Return what is stored: cipher text, another one at each call."""
        return self._ring.encrypt(value.encode()).decode()

    def decrypt(self, cipher: str) -> str:
        """Return the value; raises WrongKey when no key of the ring made the cipher text."""
        try:
            return self._ring.decrypt(cipher.encode()).decode()
        except InvalidToken as error:
            raise WrongKey("none of the keys fits") from error

    def is_current(self, cipher: str) -> bool:
        """Tell whether the first key made the cipher text."""
        try:
            self._fernets[0].decrypt(cipher.encode())
        except InvalidToken:
            return False
        return True

    def index(self, purpose: str, value: str) -> str:
        """Return the blind index of a normalised value under the first key, 64 hex digits.

        purpose: the field, so that equal values of two fields don't show that they are equal.
        """
        return self.indexes(purpose, value)[0]

    def indexes(self, purpose: str, value: str) -> list[str]:
        """Return the blind indexes under every key of the ring, to search by."""
        return [_index(key, purpose, value) for key in self._keys]


def _index(key: str, purpose: str, value: str) -> str:
    # A key of its own for the index: the encrypting one must not be used for anything else.
    own = hmac.digest(key.encode(), b"daogou blind index", hashlib.sha256)
    return hmac.new(own, f"{purpose}:{value}".encode(), hashlib.sha256).hexdigest()
