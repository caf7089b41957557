"""Checks of what the program itself carries: pages' assets, translations, the law, the rules."""

from search.query import Message
from webui.doctor.finding import FOLDER, Finding, fail, ok
from webui.translations import catalogue
from webui.wiring import Wiring

BUILD = Message("Run: make install")


def assets(_wiring: Wiring) -> Finding:
    from webui.assets.build import is_current

    if not is_current():
        return fail("assets", Message("Scripts and styles are not built, or old"), BUILD)
    return ok("assets", Message("Scripts and styles are built"))


def translations(_wiring: Wiring) -> Finding:
    compiled = catalogue.mo_file(FOLDER)
    if not compiled.exists():
        return fail("translations", Message("The Vietnamese catalogue is not built"), BUILD)
    return ok("translations", Message("The Vietnamese catalogue is built"))


def law(wiring: Wiring) -> Finding:
    """The catalogue loads whole: every entry has its dates and its source."""
    folder = wiring.settings.law_dir
    wiring.catalogue  # noqa: B018 - loading it is the check
    return ok("law", Message("The catalogue loads (%(from)s)", {"from": str(folder or "rasoat")}))


def rules(_wiring: Wiring) -> Finding:
    """Every pack loads, and its own examples come out."""
    from search.rules.pack import shipped_packs

    packs = shipped_packs()
    told = {"packs": str(len(packs)), "signals": str(sum(len(pack.signals) for pack in packs))}
    return ok(
        "rules", Message("%(packs)s packs with %(signals)s signals hold their examples", told)
    )
