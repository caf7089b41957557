"""A .docx whose bytes depend on its content alone."""

import io
import zipfile

EPOCH = (1980, 1, 1, 0, 0, 0)


def repacked(raw: bytes) -> bytes:
    """The same parts in a fixed order with fixed times.

    Byte for byte the same wherever the same zlib compresses; an issued document is kept as bytes.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(packed, "w") as target:
        names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            info = zipfile.ZipInfo(name, date_time=EPOCH)
            info.create_system = 3
            info.external_attr = 0o600 << 16
            target.writestr(info, source.read(name), zipfile.ZIP_DEFLATED, compresslevel=9)
    return packed.getvalue()
