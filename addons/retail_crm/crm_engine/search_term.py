"""What somebody who looks for a member has typed: a phone, letters, a mail, or words.

Pure: the text in, what it can be out; which of it finds a member is decided by the search.
"""

import re
from dataclasses import dataclass

QUOTES = "\"'“”「」『』＂"
LAST_DIGITS = 4  # the end of a number by which members are found without knowing it all
MIN_NUMBER = 7  # digits from which on the end of a number is enough
PHONE = re.compile(r"(?:tel:?\s*)?[+＋]?[\d\s().\-/\\－–]+", re.IGNORECASE)
LETTERS = re.compile(r"[a-z]{2,}", re.IGNORECASE)


@dataclass(frozen=True)
class SearchTerm:
    """A term: its words without quotes, and the digits if it can be a phone number."""

    text: str
    exact: bool = False
    number: str = ""  # as typed, for a parser of phone numbers
    digits: str = ""  # ASCII digits only

    @property
    def is_last_digits(self) -> bool:
        return len(self.digits) == LAST_DIGITS and self.digits == self.number

    @property
    def is_number(self) -> bool:
        return len(self.digits) >= MIN_NUMBER

    @property
    def is_mail(self) -> bool:
        return "@" in self.text

    @property
    def letters(self) -> str:
        """Return the term as initials or pinyin: lower case letters, without apostrophes."""
        joined = re.sub(r"[\s'’]", "", self.text)
        return joined.lower() if LETTERS.fullmatch(joined) else ""


def parse(term: str) -> SearchTerm:
    """Return what a term can be. Words in quotes are meant exactly."""
    text = " ".join((term or "").split())
    if len(text) > 2 and text[0] in QUOTES and text[-1] in QUOTES:
        return SearchTerm(text[1:-1].strip(), exact=True)
    if not PHONE.fullmatch(text):
        return SearchTerm(text)
    # Also full-width digits, as Chinese input methods write them.
    number = "".join(str(int(char)) if char.isdecimal() else char for char in text)
    number = number.lower().removeprefix("tel").lstrip(": ").replace("＋", "+")
    return SearchTerm(text, number=number, digits=re.sub(r"\D", "", number))
