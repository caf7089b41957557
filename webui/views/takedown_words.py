"""The words of takedowns: states, channels, what happened, what can go wrong."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from casework.channels.proof import ChannelKind
from casework.domain.takedown_lifecycle import ItemState, RequestState
from casework.law.model import Target
from casework.takedowns.models import AnswerKind, NoticeKind, NoticeState, Pace, Wanted
from search.post import Availability
from webui import words
from webui.errors import messages
from webui.views.case_words import actions
from webui.words import State, Text

TARGETS: Mapping[str, Text] = {
    Target.CROSS_BORDER: _l("Cross-border platform"),
    Target.DOMESTIC_NETWORK: _l("Domestic social network"),
    Target.WEBSITE: _l("Website owner"),
    Target.ACCOUNT_OWNER: _l("Account or page owner, group admin"),
    Target.POSTER: _l("Person who posted"),
    Target.TELECOM: _l("Telecoms or hosting company"),
}
CHANNELS: Mapping[str, Text] = {
    ChannelKind.TELEPHONE: _l("Telephone"),
    ChannelKind.LETTER: _l("Letter"),
    ChannelKind.MAIL: _l("E-mail"),
    ChannelKind.PORTAL: _l("Portal"),
}
PACES: Mapping[str, Text] = {
    Pace.NORMAL: _l("Ordinary"),
    Pace.URGENT: _l("Urgent (national security)"),
    Pace.COMPLAINT: _l("On a user's complaint"),
}
WANTED: Mapping[str, Text] = {
    Wanted.REMOVE: _l("Remove the content"),
    Wanted.LOCK: _l("Lock the account"),
}
NOTICES: Mapping[str, Text] = {
    NoticeKind.FIRST: _l("Request"),
    NoticeKind.RENOTICE: _l("Re-notice"),
}
ANSWERS: Mapping[str, Text] = {
    AnswerKind.COMPLIED: _l("Says that it was done"),
    AnswerKind.LOCKED: _l("Says that the account was locked"),
    AnswerKind.REFUSED: _l("Does not agree"),
    AnswerKind.ASKS: _l("Asks for more"),
    AnswerKind.OTHER: _l("Something else"),
}
AVAILABLE: Mapping[str, Text] = {
    Availability.ONLINE: _l("Still online"),
    Availability.EDITED: _l("Online, text changed"),
    Availability.REMOVED: _l("No longer there"),
    Availability.MOVED: _l("Online at another address"),
    Availability.RESTRICTED: _l("Restricted"),
    Availability.LOGIN_WALL: _l("Could not be seen: a login is asked for"),
    Availability.BLOCKED: _l("Could not be seen: the site blocks visits"),
    Availability.UNREACHABLE: _l("Could not be seen: no answer"),
}
STEPS: Mapping[str, Text] = {
    "submit": _l("Submit for approval"),
    "recall": _l("Take the submission back"),
    "approve": _l("Approve"),
    "return": _l("Return"),
    "refuse": _l("Refuse"),
    "redraft": _l("Make it a draft again"),
    "unapprove": _l("Take the approval back"),
    "withdraw": _l("Withdraw"),
    "restore": _l("Take the withdrawal back"),
    "resume": _l("Take the withdrawal back"),
    "hold": _l("Hold"),
    "release": _l("End the hold"),
    "close": _l("Close without proof"),
    "reopen": _l("Follow again"),
}
ACTIONS: Mapping[str, Text] = {
    "draft": _l("Takedown request drafted"),
    "edit": _l("Takedown request changed"),
    "submit": _l("Submitted for approval"),
    "recall": _l("Submission taken back"),
    "approve": _l("Approved"),
    "return": _l("Returned to the drafter"),
    "refuse": _l("Not approved"),
    "redraft": _l("Made a draft again"),
    "unapprove": _l("Approval taken back"),
    "send": _l("Sent"),
    "renotice": _l("Re-notice sent"),
    "answer": _l("Answer written down"),
    "finish": _l("Done: every address is proven gone"),
    "close": _l("Closed without proof"),
    "reopen": _l("Followed again"),
    "withdraw": _l("Withdrawn"),
    "restore": _l("Withdrawal taken back"),
    "resume": _l("Withdrawal taken back"),
    "hold": _l("Held by the police"),
    "release": _l("Hold ended"),
}
ITEMS: Mapping[str, State] = {
    ItemState.PENDING: State(_l("Not looked at yet"), "waiting"),
    ItemState.ONLINE: State(_l("Still online"), "bad", "world"),
    ItemState.GONE_ONCE: State(_l("Gone, seen once"), "progress"),
    ItemState.GONE: State(_l("Gone, a capture is missing"), "warning"),
    ItemState.REMOVED: State(_l("Removed, proven"), "good"),
    ItemState.EDITED: State(_l("Online, text changed"), "warning", "pencil"),
    ItemState.RESTRICTED: State(_l("Restricted"), "warning", "lock"),
    ItemState.UNCLEAR: State(_l("Could not be seen"), "neutral", "eye-off"),
}

words.states(
    "takedown",
    {
        RequestState.DRAFT: State(_l("Draft"), "neutral"),
        RequestState.SUBMITTED: State(_l("Waits for approval"), "waiting"),
        RequestState.APPROVED: State(_l("Approved, to be sent"), "progress"),
        RequestState.SENT: State(_l("Sent, being followed"), "progress", "eye"),
        RequestState.DONE: State(_l("Done"), "good"),
        RequestState.REFUSED: State(_l("Not approved"), "bad", "circle-x"),
        RequestState.WITHDRAWN: State(_l("Withdrawn"), "neutral", "circle-minus"),
    },
)
words.states("takedown_item", dict(ITEMS))
words.states(
    "notice",
    {
        NoticeState.QUEUED: State(_l("Waits to be sent"), "waiting"),
        NoticeState.SENDING: State(_l("Being sent"), "progress"),
        NoticeState.SENT: State(_l("Sent"), "good"),
        NoticeState.FAILED: State(_l("Not sent"), "bad"),
        NoticeState.UNCERTAIN: State(_l("May have been sent"), "warning"),
    },
)
actions({f"takedown:{act}": text for act, text in ACTIONS.items()})
actions({f"takedown_item:seen_{state}": shown.label for state, shown in ITEMS.items()})
messages(
    {
        "error.takedown.no_post": _l("Choose at least one post."),
        "error.takedown.not_of_case": _l("Only posts of this case can be requested."),
        "error.takedown.address": _l("A post without a web address cannot be taken down."),
        "error.takedown.platforms": _l("One request can only name posts of one platform."),
        "error.takedown.repeated": _l(
            "An address has an open or recent request. Tick the box if this is meant."
        ),
        "error.takedown.recipient_missing": _l("Say whom the request is for."),
        "error.takedown.wanted": _l("Say what is asked for."),
        "error.takedown.lock": _l(
            "No account of this request has reached a threshold for a lock under this legal basis."
        ),
        "error.takedown.regime": _l(
            "This legal basis is not in force on this day, or not for this sender and addressee."
        ),
        "error.takedown.pace": _l("This legal basis knows no such period."),
        "error.takedown.channel": _l(
            "A request over this channel does not count under: %(source)s"
        ),
        "error.takedown.basis": _l("Cite at least one provision that the posts violate."),
        "error.takedown.basis_ended": _l("A cited provision is not in force on this day."),
        "error.takedown.held": _l("The police hold this: nothing is sent until they end the hold."),
        "error.takedown.not_held": _l("There is no hold."),
        "error.takedown.mail_underway": _l("A mail is on its way. Wait until it is decided."),
        "error.takedown.mail_maybe_sent": _l(
            "This mail may have arrived. Tick the box to send it again all the same."
        ),
        "error.takedown.mail_not_sent": _l("The mail did not leave."),
        "error.takedown.mail_uncertain": _l("The mail may have left."),
        "error.takedown.mail_address": _l("Enter exactly one e-mail address."),
        "error.takedown.proof": _l("Without this there is no proof of the sending."),
        "error.takedown.sent_at": _l("The moment must lie between the approval and now."),
        "error.takedown.document_number": _l(
            "Enter the number of the letter, such as 734/SVHTTDL-QLTTBC."
        ),
        "error.takedown.portal": _l("Enter the web address of the portal."),
        "error.takedown.answered_at": _l("The moment must lie between the sending and now."),
        "error.takedown.attest_words": _l("Say in at least 10 characters what was seen."),
        "error.takedown.attest_picture": _l("A screenshot (PNG, JPEG or WebP) is needed."),
        "error.takedown.moment": _l("Enter a date and a time that exist."),
    }
)

SAME: Mapping[str, Text] = {
    "text": _l("the text"),
    "contact": _l("a contact"),
    "picture": _l("a picture"),
}
