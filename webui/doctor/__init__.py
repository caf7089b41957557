"""`rasoat doctor` and the page Hệ thống: every part is tried, and the failing step named with its remedy."""

from collections.abc import Callable, Iterator

from search.query import Message
from webui.doctor import capturing, content, services, sources, storage
from webui.doctor.finding import Finding, Status, guarded, translator
from webui.wiring import Wiring

__all__ = ["CHECKS", "Finding", "Status", "examine", "is_well", "title", "translator"]

Check = Callable[[Wiring], Finding]
# Part, its name for people, how it is tried, and what to do when that fails outright.
WRITABLE = Message("Give this account the right to write there")
CHECKS: tuple[tuple[str, Message, Check, Message], ...] = (
    ("settings", Message("Settings"), storage.settings, Message("See docs/operations/settings.md")),
    (
        "data folder",
        Message("Data folder"),
        storage.data_folder,
        Message("Give this account the right to write there"),
    ),
    (
        "database",
        Message("Database"),
        storage.database,
        Message("See whether the server runs, and DATABASE_URL"),
    ),
    (
        "files",
        Message("File store"),
        storage.files,
        Message("Give this account the right to write there"),
    ),
    ("clock", Message("Clock"), storage.clock, Message("Run: rasoat migrate")),
    ("audit log", Message("Audit log"), storage.audit_chain, Message("Run: rasoat migrate")),
    (
        "queue",
        Message("Job queue"),
        services.queue,
        Message("See whether the server runs, and REDIS_URL"),
    ),
    (
        "job",
        Message("Background job"),
        services.job,
        Message("See whether the worker runs: rasoat worker"),
    ),
    ("index", Message("Search index"), services.index, Message("Run: rasoat index rebuild")),
    ("in step", Message("Waiting changes"), services.in_step, Message("Run: rasoat migrate")),
    ("processes", Message("Processes"), services.processes, Message("Run: rasoat migrate")),
    ("assets", Message("Scripts and styles"), content.assets, content.BUILD),
    ("translations", Message("Translations"), content.translations, content.BUILD),
    (
        "law",
        Message("Law catalogue"),
        content.law,
        Message("Mend that file, or unset RASOAT_LAW_DIR"),
    ),
    (
        "rules",
        Message("Rule packs"),
        content.rules,
        Message("Mend the pack that is named: rasoat rules check"),
    ),
    ("browser", Message("Browser"), services.browser, Message("Install one: apt install chromium")),
    (
        "keys",
        Message("Keys of platforms"),
        sources.keys,
        Message("See docs/operations/settings.md"),
    ),
    (
        "sandbox",
        Message("Browser's sandbox"),
        capturing.sandbox,
        Message("See docs/operations/doctor.md"),
    ),
    (
        "reader",
        Message("Reader of pictures"),
        capturing.reader,
        Message("Install it: apt install tesseract-ocr tesseract-ocr-vie"),
    ),
    ("mail", Message("Mail"), services.mail, Message("Check RASOAT_SMTP_URL")),
)


def examine(wiring: Wiring) -> Iterator[Finding]:
    """Try every part, one after the other; none keeps the others from being tried."""
    for part, _, check, remedy in CHECKS:
        yield guarded(part, lambda check=check: check(wiring), remedy)  # type: ignore[misc]


def title(part: str) -> Message:
    """The name of a part for people."""
    return next(name for known, name, *_ in CHECKS if known == part)


def is_well(findings: list[Finding]) -> bool:
    """Whether nothing failed; what is only to be watched does not count."""
    return all(found.status is not Status.FAIL for found in findings)
