"""The words of captures: what was left out, what stood over a page, who brought a file."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from casework.evidence.brought import Bringer
from casework.evidence.models import Custody
from webui.errors import messages
from webui.words import Text

NOTES: Mapping[str, Text] = {
    "navigation": _l("The page did not finish loading within %(seconds)s seconds."),
    "hangs": _l("Scripts of the page gave no answer any more."),
    "scripts_stopped": _l("The scripts of the page were ended."),
    "not_scrolled": _l("The page was not scrolled; pictures further down may be missing."),
    "scrolling": _l("The page grows without end; it was followed to %(height)s pixels."),
    "images": _l("%(count)s pictures did not load in time."),
    "never_rests": _l("The page keeps loading; it was taken as it stood."),
    "crashed": _l("The page was ended by the browser or because it took too much memory."),
    "memory": _l("The page took %(mb)s MB of memory; its scripts were ended."),
    "navigations": _l("The page led on by itself more than %(most)s times; it was held there."),
    "pictures": _l("There is no picture of pixel rows %(from_px)s to %(to_px)s."),
    "no_html": _l("The page as shown could not be read."),
    "no_text": _l("The text is that of the HTML; the page did not give its own in time."),
    "html_as_received": _l("HTML and text are those received, not those shown."),
    "traffic": _l("The page loads more than %(mb)s MB; the rest was cut off."),
    "resources": _l(
        "The page loads more than %(most)s resources; %(dropped)s are not in the archive."
    ),
    "video": _l("A video could not be kept: %(why)s"),
    "video_off": _l("A video was not kept, because the settings say so."),
}
WALLS: Mapping[str, Text] = {
    "login_wall": _l("A login wall: strangers do not see the page itself."),
    "blocked": _l("A block or captcha: the site did not show the page itself."),
    "consent": _l("A page that asks for consent first: the page itself was not seen."),
}
TRIED: Mapping[str, Text] = {
    "dialogs": _l("message boxes"),
    "popups": _l("further windows"),
    "downloads": _l("downloads"),
    "sockets": _l("web sockets"),
}
BRINGERS: Mapping[str, Text] = {
    Bringer.CITIZEN: _l("a citizen"),
    Bringer.OFFICER: _l("an officer"),
    Bringer.AUTHORITY: _l("another authority"),
    Bringer.PLATFORM: _l("a platform or service provider"),
}
messages(
    {
        "error.evidence.count": _l("Choose at least one file and at most %(most)s."),
        "error.evidence.seen_at": _l("The time it was seen lies in the future."),
        "error.evidence.bringer": _l("Say who brought the files."),
        "error.evidence.no_address": _l("No post of this case has an address on the web."),
    }
)


def notes(detail: Mapping[str, Any]) -> list[str]:
    """What went beyond a limit or did not work, in sentences."""
    return [_note(one) for one in detail.get("notes", ())]


def tried(detail: Mapping[str, Any]) -> str:
    """What the page tried and was refused: `message boxes (3), web sockets (1)`."""
    found = detail.get("tried", {})
    return ", ".join(f"{TRIED.get(name, name)} ({count})" for name, count in found.items())


def tls(detail: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The connection in pairs of a word and a value; empty where nothing is known of it."""
    told = detail.get("tls")
    if told is None:
        return []
    if not told.get("tls"):
        return [(gettext("Connection"), gettext("not encrypted (plain http)"))]
    trusted = told.get("trusted")
    vouched = {
        True: gettext("vouched for by an authority that this machine trusts"),
        False: gettext("not trusted: %(why)s", why=told.get("distrust", "")),
        None: "",
    }[trusted]
    return [
        (gettext("Connection"), told.get("protocol", "")),
        (gettext("Certificate of"), told.get("subject", "")),
        (gettext("Issued by"), told.get("issuer", "")),
        (gettext("Valid from"), told.get("valid_from", "")),
        (gettext("Valid to"), told.get("valid_to", "")),
        (gettext("Trust"), vouched),
        (gettext("Fingerprint (SHA-256)"), told.get("sha256", "")),
    ]


def custody_note(row: Custody) -> str:
    """What stands beside an act of custody, for people; what says nothing beyond the act is left out."""
    if row.detail == "ok" or row.detail.endswith(" files") or row.act == "seen_unchanged":
        return ""
    who, colon, words = row.detail.partition(": ")
    if row.act == "brought" and colon and who in BRINGERS:
        return f"{BRINGERS[who]}: {words}"
    return row.detail


def _note(one: Mapping[str, Any]) -> str:
    template = NOTES.get(str(one.get("what")))
    if template is None:
        return str(one.get("what", ""))
    return str(template) % {name: _plain(value) for name, value in one.items()}


def _plain(value: Any) -> Any:
    return round(value) if isinstance(value, float) else value
