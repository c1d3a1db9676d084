"""Finding the encoding of a text file: UTF-8, UTF-16 by its mark, or GB18030."""

import codecs

UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
MIN_COMMON_SHARE = 0.8  # of the two-byte characters, for text to pass as GB18030


class EncodingError(ValueError):
    """The bytes are in no encoding that can be told for sure, or not in the one given."""

    def __init__(self, encoding: str = ""):
        super().__init__(encoding)
        self.encoding = encoding


def decode(content: bytes, encoding: str = "") -> tuple[str, str]:
    """Return the text and the name of its encoding; raises EncodingError.

    With an encoding given, only that one is tried. Without, a byte order mark decides, then
    UTF-8, then GB18030 if the text looks like Chinese in it: GB18030 takes almost any bytes,
    so that accents of Western text or Big5 would silently turn into rare characters.
    """
    if encoding:
        return _strict(content, encoding), encoding
    if content.startswith(codecs.BOM_UTF8):
        return _strict(content, "utf-8-sig"), "utf-8-sig"
    if content.startswith(UTF_16_MARKS):
        return _strict(content, "utf-16"), "utf-16"
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    text = _strict(content, "gb18030")
    if not _looks_chinese(content):
        raise EncodingError()
    return text, "gb18030"


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise EncodingError(encoding) from error


def _looks_chinese(content: bytes) -> bool:
    """Whether most two-byte characters are those of GB2312: its common hanzi and signs.

    There both bytes are 0xA1 or above; in misread Western text or Big5 the second byte is
    often a plain letter.
    """
    common = total = index = 0
    while index < len(content):
        if content[index] < 0x80:
            index += 1
            continue
        second = content[index + 1] if index + 1 < len(content) else 0
        if 0x30 <= second <= 0x39:  # a four-byte character
            index += 4
            total += 1
            continue
        total += 1
        common += 0xA1 <= content[index] <= 0xF7 and second >= 0xA1
        index += 2
    return bool(total) and common / total >= MIN_COMMON_SHARE
