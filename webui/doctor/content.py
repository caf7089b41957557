"""Checks of what the program itself carries: pages' assets, translations, the law, the rules."""

from search.query import Message
from webui.doctor.finding import FOLDER, Finding, fail, ok, warn
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


def rules(wiring: Wiring) -> Finding:
    """Every pack loads, and its own examples come out; no revision of the office had to be passed over."""
    from search.rules.checks import check_examples
    from search.rules.pack import shipped_packs

    shipped_packs()
    office = wiring.rules.office
    if office.broken:
        which = "; ".join(f"{one.pack} {one.number}: {one.why}" for one in office.broken)
        return fail(
            "rules",
            Message("Revisions that cannot be used were passed over: %(which)s", {"which": which}),
            Message("Mend them on the page Rules, or go back to an older revision there"),
        )
    own = [one for one in office.chosen if one.number]
    failing = [one.pack.id for one in own if any(check_examples(one.pack, wiring.matcher))]
    if failing:
        return warn(
            "rules",
            Message(
                "Examples of the office's own packs fail: %(which)s", {"which": ", ".join(failing)}
            ),
            Message("See on the page Rules which, and propose a revision that holds them"),
        )
    told = {
        "packs": str(len(office.packs)),
        "signals": str(sum(len(pack.signals) for pack in office.packs)),
    }
    if not own:
        return ok(
            "rules", Message("%(packs)s packs with %(signals)s signals hold their examples", told)
        )
    what = Message(
        "%(packs)s packs with %(signals)s signals hold their examples; the office's own: %(own)s",
        {**told, "own": ", ".join(f"{one.pack.id} {one.number}" for one in own)},
    )
    return ok("rules", what)
