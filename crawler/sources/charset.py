"""Which characters the bytes of a page are."""

import codecs
import re
import unicodedata

_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def text_of(body: bytes, content_type: str = "") -> str:
    """The text of a page. What is valid UTF-8 is UTF-8, whatever header and page claim.

    Else the byte order mark, the header, the page's own word, and at last windows-1252 decide.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace")
    text = _utf8(body)
    if text is not None:
        return text
    for name in _claims(body, content_type):
        try:
            return unicodedata.normalize("NFC", body.decode(name))
        except (LookupError, UnicodeDecodeError):
            continue
    declared = next(iter(_claims(body, content_type)), "windows-1252")
    try:
        return body.decode(declared, "replace")
    except LookupError:
        return body.decode("windows-1252", "replace")


def _utf8(body: bytes) -> str | None:
    """The text if it is UTF-8; a last character may be cut."""
    try:
        return codecs.getincrementaldecoder("utf-8")("strict").decode(body, final=False)
    except UnicodeDecodeError:
        return None


def _claims(body: bytes, content_type: str) -> list[str]:
    head = body[:4096]
    header = _HEADER_CHARSET.search(content_type)
    in_page = (pattern.search(head) for pattern in (_XML_CHARSET, _META_CHARSET))
    found = [header.group(1)] if header else []
    found.extend(match.group(1).decode("ascii", "replace") for match in in_page if match)
    return [name for name in found if name.lower().replace("-", "") != "utf8"]
