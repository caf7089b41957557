"""Checks of what sources need from outside: keys of interfaces."""

from sqlalchemy import select

from crawler.credentials import SETTINGS, is_set
from crawler.sources import KINDS
from search.models import Source
from search.query import Message
from webui.doctor.finding import Finding, ok, warn
from webui.wiring import Wiring


def keys(wiring: Wiring) -> Finding:
    """Every kind of source that needs a key, and whether it is set; watched only where a source is there."""
    needed = {kind.name: kind.credential for kind in KINDS.values() if kind.needs_credential}
    with wiring.database.reading() as session:
        query = select(Source.kind).where(Source.active.is_(True), Source.kind.in_(needed))
        in_use = set(session.scalars(query.distinct()))
    unset = [name for name in needed if not is_set(needed[name], wiring.settings)]
    missing = sorted(SETTINGS[needed[name]] for name in unset if name in in_use)
    if missing:
        told = {"settings": ", ".join(missing)}
        what = Message("Sources cannot be read, because these are not set: %(settings)s", told)
        return warn("keys", what, Message("Set them, see docs/operations/settings.md"))
    if unset:
        told = {"settings": ", ".join(sorted(SETTINGS[needed[name]] for name in unset))}
        return ok("keys", Message("Not set, and no source needs them: %(settings)s", told))
    return ok("keys", Message("All of them are set"))
