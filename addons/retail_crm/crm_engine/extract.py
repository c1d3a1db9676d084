"""Key facts in a text that somebody wrote or dictated: no model, no service, only rules.

English and Chinese. The caller proposes what was found; a person accepts it.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher, format_number

from .extract_dates import find_dates

PLEASED, UPSET = "pleased", "upset"
MOODS = {
    PLEASED: "happy pleased satisfied delighted glad thanks thank grateful love loves great "
    "excellent 满意 滿意 高兴 高興 开心 開心 喜欢 喜歡 感谢 感謝 谢谢 謝謝 不错 不錯",
    UPSET: "angry upset unhappy annoyed furious disappointed dissatisfied terrible awful complain "
    "complained complaint 生气 生氣 愤怒 憤怒 失望 不满 不滿 投诉 投訴 客訴 抱怨 太差 糟糕",
}
NEGATIONS = r"not |isn't |wasn't |no |never |doesn't |didn't |不太|不够|不夠|没有|沒有|不|没|沒"
_CURRENCY = r"(?:US\$|NT\$|HK\$|[$€£¥]|USD|EUR|GBP|CNY|RMB|TWD|HKD)"
_AMOUNT_UNIT = (
    r"(?:dollars?|euros?|pounds?|yuan|USD|EUR|GBP|CNY|RMB|TWD|HKD)(?!\w)|元|块钱|塊錢|块|塊"
)
_NUMBER = r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,9}(?:\.\d{1,2})?)"
AMOUNTS = (
    re.compile(rf"{_CURRENCY} ?{_NUMBER}(?![\d,]*\d)(?P<ten_thousand>万|萬)?", re.I),
    re.compile(rf"(?<![\d.,\w]){_NUMBER} ?(?P<ten_thousand>万|萬)?(?:{_AMOUNT_UNIT})", re.I),
    re.compile(rf"(?<=[一-鿿]){_NUMBER} ?(?P<ten_thousand>万|萬)?(?:{_AMOUNT_UNIT})", re.I),
)
CODES = (
    re.compile(
        r"(?:order|receipt|invoice|订单|訂單|单号|單號|小票)(?:号|號| number| no\.?)? ?[:#]? ?"
        r"(?P<code>(?=[A-Z0-9/_-]*\d)[A-Z0-9]+(?:[-/_][A-Z0-9]+)*)",
        re.I | re.ASCII,
    ),
    re.compile(
        r"(?<![A-Z0-9/_-])(?P<code>(?=[A-Z0-9/_-]*\d[/_-]?\d)[A-Z][A-Z0-9]*(?:[-/_][A-Z0-9]+)*)"
        r"(?![A-Z0-9_-])",
        re.I | re.ASCII,
    ),
    re.compile(r"(?<!\d)(?P<code>\d{13})(?!\d)", re.ASCII),
)


@dataclass(frozen=True)
class Finding:
    """One fact: its place in the normalised text and what it means.

    kind -> value: date -> date; amount -> Decimal; phone -> E.164 text; code -> text in capitals
    (an order number or a product code: only the shop's own lists tell); mood -> pleased | upset.
    """

    kind: str
    text: str
    start: int
    end: int
    value: object


def extract(text: str, today: date, region: str | None = None) -> list[Finding]:
    """Return what the text names, in the order of the text; places never overlap.

    Args: `region` is the country (two letters) of telephone numbers that are written without
    their country; without it only numbers with a plus are found.
    """
    text = unicodedata.normalize("NFKC", text or "")
    found: list[Finding] = []
    # A 13-digit code could be read as a telephone number, an ISO day as a code: the surer first.
    for kind, spans in (
        ("date", find_dates(text, today)),
        ("amount", _find_amounts(text)),
        ("phone", find_phones(text, region)),
        ("code", _find_codes(text)),
        ("mood", _find_moods(text)),
    ):
        for start, end, value in spans:
            if not any(start < other.end and other.start < end for other in found):
                found.append(Finding(kind, text[start:end], start, end, value))
    return sorted(found, key=lambda finding: finding.start)


def mood(findings: list[Finding]) -> str | None:
    """Return the mood that most of the mood words show, None for a tie or none at all."""
    moods = [finding.value for finding in findings if finding.kind == "mood"]
    pleased, upset = moods.count(PLEASED), moods.count(UPSET)
    if pleased == upset:
        return None
    return PLEASED if pleased > upset else UPSET


Spans = Iterator[tuple[int, int, object]]


def _find_amounts(text: str) -> Spans:
    for pattern in AMOUNTS:
        for match in pattern.finditer(text):
            number = Decimal(match["number"].replace(",", ""))
            yield *match.span(), number * 10000 if match["ten_thousand"] else number


def find_phones(text: str, region: str | None) -> Spans:
    """Yield (start, end, E.164) of each telephone number in a text; region as for `extract`."""
    for match in PhoneNumberMatcher(text, region, leniency=Leniency.VALID):
        yield match.start, match.end, format_number(match.number, PhoneNumberFormat.E164)


def _find_codes(text: str) -> Spans:
    for pattern in CODES:
        for match in pattern.finditer(text):
            yield *match.span("code"), match["code"].upper()


def _mood_pattern(words: str) -> re.Pattern[str]:
    listed = sorted(words.split(), key=len, reverse=True)
    latin = "|".join(word for word in listed if word.isascii())
    other = "|".join(word for word in listed if not word.isascii())
    return re.compile(
        rf"(?P<negated>(?:{NEGATIONS})(?:very |so )?)?(?:\b(?:{latin})\b|{other})", re.I
    )


_MOOD_PATTERNS = {name: _mood_pattern(words) for name, words in MOODS.items()}
OPPOSITE = {PLEASED: UPSET, UPSET: PLEASED}


def _find_moods(text: str) -> Spans:
    # The upset words first: 不满 is one of them, and not the contrary of a pleased one.
    for name in (UPSET, PLEASED):
        for match in _MOOD_PATTERNS[name].finditer(text):
            yield *match.span(), OPPOSITE[name] if match["negated"] else name
