"""The checker as it lies in a package: its modules in one file, which needs none of ours beside it."""

import re
from importlib import resources

_OURS = re.compile(r"^from casework\.evidence\.(\w+) import (?:\([^)]*\)|[^\n(]*)\n", re.MULTILINE)


def single_file() -> bytes:
    """kiem-tra.py: each import of a module of ours is that module's own text, the first time it is named."""
    known: set[str] = set()

    def text_of(module: str) -> str:
        if module in known:
            return ""
        known.add(module)
        folder = resources.files("casework.evidence")
        text = (folder / f"{module}.py").read_text(encoding="utf-8")
        return _OURS.sub(lambda found: text_of(found[1]), text)

    return text_of("checker").encode()
