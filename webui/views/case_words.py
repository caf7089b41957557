"""The words of cases: states, severities, roles of subjects, what happened."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from casework.cases.models import Severity, SubjectKind, SubjectRole
from casework.domain.case_lifecycle import CaseState, TaskState
from webui import words
from webui.errors import messages
from webui.words import State, Text

SEVERITIES: Mapping[str, Text] = {
    Severity.NORMAL: _l("Normal"),
    Severity.SERIOUS: _l("Serious"),
    Severity.CRITICAL: _l("Very serious"),
}
SUBJECT_ROLES: Mapping[str, Text] = {
    SubjectRole.SUSPECT: _l("Suspect"),
    SubjectRole.VICTIM: _l("Victim"),
    SubjectRole.INFORMANT: _l("Informant"),
}
SUBJECT_KINDS: Mapping[str, Text] = {
    SubjectKind.INDIVIDUAL: _l("Individual"),
    SubjectKind.ORGANISATION: _l("Organisation"),
    SubjectKind.HOUSEHOLD: _l("Household business"),
}
ACTIONS: dict[str, Text] = {
    "case:open": _l("Case opened"),
    "case:start": _l("Work begun"),
    "case:wait": _l("Waits for an answer"),
    "case:close": _l("Case closed"),
    "case:reopen": _l("Case opened again"),
    "case:add_posts": _l("Posts added"),
    "case:remove_post": _l("Post taken out"),
    "case:document": _l("Document added"),
    "case:assign": _l("Owner changed"),
    "case:edit": _l("Title, summary or severity changed"),
    "subject:add": _l("Subject added"),
    "subject:edit": _l("Subject changed"),
    "subject:remove": _l("Subject taken out"),
    "subject:restore": _l("Subject put back"),
    "subject:unmask": _l("Victim's data unmasked"),
    "task:create": _l("Task added"),
    "task:finish": _l("Task done"),
    "task:drop": _l("Task dropped"),
    "task:undo": _l("Task taken back"),
    "evidence:captured": _l("Page captured"),
    "evidence:brought": _l("File brought"),
}
STEPS: Mapping[str, Text] = {
    "start": _l("Begin work"),
    "wait": _l("Wait for an answer"),
    "close": _l("Close the case"),
    "reopen": _l("Open again"),
}
CUSTODY: Mapping[str, Text] = {
    "captured": _l("Captured"),
    "brought": _l("Brought by hand"),
    "seen_unchanged": _l("Seen unchanged"),
    "put_to_case": _l("Put to a case"),
    "taken_from_case": _l("Taken out of a case"),
    "viewed": _l("Viewed"),
    "exported": _l("Downloaded"),
    "handed_over": _l("Handed over"),
    "hash_checked": _l("Digests checked"),
    "stamped": _l("Time stamp received"),
}
FILES: Mapping[str, Text] = {
    "screenshot": _l("Screenshot"),
    "html": _l("Page (HTML)"),
    "raw": _l("Page as received"),
    "headers": _l("Headers of the answer"),
    "text": _l("Visible text"),
    "metadata": _l("What the page says of itself"),
    "tls": _l("Certificate (TLS)"),
    "record": _l("Record of the capture"),
    "wacz": _l("Web archive (WACZ)"),
    "media": _l("Picture of the page"),
    "video": _l("Video of the page"),
    "ocr": _l("Text read from pictures"),
    "document": _l("Document"),
}
ROBOTS: Mapping[str, Text] = {
    "allowed": _l("lets programs visit this address"),
    "disallowed": _l("asks programs not to visit this address"),
    "no robots.txt": _l("the site has none"),
    "unknown": _l("could not be read"),
}

words.states(
    "case",
    {
        CaseState.OPEN: State(_l("New"), "waiting"),
        CaseState.IN_PROGRESS: State(_l("In progress"), "progress"),
        CaseState.WAITING: State(_l("Waiting for an answer"), "warning"),
        CaseState.CLOSED: State(_l("Ended"), "good"),
    },
)
words.states(
    "task",
    {
        TaskState.TODO: State(_l("To do"), "waiting"),
        TaskState.DONE: State(_l("Done"), "good"),
        TaskState.DROPPED: State(_l("Dropped"), "neutral"),
    },
)
words.states(
    "severity",
    {
        Severity.NORMAL: State(SEVERITIES[Severity.NORMAL], "neutral"),
        Severity.SERIOUS: State(SEVERITIES[Severity.SERIOUS], "warning"),
        Severity.CRITICAL: State(SEVERITIES[Severity.CRITICAL], "bad"),
    },
)
words.states(
    "wish",
    {
        "waiting": State(_l("Waits for the crawler"), "waiting"),
        "leased": State(_l("Being captured"), "progress"),
        "done": State(_l("Captured"), "good"),
        "failed": State(_l("Could not be captured"), "bad"),
    },
)
messages(
    {
        "error.date": _l("There is no such day: %(value)s"),
        "error.case.title_missing": _l("A case needs a title."),
        "error.case.post_missing": _l("A case needs at least one post."),
        "error.case.post_in_other_case": _l("This post is in another case already."),
        "error.case.closed": _l("The case is closed. Open it again to change it."),
        "error.case.owner": _l("This person cannot own a case."),
        "error.subject.role": _l("Choose what the subject is in this case."),
        "error.subject.empty": _l("Enter a name, an account or a telephone number."),
        "error.task.title_missing": _l("Say what is to be done."),
        "error.task.assignee": _l("This person cannot take the task."),
        "error.evidence.address": _l("Only web pages (http or https) can be captured."),
        "error.evidence.too_large": _l("The file is too large; at most 25 MB."),
        "error.evidence.media_type": _l("Only PNG, JPEG, WebP and PDF files can be brought."),
        "error.evidence.origin": _l("Say where the file comes from and what it shows."),
    }
)


def action(name: str) -> Text:
    """What happened, in words; an action nobody told is shown by its own name."""
    return ACTIONS.get(name) or name.replace(":", " ").replace("_", " ")


def actions(told: Mapping[str, Text]) -> None:
    """A page area tells the words of what it puts on the timeline of cases."""
    ACTIONS.update(told)
