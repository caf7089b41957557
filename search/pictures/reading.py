"""Text in pictures by Tesseract, where it is installed: a process of its own, bounded in time and memory."""

import io
import os
import re
import resource
import shutil
import subprocess
import tempfile
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from time import monotonic

from PIL import Image, UnidentifiedImageError

MOST_SECONDS = 25.0
"""For all pictures of one capture."""
ONE_SECONDS = 12.0
MEMORY_BYTES = 1_500 * 2**20
LARGEST = (2400, 4000)
"""Pixels: larger pictures are made smaller before they are read."""
SMALLEST_SIDE = 32
MOST_PIXELS = 60_000_000
LANGUAGE = "vie"
REMEDY = "apt install tesseract-ocr tesseract-ocr-vie"
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Reader:
    """A Tesseract that knows Vietnamese."""

    path: str
    version: str
    languages: tuple[str, ...]

    @property
    def language(self) -> str:
        return f"{LANGUAGE}+eng" if "eng" in self.languages else LANGUAGE

    def read(self, picture: bytes, seconds: float = ONE_SECONDS) -> tuple[str, float]:
        """The text of a picture ("" where none is read), and how many seconds it took."""
        begun = monotonic()
        prepared = _prepared(picture)
        text = self._run(prepared, min(seconds, ONE_SECONDS)) if prepared else ""
        return text, monotonic() - begun

    def _run(self, picture: bytes, seconds: float) -> str:
        with tempfile.TemporaryDirectory(prefix="rasoat-ocr-") as folder:
            path = Path(folder) / "picture.png"
            path.write_bytes(picture)
            command = [self.path, str(path), "stdout", "-l", self.language, "--psm", "11"]
            environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
            try:
                done = subprocess.run(
                    command,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    timeout=max(seconds, 1.0),
                    preexec_fn=_bounded,
                    check=False,
                )
            except (subprocess.TimeoutExpired, OSError):
                return ""
        return tidied(done.stdout.decode("utf-8", "replace")) if done.returncode == 0 else ""


@lru_cache(maxsize=1)
def find_reader() -> Reader | None:
    """Tesseract with the Vietnamese language, or None where there is none."""
    path = shutil.which("tesseract")
    if path is None:
        return None
    languages = tuple(_told([path, "--list-langs"]).split("\n")[1:])
    first = _told([path, "--version"]).partition("\n")[0]
    return Reader(path, first, languages) if LANGUAGE in languages else None


def state() -> str:
    """`ready`, `no program` or `no language`."""
    if find_reader() is not None:
        return "ready"
    return "no language" if shutil.which("tesseract") else "no program"


def tidied(text: str) -> str:
    """Lines that hold words; what a reader takes out of ornaments is left out."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    kept = [line for line in lines if len(_LETTERS.findall(line)) >= 2 or _is_number(line)]
    return "\n".join(kept)[:20_000]


def _is_number(line: str) -> bool:
    return sum(letter.isdigit() for letter in line) >= 6


def _prepared(picture: bytes) -> bytes:
    """Grey, bounded in size, small writing enlarged: what Tesseract reads best and cannot be harmed by."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(picture)) as opened:
                width, height = opened.size
                if min(width, height) < SMALLEST_SIDE or width * height > MOST_PIXELS:
                    return b""
                whole = opened.convert("RGBA")
        flat = Image.new("RGB", whole.size, "white")
        flat.paste(whole, mask=whole.getchannel("A"))
        grey = flat.convert("L")
        grey.thumbnail(LARGEST)
        if grey.width < 900 and grey.height < 1600:
            grey = grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        grey.save(out, "PNG")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, MemoryError):
        return b""
    return out.getvalue()


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _told(command: list[str]) -> str:
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=10, check=False
        )
    except (subprocess.TimeoutExpired, OSError):
        return ""
    return (done.stdout or done.stderr).decode("utf-8", "replace")
