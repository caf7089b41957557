"""Checks of what captures rest on beside the browser itself: its sandbox, and the reader of pictures."""

import os

from crawler.browser import find_browser, sandboxed
from search.pictures.reading import REMEDY, find_reader, state
from search.query import Message
from webui.doctor.finding import Finding, ok, warn
from webui.wiring import Wiring


def sandbox(wiring: Wiring) -> Finding:
    """Whether Chromium may keep captured pages in its sandbox here."""
    if find_browser(wiring.settings) is None:
        return ok("sandbox", Message("There is no browser that would need one"))
    if sandboxed():
        return ok("sandbox", Message("Captured pages are kept in the browser's sandbox"))
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return warn(
            "sandbox",
            Message("The browser runs without its sandbox, because it is started as root"),
            Message("Run rasoat under an account of its own, or the crawler in a container"),
        )
    return warn(
        "sandbox",
        Message("The browser runs without its sandbox: the kernel gives it no user namespaces"),
        Message("Run: sysctl kernel.unprivileged_userns_clone=1, or install chromium-sandbox"),
    )


def reader(_wiring: Wiring) -> Finding:
    """Whether text in pictures can be read: Tesseract with its Vietnamese language."""
    bring = Message("Optional; to install it: %(command)s", {"command": REMEDY})
    found = find_reader()
    if found is not None:
        return ok("reader", Message("%(version)s reads Vietnamese", {"version": found.version}))
    if state() == "no language":
        return warn("reader", Message("Tesseract is there, its Vietnamese language is not"), bring)
    return warn("reader", Message("Text in pictures is not read: there is no Tesseract"), bring)
