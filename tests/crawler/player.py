"""ReplayWeb.page, the web archive player, from npm: its two scripts, checked, kept beside other test caches."""

import base64
import hashlib
import subprocess
import tarfile
from pathlib import Path

import pytest

from webui.assets.build import BuildError, npm_command

PACKAGE = "replaywebpage@2.5.3"
INTEGRITY = (
    "nCj2PSON3BxeSJKE8AsYPyULv0XPZKJWfy4l9PyQre9SqwLZ+WKZVs/sfLqPOQ4GrH+0YkjbwOhr8cSTH08gsQ=="
)
"""SHA-512 of the package as npm publishes it."""
SECONDS = 120


def player(cache: Path) -> dict[str, bytes]:
    """`ui.js` and `sw.js`; skips with the reason where npm cannot bring them."""
    archive = cache / f"{PACKAGE.replace('@', '-')}.tgz"
    if not archive.exists():
        _fetch(cache)
    data = archive.read_bytes()
    found = base64.b64encode(hashlib.sha512(data).digest()).decode()
    assert found == INTEGRITY, "the player is not the one that was chosen"
    with tarfile.open(archive) as package:
        files = {name: package.extractfile(f"package/{name}") for name in ("ui.js", "sw.js")}
        return {name: file.read() for name, file in files.items() if file is not None}


def _fetch(cache: Path) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    try:
        command = [*npm_command(), "pack", PACKAGE, "--silent", "--pack-destination", str(cache)]
        done = subprocess.run(
            command, cwd=cache, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except (BuildError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"the player cannot be had: {error}")
    if done.returncode:
        pytest.skip(f"npm cannot bring {PACKAGE}: {done.stderr.strip()[:300]}")
