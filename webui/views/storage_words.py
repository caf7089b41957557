"""What the page Lưu trữ calls the kinds of files, the steps of a run, terms and forecasts."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from webui import formats
from webui.storage import terms
from webui.storage.kinds import Kind
from webui.storage.standing import Standing
from webui.words import Text

KINDS: dict[Kind, Text] = {
    Kind.CAPTURES: _l("Captures of pages"),
    Kind.MEDIA: _l("Pictures and videos of posts"),
    Kind.STAMPS: _l("Time stamps"),
    Kind.DOCUMENTS: _l("Documents and reports"),
    Kind.PACKAGES: _l("Evidence packages"),
    Kind.IMPORTS: _l("Files being imported"),
    Kind.SAVED_PAGES: _l("Saved pages of broken parsers"),
    Kind.MODELS: _l("Models of the second opinion"),
    Kind.OTHER: _l("Other files"),
    Kind.UNUSED: _l("What nothing refers to any more"),
}
STEPS: dict[str, Text] = {
    terms.EVIDENCE: _l("Evidence of no case"),
    terms.PACKAGES: _l("Evidence packages"),
    terms.SAVED_PAGES: _l("Saved pages of broken parsers"),
    terms.UNUSED: _l("What nothing refers to any more"),
}
TERMS: dict[str, Text] = {
    terms.PACKAGES: _l("Packages, after the handover"),
    terms.SAVED_PAGES: _l("Saved pages of broken parsers"),
    terms.UNUSED: _l("What nothing refers to any more"),
}
STEP_OF = {
    Kind.CAPTURES: terms.EVIDENCE,
    Kind.PACKAGES: terms.PACKAGES,
    Kind.SAVED_PAGES: terms.SAVED_PAGES,
    Kind.UNUSED: terms.UNUSED,
}


def forecast_words(stands: Standing) -> str:
    """When it will be full, in words."""
    seen = stands.forecast
    if stands.is_full:
        return str(gettext("full"))
    if seen is None:
        return str(gettext("a forecast needs a week of daily samples"))
    if seen.per_day <= 0:
        return str(gettext("it does not grow"))
    if stands.capacity is None:
        return str(gettext("no quota is set, so nobody can tell when it is full"))
    if seen.on is None:
        return str(gettext("not full within ten years"))
    told = {"days": formats.number(seen.days), "date": formats.date(seen.on)}
    return str(gettext("full after about %(days)s days, %(date)s", **told))


def kept(kind: Kind, days: int) -> tuple[Text, Text]:
    """How long a kind is kept, which has a term of so many days where it has one, and on what ground."""
    told = formats.number(days)
    words: dict[Kind, tuple[Text, Text]] = {
        Kind.PACKAGES: (
            gettext("%(days)s days after the handover", days=told),
            _l("can be made again from the evidence; the digest stays"),
        ),
        Kind.SAVED_PAGES: (gettext("%(days)s days", days=told), _l("only for mending the parser")),
        Kind.UNUSED: (
            gettext("%(days)s days", days=told),
            _l("against mistakes: it could still be needed"),
        ),
        Kind.STAMPS: (_l("as long as the evidence"), _l("proof of its moment")),
        Kind.DOCUMENTS: (
            _l("never deleted by the program"),
            _l("records of cases and reports: the law on archives applies"),
        ),
        Kind.IMPORTS: (_l("until the import has ended"), _l("needed for nothing else")),
        Kind.MODELS: (
            _l("as long as the version is listed"),
            _l("shows what the queue was ordered by"),
        ),
        Kind.OTHER: (_l("as long as something refers to it"), ""),
    }
    if kind not in words:
        how = gettext(
            "as long as the case; without a case as long as the post (dismissed: %(days)s days)",
            days=told,
        )
        return how, _l("evidence of the case file; personal data of others no longer than needed")
    return words[kind]
