"""Read which product, and which of its sides, the name of a picture's file means.

A picture is called by the number or the barcode of its product, with or without a folder:
"A-17.jpg" or "summer/A-17.jpg" is its front, "A-17_back.png" or "A-17_背面.png" its other side.
"""

import re
import unicodedata
from dataclasses import dataclass

FRONT, BACK = "front", "back"
KINDS = (".jpg", ".jpeg", ".png", ".gif", ".bmp")
ENDINGS = {
    "front": FRONT, "正面": FRONT, "1": FRONT, "back": BACK, "背面": BACK, "反面": BACK, "2": BACK,
}  # fmt: skip
ENDING = re.compile(rf"^(.+?)[ ]?[_ ][ ]?({'|'.join(ENDINGS)})$", re.IGNORECASE)
CLUTTER = re.compile(r"(^|/)(__MACOSX/|\.|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)


@dataclass(frozen=True)
class PictureName:
    """The code as a whole, and code and side if its ending tells the side ("" if not)."""

    whole: str
    code: str
    side: str


def is_clutter(name: str) -> bool:
    """Whether a program has put the file there for itself: nobody misses it."""
    return bool(CLUTTER.search(name))


def read_name(name: str) -> PictureName | None:
    """Return what the name of a file in an archive says; None for no picture."""
    file = unicodedata.normalize("NFC", name.replace("\\", "/")).rpartition("/")[2]
    stem, dot, kind = file.rpartition(".")
    stem = stem.strip()
    if not stem or dot + kind.lower() not in KINDS:
        return None
    found = ENDING.match(stem)
    if not found:
        return PictureName(stem, stem, "")
    return PictureName(stem, found[1].strip(), ENDINGS[found[2].lower()])


def entry_name(name: str, is_utf_8: bool) -> str:
    """Return the name of a zip's entry as it was meant.

    Older programs write names in the encoding of their computer and don't say so; the reader
    takes them for those of an American PC (cp437). UTF-8 is told by its form; Chinese ones are
    GB18030 (GBK).
    """
    if is_utf_8 or name.isascii():
        return name
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name
