"""A public video of the page as a file, by yt-dlp in a process of its own: bounded, behind the guard's proxy."""

import mimetypes
import os
import re
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from crawler.agent import user_agent
from crawler.capture.model import Visit
from foundation.settings import Settings

SECONDS = 90
MOST_BYTES = 100 * 2**20
MOST = 2
_HOSTS = re.compile(
    r"(?:^|\.)(?:youtube\.com|youtu\.be|tiktok\.com|vimeo\.com|dailymotion\.com|fb\.watch)$"
)


@dataclass(frozen=True, slots=True)
class Video:
    """One video: its bytes, type, name and the address it was had from."""

    data: bytes
    media_type: str
    name: str
    url: str


def fetch(visit: Visit, settings: Settings, proxy: str) -> list[Video]:
    """The page's public videos, if the settings want them; what could not be had is noted in the visit."""
    addresses = _addresses(visit)
    if not addresses:
        return []
    if not settings.capture_video:
        visit.note("video_off")
        return []
    found = []
    for address in addresses[:MOST]:
        one = _fetch(address, settings, proxy)
        if isinstance(one, Video):
            found.append(one)
        else:
            visit.note("video", url=address[:500], why=one)
    return found


def _addresses(visit: Visit) -> list[str]:
    """Where a video may be had: the files that the page names, or the page itself where a player is on it."""
    direct = [one for one in visit.videos if one.startswith(("http://", "https://"))]
    host = urlsplit(visit.final_url).hostname or ""
    if direct:
        return list(dict.fromkeys(direct))
    return [visit.final_url] if visit.videos or _HOSTS.search(host) else []


def _fetch(address: str, settings: Settings, proxy: str) -> Video | str:
    with tempfile.TemporaryDirectory(prefix="rasoat-video-") as folder:
        command = [
            *(sys.executable, "-m", "yt_dlp", "--ignore-config", "--no-playlist", "--no-cache-dir"),
            *(
                "--proxy",
                proxy,
                "--user-agent",
                user_agent(settings),
                "--no-progress",
                "--no-warnings",
            ),
            *("--max-filesize", str(MOST_BYTES), "--format", "b[ext=mp4]/b/bv*"),
            *("--socket-timeout", "15", "--retries", "1", "--fragment-retries", "1"),
            "--abort-on-unavailable-fragments",
            *(
                "--fixup",
                "never",
                "--ffmpeg-location",
                "/nonexistent",
                "--no-part",
                "--output",
                "video.%(ext)s",
                "--",
                address,
            ),
        ]
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": folder,
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "LANG": "C.UTF-8",
        }
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"not there after {SECONDS} s"
        files = [
            one for one in Path(folder).glob("video.*") if 0 < one.stat().st_size <= MOST_BYTES
        ]
        if done.returncode or not files:
            return _last_line(done.stderr) or _last_line(done.stdout) or "no video"
        media_type = mimetypes.guess_type(files[0].name)[0] or "video/mp4"
        return Video(files[0].read_bytes(), media_type, files[0].name, address)


def _last_line(output: bytes) -> str:
    lines = [line for line in output.decode("utf-8", "replace").splitlines() if line.strip()]
    with suppress(IndexError):
        return lines[-1].strip()[:300]
    return ""
