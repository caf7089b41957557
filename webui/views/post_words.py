"""The words of posts: their states, kinds, platforms, contacts, reasons to dismiss, and what was done."""

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from casework.triage.reasons import REASONS
from search.rules.judgement import LABELS
from webui import words
from webui.errors import messages
from webui.formats import is_vietnamese
from webui.views.fact_words import fact
from webui.words import State, Text

COMBINATION = "combination"
"""What the matcher names as the group of a reason that several signals give together."""

KINDS: Mapping[str, Text] = {
    "lure": _l("Lure"),
    "warning": _l("Warning"),
    "news": _l("News"),
    "help": _l("Cry for help"),
    "legal": _l("Legal text"),
    "satire": _l("Satire"),
    "other": _l("Other"),
}
PLATFORMS: Mapping[str, Text] = {
    "facebook": "Facebook",
    "tiktok": "TikTok",
    "zalo": "Zalo",
    "telegram": "Telegram",
    "youtube": "YouTube",
    "bluesky": "Bluesky",
    "mastodon": "Mastodon",
    "forum": _l("Forum"),
    "wiki": "Wiki",
    "website": _l("Website"),
    "sms": "SMS",
    "other": _l("Other"),
}
CONTACTS: Mapping[str, Text] = {
    "phone": _l("Telephone"),
    "zalo": "Zalo",
    "telegram": "Telegram",
    "facebook": "Facebook",
    "tiktok": "TikTok",
    "whatsapp": "WhatsApp",
    "wechat": "WeChat",
    "viber": "Viber",
    "line": "LINE",
    "instagram": "Instagram",
    "email": _l("Mail"),
    "link": _l("Link"),
    "bank_account": _l("Bank account"),
    "wallet": _l("Cryptocurrency wallet"),
}
FACTS: Mapping[str, Text] = {
    "place": _l("Place"),
    "wage": _l("Pay"),
    "age": _l("Age"),
    "departure": _l("Departure"),
    "hotline": _l("Hotline"),
    "phone_partial": _l("Number in part"),
}
URGENT: Mapping[str, Text] = {
    "help": _l("somebody asks for help"),
    "ransom": _l("ransom"),
    "missing": _l("somebody is missing"),
    "minor": _l("a minor"),
    "departure": _l("a departure date"),
}
ORIGINS: Mapping[str, Text] = {
    "crawl": _l("crawled"),
    "import": _l("imported"),
    "manual": _l("entered by hand"),
    "citizen": _l("sent by a citizen"),
}
DISMISSALS: Mapping[str, Text] = {
    "not_lure": _l("Not a lure"),
    "honest_recruiter": _l("Honest recruiter"),
    "warning_or_news": _l("Warning or news"),
    "duplicate": _l("Duplicate"),
    "wrong_place": _l("Another province's affair"),
    "old": _l("Too old"),
    "needs_help": _l("A victim asks for help"),
    "other": _l("Other reason"),
}
STEPS: Mapping[str, Text] = {
    "flag": _l("Found by the rules"),
    "keep": _l("Flagged"),
    "dismiss": _l("Dismissed"),
    "route_to_help": _l("Moved to the help lane"),
    "undo": _l("Decision taken back"),
    "undo_help": _l("Taken out of the help lane"),
    "undo_keep": _l("Flag taken back"),
    "undo_dismiss": _l("Dismissal taken back"),
    "return": _l("Back in the queue: the post was edited"),
    "add_to_case": _l("Put into a case"),
    "remove_from_case": _l("Taken out of the case"),
}
SEEN: Mapping[str, Text] = {
    "online": _l("online"),
    "edited": _l("edited"),
    "removed": _l("removed"),
    "moved": _l("moved to another address"),
    "restricted": _l("restricted"),
    "login_wall": _l("login wall: nothing was seen"),
    "blocked": _l("blocked: nothing was seen"),
    "unreachable": _l("unreachable: nothing was seen"),
}

words.states(
    "post",
    {
        "new": State(_l("Waiting for review"), "waiting"),
        "kept": State(_l("Flagged"), "progress", "flag"),
        "dismissed": State(_l("Dismissed"), "neutral", "ban"),
        "in_case": State(_l("In a case"), "progress", "folders"),
        "closed": State(_l("Dealt with"), "good"),
    },
)
messages(
    {
        "error.triage.no_such_reason": _l("There is no such reason to dismiss a post."),
        "error.triage.reason_needs_note": _l("This reason needs a note that says what it is."),
        "error.triage.claimed_by_other": _l("%(name)s is looking at this post just now."),
        "error.triage.cannot_hand_over": _l(
            "This person cannot be given the post: the role or the unit does not allow it."
        ),
        "error.triage.already_decided": _l("Somebody has already decided about this post."),
        "error.triage.count_changed": _l(
            "The campaign now has %(now)s new posts, not %(shown)s as the page said."
        ),
        "error.triage.undone_before": _l("This decision was already taken back."),
        "error.triage.undo_too_late": _l(
            "Ten minutes are over or it is another person's decision: only an approver can take it back."
        ),
        "error.triage.later_decision": _l("A later decision about this post stands."),
        "error.index_unavailable": _l("The search index does not answer at the moment."),
        "error.index_outdated": _l("The search index is being rebuilt for a new version."),
        "error.search_page_too_deep": _l(
            "Only the first %(window)s posts of a search can be paged through. Narrow the search."
        ),
    }
)


def group(code: str) -> str:
    """The short label of a group of a reason or hit in the language of the page."""
    if code == COMBINATION:
        return str(gettext("several together"))
    label = LABELS.get(code)
    return label["vi" if is_vietnamese() else "en"] if label else code


def contact(kind: str, value: str) -> str:
    """A contact or fact as people write it: Vietnamese telephone numbers with 0, in groups."""
    if kind == "phone" and value.startswith("+84"):
        rest = value.removeprefix("+84")
        return f"0{rest[:-6]} {rest[-6:-3]} {rest[-3:]}"
    return fact(kind, value)


def word(table: Mapping[str, Text], code: str) -> str:
    """The word for a code; the code itself where the table has none."""
    return str(table.get(code) or code)


def dismissal(code: str) -> str:
    return word(DISMISSALS, code)


def step(act: str, reason: str) -> str:
    """What a transition did, with its reason in words."""
    said = word(STEPS, act)
    if act == "dismiss" and reason:
        return f"{said}: {dismissal(reason)}"
    if act == "remove_from_case" and reason:
        return f"{said}: {reason}"
    return said


def reasons() -> list[tuple[int, str, str, bool]]:
    """What the dismiss menu offers: digit, code, word, whether a note is needed."""
    return [(each.key, each.code, dismissal(each.code), each.note) for each in REASONS]
