"""Which encoding, format and delimiter a file has, from its first bytes."""

import codecs
import re

from crawler.sources.legacy_fonts import font_of

SAMPLE_BYTES = 2**20
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
_VIETNAMESE = re.compile(
    "[ăâđêôơưĂÂĐÊÔƠƯ]|[aăâeêioôơuưyAĂÂEÊIOÔƠUƯY][\u0300\u0301\u0303\u0309\u0323]"
)
_NAMES = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def detect_encoding(sample: bytes, font: str = "") -> str:
    """utf-8-sig, utf-16(-le, -be), cp1258 or cp1252, by byte order mark, zero bytes and validity.

    What is written for a font of former years (`font`, or recognised) stands in the letters of cp1252.
    """
    for bom, name in _NAMES:
        if sample.startswith(bom):
            return name
    if len(sample) >= 4 and sample.count(0) > len(sample) // 5:
        return "utf-16-be" if sample[0] == 0 else "utf-16-le"
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(sample, final=False)
    except UnicodeDecodeError:
        return "cp1252" if font else _eight_bits(sample)
    return "utf-8-sig"


def detect_format(sample: str) -> str:
    """jsonl when the first line is a JSON object, else csv."""
    return "jsonl" if sample.lstrip("\ufeff \t\r\n").startswith("{") else "csv"


def detect_delimiter(sample: str) -> str:
    """The delimiter that stands most often in the first line, outside quotes."""
    line = re.sub(r'"(?:[^"]|"")*"', "", next(iter(sample.splitlines()), ""))
    best = max(DELIMITERS.values(), key=line.count)
    return best if best in line else ","


def _eight_bits(sample: bytes) -> str:
    """cp1258 writes tones as combining marks of their own; where no such text comes out, cp1252 stands."""
    if font_of(sample.decode("cp1252", "replace")):
        return "cp1252"
    as_vietnamese = len(_VIETNAMESE.findall(sample.decode("cp1258", "replace")))
    return "cp1258" if as_vietnamese * 50 > sample.count(b" ") else "cp1252"
