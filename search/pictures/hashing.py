"""A 64-bit perceptual hash: pictures that look the same differ in few of its bits.

Resized, recompressed and slightly cut copies stay within NEAR bits; other pictures lie about 32 apart.
"""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

NEAR = 6
BANDS, BAND_BITS = 4, 16
LEAST_SIDE = 64
MOST_PIXELS = 60_000_000
_FLAT = 6.0
"""Standard deviation of grey below which a picture shows nothing that could be known again."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One picture's hash (64 bits) and size in pixels."""

    phash: int
    width: int
    height: int


def look_at(data: bytes) -> Seen | None:
    """The hash of a picture; None for what is no picture, too small, too large or without anything on it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as opened:
                width, height = opened.size
                if min(width, height) < LEAST_SIDE or width * height > MOST_PIXELS:
                    return None
                opened.draft("L", (512, 512))
                grey = (
                    opened.convert("RGBA").convert("L") if _clear(opened) else opened.convert("L")
                )
                small = grey.resize((256, 256), Image.Resampling.BOX)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, MemoryError):
        return None
    if _spread(small) < _FLAT:
        return None
    import imagehash  # with numpy, thirteen megabytes that only who looks at pictures needs

    return Seen(int(str(imagehash.phash(small)), 16), width, height)


def _clear(picture: Image.Image) -> bool:
    return picture.mode in {"P", "LA", "PA"} or "transparency" in picture.info


def _spread(picture: Image.Image) -> float:
    counts = picture.histogram()
    total = sum(counts)
    mean = sum(value * count for value, count in enumerate(counts)) / total
    return float(
        (sum(count * (value - mean) ** 2 for value, count in enumerate(counts)) / total) ** 0.5
    )


def distance(one: int, other: int) -> int:
    """In how many bits two hashes differ, 0 to 64."""
    return (one ^ other).bit_count()


def bands(phash: int) -> tuple[int, int, int, int]:
    """The hash in four numbers of 16 bits, the lowest first."""
    mask = (1 << BAND_BITS) - 1
    return tuple((phash >> (BAND_BITS * at)) & mask for at in range(BANDS))  # type: ignore[return-value]


def near_bands(band: int) -> list[int]:
    """The band itself and all that differ from it in one bit.

    Of two hashes within 6 bits at least one of the four bands differs in at most one, so that these are all
    that must be looked up.
    """
    return [band, *(band ^ (1 << bit) for bit in range(BAND_BITS))]
