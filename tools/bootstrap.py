"""Makes the environment: .venv with locked packages, the pages' assets, the translations. Standard library only.

    python3 tools/bootstrap.py          everything a developer needs
    python3 tools/bootstrap.py browser  a Chromium for captures and browser tests, where it can be had

Says what it does while it does it; skips at once what is done; names what is missing and what brings it.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".rasoat-installed"
LOCK = ROOT / "requirements-dev.lock"
OLDEST, NEWEST = (3, 11), (3, 13)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def say(text: str) -> None:
    print(f"==> {text}", flush=True)


def stop(problem: str, remedy: str) -> None:
    sys.exit(f"\n!!! {problem}\n    {remedy}\n")


def find_python() -> str:
    """An interpreter between the oldest and the newest we support: this one, or one beside it."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return sys.executable
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        if (found := shutil.which(f"python3.{minor}")) is not None:
            return found
    stop(
        f"Python {sys.version_info[0]}.{sys.version_info[1]} is too old or too new.",
        "Rà Soát wants Python 3.11, 3.12 or 3.13:  apt install python3.11 python3.11-venv",
    )
    return ""


def make_venv() -> None:
    if PYTHON.exists():
        return
    python = find_python()
    say("making .venv")
    probe = [python, "-c", "import venv, ensurepip"]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        stop("This Python has no venv module.", "apt install python3-venv")
    subprocess.run([python, "-m", "venv", str(VENV)], check=True)


def wanted() -> str:
    digest = hashlib.sha256(LOCK.read_bytes())
    digest.update((ROOT / "pyproject.toml").read_bytes())
    digest.update(str(ROOT).encode())
    return digest.hexdigest()


def install_packages() -> None:
    if STAMP.exists() and STAMP.read_text(encoding="ascii") == wanted():
        return
    say("installing locked packages (a minute the first time)")
    started = time.monotonic()
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    if not install_with_uv(pip):
        run([*pip, "--require-hashes", "-r", str(LOCK)], "The packages could not be installed.")
    run(
        [*pip, "--no-build-isolation", "--no-deps", "--editable", str(ROOT)],
        "Rà Soát itself could not be installed.",
    )
    STAMP.write_text(wanted(), encoding="ascii")
    say(f"packages are installed ({time.monotonic() - started:.0f} s)")


def install_with_uv(pip: list[str]) -> bool:
    """The same lock by uv, in a tenth of pip's time; False where that does not work, and pip does it."""
    lock = str(ROOT / "tools" / "uv.lock")
    if subprocess.run(
        [*pip, "--require-hashes", "-r", lock], capture_output=True, check=False
    ).returncode:
        return False
    uv = [str(VENV / "bin" / "uv"), "pip", "install", "--quiet", "--python", str(PYTHON)]
    done = subprocess.run(
        [*uv, "--compile-bytecode", "--require-hashes", "-r", str(LOCK)],
        capture_output=True,
        text=True,
        check=False,
        env={"UV_LINK_MODE": "copy", **os.environ},
    )
    return done.returncode == 0


def run(command: list[str], problem: str) -> None:
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        stop(
            problem,
            "Read the lines above; nothing was lost, the same command goes on where this one stopped.",
        )


def find_browser() -> str | None:
    named = os.environ.get("RASOAT_CHROMIUM") or os.environ.get("RASOAT_BROWSER_PATH")
    if named and Path(named).exists():
        return named
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def install_debian(*names: str) -> None:
    """Debian packages, where we may install some."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    say(f"installing {', '.join(names)} (Debian packages)")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=False, env=environment)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *names]
    subprocess.run(command, check=False, env=environment, stdout=subprocess.DEVNULL)


def install_tools() -> None:
    """What else the tests drive: a reader of text in pictures, and OpenSSL as a time stamp authority."""
    found = shutil.which("tesseract")
    languages = (
        subprocess.run([found, "--list-langs"], capture_output=True, text=True, check=False).stdout
        if found
        else ""
    )
    if "vie" not in languages.split():
        install_debian("tesseract-ocr", "tesseract-ocr-vie")
    if not shutil.which("openssl"):
        install_debian("openssl")


def install_browser() -> None:
    """A browser: the machine's own; else Debian's where we may install; else Playwright's download."""
    if find_browser() or playwright_has_one():
        return
    install_debian("chromium")
    if find_browser():
        return
    say("fetching Chromium (playwright install chromium)")
    subprocess.run([str(PYTHON), "-m", "playwright", "install", "chromium"], check=False)
    if not playwright_has_one():
        stop(
            "There is no browser.",
            "sudo apt install chromium    (or set RASOAT_BROWSER_PATH to one)",
        )


def playwright_has_one() -> bool:
    if not PYTHON.exists():
        return False
    code = (
        "import pathlib, sys\n"
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as p: sys.exit(not pathlib.Path(p.chromium.executable_path).exists())"
    )
    return not subprocess.run(
        [str(PYTHON), "-c", code], capture_output=True, check=False
    ).returncode


def main() -> None:
    make_venv()
    install_packages()
    if sys.argv[1:] == ["browser"]:
        install_browser()
        install_tools()
        return
    run([str(PYTHON), "-m", "webui.assets.build"], "The pages' assets could not be built.")
    run(
        [str(PYTHON), "-m", "webui.translations.tool", "compile"],
        "The translations could not be compiled.",
    )


if __name__ == "__main__":
    if importlib.util.find_spec("venv") is None:
        stop("This Python has no venv module.", "apt install python3-venv")
    main()
