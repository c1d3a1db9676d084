"""Phones and mails that people type into their texts: hidden, and put back when a text returns."""

import re

from .extract import find_phones
from .masking import mask_email, mask_phone

_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_TAG = re.compile(r"(<[^>]*>)")
_LINK = re.compile(r"\b(?:mailto|tel|sms):", re.IGNORECASE)
FEW_DIGITS = 2  # so many in a search don't tell a number


def mask_prose(text: str, region: str | None = None) -> str:
    """Mask each phone and mail in a plain text; region as for `extract`."""
    return _mask(text, region)[0]


def mask_html(html: str, region: str | None = None) -> str:
    """Mask each phone and mail in the text and in the contact links of an HTML."""
    return type(html)(_mask_parts(html, region)[0])


def restore_prose(text: str, original: str, region: str | None = None) -> str:
    """Put the phones and mails of the original back into a text that was shown masked."""
    return _restore(text, _mask(original, region)[1])


def restore_html(html: str, original: str, region: str | None = None) -> str:
    """Put the phones and mails of the original back into an HTML that was shown masked."""
    return type(html)(_restore(str(html), _mask_parts(original, region)[1]))


def may_name_contact(text: str) -> bool:
    """Tell whether words searched for can be (a part of) a phone or a mail."""
    return "@" in text or sum(char.isdigit() for char in text) > FEW_DIGITS


# Kind of text -> what hides contacts in it, and what puts them back.
PROSE = {"prose": (mask_prose, restore_prose), "html": (mask_html, restore_html)}


def _mask(text: str, region: str | None) -> tuple[str, list[tuple[str, str]]]:
    """Return the masked text and what was masked, [(mask, original)] in the order of the text."""
    if "@" not in text and not may_name_contact(text):
        return text, []
    found = [(*match.span(), mask_email(match.group())) for match in _MAIL.finditer(text)]
    for start, end, _number in find_phones(text, region):
        if not any(start < other_end and other < end for other, other_end, _mask in found):
            found.append((start, end, mask_phone(text[start:end])))
    parts, done, replaced = [], 0, []
    for start, end, mask in sorted(found):
        parts += [text[done:start], mask]
        replaced.append((mask, text[start:end]))
        done = end
    return "".join([*parts, text[done:]]), replaced


def _mask_parts(html: str, region: str | None) -> tuple[str, list[tuple[str, str]]]:
    parts, replaced = [], []
    for part in _TAG.split(str(html)):
        if not part.startswith("<") or _LINK.search(part):
            part, more = _mask(part, region)
            replaced += more
        parts.append(part)
    return "".join(parts), replaced


def _restore(text: str, replaced: list[tuple[str, str]]) -> str:
    parts = []
    for mask, original in replaced:
        before, found, after = text.partition(mask)
        if found:
            parts += [before, original]
            text = after
    return "".join([*parts, text])
