"""How a name is found by its letters: pinyin initials and whole pinyin, as words of one text.

Pure; a name of Han characters gives the initials in each of their readings (曾 is z or c) and
the usual pinyin without spaces; other words give their first letters.
"""

import re
from functools import lru_cache
from itertools import islice, product
from typing import Any

from pypinyin import Style, lazy_pinyin, load_phrases_dict, pinyin

# What pypinyin can't read stays as it is, letter by letter; its types forget that lists may be.
LETTERS: Any = list
MAX_READINGS = 16  # of one name; rare readings beyond them are left out
MAX_NAME = 64  # characters that are read
# A Han character, or a word of letters and digits of another script.
UNIT = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\W_\u3400-\u9fff\uf900-\ufaff]+")
# Words of shops that pypinyin's own dictionary reads as "zhang", to grow.
LONG_THINGS = "裙裤褲袖款衫靴袜襪袍巾绒絨筒"
load_phrases_dict(
    {f"{long}{thing}": [["cháng"], pinyin(thing)[0]] for long in "长長" for thing in LONG_THINGS}
)


def name_index(name: str) -> str:
    """Return the words by which a name is found, each after a space: " wf wangfang".

    Emoji, quotes and other signs are passed over; a name without letters gives "".
    """
    units = UNIT.findall((name or "").lower()[:MAX_NAME])
    if not units:
        return ""
    readings = [_initials(unit) for unit in units]
    words = ["".join(letters) for letters in islice(product(*readings), MAX_READINGS)]
    if any(_is_han(unit) for unit in units):
        words.append("".join(lazy_pinyin("".join(units), errors=LETTERS)))
    return "".join(f" {word}" for word in dict.fromkeys(words))


def usual_initials(name: str) -> str:
    """Return the initials of a name as it is usually read: 长裙 gives "cq", not "zq"."""
    units = UNIT.findall((name or "").lower()[:MAX_NAME])
    letters = {unit: unit[0] for unit in units if not _is_han(unit)}
    # The characters are read together: words decide how each of them is read.
    read = iter(lazy_pinyin("".join(filter(_is_han, units)), errors=LETTERS))
    return "".join(letters.get(unit) or next(read)[0] for unit in units)


def _initials(unit: str) -> tuple[str, ...]:
    """Return the first letters of a unit's readings, the usual one first."""
    return _readings(unit) if _is_han(unit) else (unit[0],)


@lru_cache(maxsize=8192)
def _readings(character: str) -> tuple[str, ...]:
    found = pinyin(character, style=Style.NORMAL, heteronym=True, errors=LETTERS)[0]
    return tuple(dict.fromkeys(reading[0] for reading in found))


def _is_han(unit: str) -> bool:
    return len(unit) == 1 and "\u3400" <= unit <= "\ufaff" and not "\ua000" <= unit <= "\uf8ff"
