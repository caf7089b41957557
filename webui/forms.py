"""What forms share: choices, and the library's own sentences in our two languages.

Forms are WTForms through Flask-WTF, so they carry the CSRF token; a template shows a field with
`{{ ui.field(form.name) }}` and the sum of what is wrong with `{{ ui.errors(form) }}`.
"""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms.fields.choices import SelectChoice

KNOWN = {
    "This field is required.": _l("This is needed."),
    "Not a valid choice.": _l("Choose one of the values offered."),
    "Not a valid choice": _l("Choose one of the values offered."),
    "Invalid Choice: could not coerce.": _l("Choose one of the values offered."),
    "Not a valid integer value.": _l("Enter a whole number."),
    "Not a valid decimal value.": _l("Enter a number."),
    "Not a valid float value.": _l("Enter a number."),
    "Not a valid date value.": _l("Enter a date that exists."),
    "Not a valid datetime value.": _l("Enter a date and a time that exist."),
    "Invalid email address.": _l("This is not an e-mail address."),
    "Invalid URL.": _l("This is not a web address."),
    "Invalid input.": _l("This cannot be used."),
}
"""Sentences of the library; a validator with a sentence of its own keeps it."""


class Translations:
    """Puts the library's sentences into our words."""

    def gettext(self, text: str) -> str:
        return str(KNOWN.get(text, text))

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        if singular.startswith("Field must be at least"):
            return str(
                ngettext("At least %(num)d character.", "At least %(num)d characters.", count)
            )
        if singular.startswith("Field cannot be longer than"):
            return str(ngettext("At most %(num)d character.", "At most %(num)d characters.", count))
        return self.gettext(singular if count == 1 else plural)


class Form(FlaskForm):  # type: ignore[misc]
    """The base of our forms."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def get_translations(self, _form: Any) -> Translations:
            return Translations()


def options(pairs: Iterable[tuple[object, object]], empty: str | None = None) -> list[SelectChoice]:
    """Choices of a SelectField from (value, word), words lazy or not.

    `empty` is the word for no choice; "" takes a general one, None offers none.
    """
    chosen = [SelectChoice(value=str(value), label=word) for value, word in pairs]
    return (
        chosen if empty is None else [SelectChoice(value="", label=empty or _l("Choose")), *chosen]
    )
