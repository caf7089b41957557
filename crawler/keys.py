"""Which key a source's requests carry, and what is missing before they can be made: a key, a browser."""

from typing import Any

from crawler.browser import find_browser
from crawler.credentials import SETTINGS, Credential, credential_of, is_set
from crawler.page import SourcePlan
from crawler.rendering import browser_wanted
from crawler.sources.base import Kind
from foundation.settings import Settings


def credential_for(kind: Kind, plan: SourcePlan, settings: Settings) -> Credential | None:
    """The key for this source, or None where it is read without one."""
    return credential_of(kind.credential, kind.api(plan), settings)


def key_missing(
    kind: Kind, plan: SourcePlan, settings: Settings
) -> tuple[str, dict[str, Any]] | None:
    """The reason why a source cannot be read for want of a key or browser, and what fills it; None: it can."""
    if browser_wanted(plan) and find_browser(settings) is None:
        return "browser_missing", {}
    if not kind.needs_credential:
        return None
    if not is_set(kind.credential, settings):
        return "api_key_missing", {"setting": SETTINGS[kind.credential]}
    found = credential_for(kind, plan, settings)
    if found is None or not found.belongs_to(kind.api(plan)):
        return "api_key_elsewhere", {"host": kind.api(plan).partition("//")[2].partition("/")[0]}
    return None
