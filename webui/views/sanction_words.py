"""The words of sanctions: states, steps, outcomes, what happened, what can go wrong."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from casework.domain.sanction_lifecycle import ExplanationOutcome, Form, SanctionState
from webui import words
from webui.errors import messages
from webui.views.case_words import actions
from webui.words import State, Text

FORMS: Mapping[str, Text] = {Form.FINE: _l("Fine"), Form.WARNING: _l("Warning (form of sanction)")}
OUTCOMES: Mapping[str, Text] = {
    ExplanationOutcome.WAIVED: _l("Does not want to explain"),
    ExplanationOutcome.WRITTEN: _l("Explained in writing"),
    ExplanationOutcome.ORAL: _l("Explained in person"),
    ExplanationOutcome.EXPIRED: _l("Time to explain is over"),
}
STEPS: Mapping[str, Text] = {
    "facts": _l("Act and provision"),
    "record": _l("Record of violation"),
    "explanation": _l("Explanation"),
    "proposal": _l("Proposal"),
    "decision": _l("Sanction decision"),
    "service": _l("Service of the decision"),
    "compliance": _l("Payment and remedies"),
}
STATUS: Mapping[str, tuple[Text, words.Tone]] = {
    "done": (_l("Done"), "good"),
    "now": (_l("Now"), "progress"),
    "ahead": (_l("Ahead"), "waiting"),
    "skipped": (_l("Not needed"), "neutral"),
}
MISSING: Mapping[str, Text] = {
    "no_right": _l("The bracket's maximum gives no right to explain."),
    "explanation": _l("How the right to explain was used is not written down yet."),
    "amount": _l("No amount is proposed yet."),
    "proposal": _l("The inspector's proposal is missing."),
    "payment": _l("Not all is paid yet."),
    "remedies": _l("The remedies are not carried out yet."),
}
CONFIDENCE: Mapping[str, Text] = {
    "H": _l("read in the text itself"),
    "M": _l("one credible source; ask the legal officer"),
    "L": _l("to be verified before it is relied on"),
}
words.states(
    "sanction",
    {
        SanctionState.DRAFT: State(_l("No record yet"), "waiting"),
        SanctionState.RECORDED: State(_l("Record drawn up"), "progress"),
        SanctionState.EXPLANATION: State(_l("Waiting for the explanation"), "waiting"),
        SanctionState.EXPLAINED: State(_l("To be proposed"), "progress"),
        SanctionState.PROPOSED: State(_l("Waiting for the decision"), "warning"),
        SanctionState.DECIDED: State(_l("Decided"), "progress"),
        SanctionState.SERVED: State(_l("Served"), "progress"),
        SanctionState.PAID: State(_l("Paid"), "good"),
        SanctionState.ENFORCED: State(_l("Enforcement"), "warning"),
        SanctionState.REMINDED: State(_l("Reminded"), "neutral"),
        SanctionState.ELSEWHERE: State(_l("Fined by another body"), "neutral"),
        SanctionState.CANCELLED: State(_l("Cancelled"), "neutral", "ban"),
    },
)
ACTS: Mapping[str, Text] = {
    "open": _l("File opened"),
    "edit": _l("Facts changed"),
    "record": _l("Record of violation drawn up"),
    "await_explanation": _l("Time to explain began"),
    "explain": _l("Explanation written down"),
    "propose": _l("Proposed"),
    "return": _l("Proposal returned"),
    "decide": _l("Decision signed"),
    "serve": _l("Decision served"),
    "pay": _l("Payment written down"),
    "settle": _l("Paid in full"),
    "enforce": _l("Enforcement begun"),
    "remedied": _l("Remedies carried out"),
    "remind": _l("Ended with a reminder"),
    "elsewhere": _l("Fined by another body"),
    "flag_crime": _l("Crime signs found"),
    "clear_crime": _l("Crime signs cleared"),
    "cancel": _l("File cancelled"),
}
actions({f"sanction:{act}": text for act, text in ACTS.items()})
messages(
    {
        "error.sanction.subject": _l("Only a suspect of the case can be sanctioned."),
        "error.sanction.days": _l(
            "Give the day the act ended, or say that it was still going on when it was found. An act "
            "found before it ended was still going on."
        ),
        "error.sanction.future": _l("This day has not come yet."),
        "error.sanction.day": _l("This day does not fit the steps before it, or has not come yet."),
        "error.sanction.act_text": _l("Say what was done."),
        "error.sanction.victim_named": _l(
            "This text names a victim or an informant of the case. Leave out name, account, address and numbers."
        ),
        "error.sanction.provision": _l(
            "Choose one of the provisions in force on the day of the act."
        ),
        "error.sanction.choice": _l(
            "More than one provision describes this act. Say why this one is applied."
        ),
        "error.sanction.place": _l("Say where the record was drawn up."),
        "error.sanction.started": _l("The record cannot begin after its end."),
        "error.sanction.time_left": _l("There is time left by law."),
        "error.sanction.amount": _l("Enter an amount above 0, in whole đồng."),
        "error.sanction.bracket": _l("The bracket goes from %(low)s to %(high)s đồng."),
        "error.sanction.reason": _l(
            "The circumstances recorded do not carry this by themselves. Say why."
        ),
        "error.sanction.remedy": _l("The provision does not order this remedy."),
        "error.sanction.crime": _l(
            "Crime signs were found: this file rests until they are cleared. Nothing was changed."
        ),
        "error.sanction.no_title": _l(
            "Your account has no title that may sign. An administrator sets it on your page."
        ),
        "error.sanction.blocked": _l(
            "The law does not allow this decision; the reasons stand below."
        ),
        "error.sanction.acknowledge": _l(
            "Something speaks against this decision. Say why it is signed all the same."
        ),
        "error.sanction.overpaid": _l("This is more than is owed."),
        "error.sanction.nothing_to_pay": _l("A warning costs nothing."),
    }
)
