"""One file with every package that runs, for a computer that reaches no index.

On a computer with internet, of the same kind (system, processor, Python) as the one that is to run it::

    python deploy/wheel_bundle.py make outcomes-wheels.tar

There, after the program's folder and the file were carried over::

    python deploy/wheel_bundle.py install outcomes-wheels.tar --into .venv

Both ask for the hashes of ``requirements.lock``: what the index or the way changed is refused. For another kind of
computer ``make`` takes pip's own options: ``--platform win_amd64 --python-version 3.11``. No network is used by
``install``. Only Python's own library is needed.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tarfile
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path

from lock import locked

LOCK = Path(__file__).resolve().parents[1] / "requirements.lock"
INSIDE = "requirements.lock"
WHEELS = "wheels"


def make(bundle: Path, lock: Path = LOCK, pip: Sequence[str] = ()) -> int:
    """Download the locked wheels and write them with the lock into one tar; gives their number."""
    with tempfile.TemporaryDirectory() as folder:
        wheels = Path(folder)
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:",
                        "--require-hashes", "--requirement", str(lock), "--dest", str(wheels), *pip], check=True)
        found = sorted(wheels.glob("*.whl"))
        with tarfile.open(bundle, "w", format=tarfile.PAX_FORMAT) as tar:
            tar.add(lock, INSIDE, filter=_plain)
            for wheel in found:
                tar.add(wheel, f"{WHEELS}/{wheel.name}", filter=_plain)
    return len(found)


def install(bundle: Path, environment: Path, lock: Path = LOCK) -> None:
    """Install a bundle into a new environment, from the bundle alone.

    Raises
    ------
    ValueError
        The bundle was made for another version of the program, was changed, or the environment is
        there already.
    """
    if environment.exists():
        raise ValueError(f"{environment} is there already; name a folder that is not.")
    with tempfile.TemporaryDirectory() as folder:
        wheels = _unpacked(bundle, Path(folder), lock)
        venv.create(environment, with_pip=True)
        python = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        subprocess.run([str(python), "-m", "pip", "--isolated", "install", "--quiet", "--no-index", "--no-deps",
                        "--only-binary", ":all:", "--find-links", str(wheels), "--require-hashes", "--requirement",
                        str(lock)], check=True)


def _unpacked(bundle: Path, folder: Path, lock: Path) -> Path:
    """The bundle's wheels in a folder, after a look at what they are."""
    known = {one for package in locked(lock) for one in package.hashes}
    with tarfile.open(bundle) as tar:
        for member in tar.getmembers():
            place = Path(member.name)
            is_wheel = place.parent == Path(WHEELS) and place.suffix == ".whl"
            if not member.isreg() or not (is_wheel or member.name == INSIDE):
                raise ValueError(f"{bundle.name} is no bundle of this program: it holds more than wheels.")
            file = tar.extractfile(member)
            assert file is not None, "a regular file has content"
            content = file.read()
            if is_wheel and hashlib.sha256(content).hexdigest() not in known:
                raise ValueError(f"{bundle.name} was changed: a wheel in it is none of {INSIDE}. Fetch it again.")
            (folder / place.name).write_bytes(content)
    if not (folder / INSIDE).is_file() or (folder / INSIDE).read_bytes() != lock.read_bytes():
        raise ValueError(f"{bundle.name} was made for another version of the program: its {INSIDE} is not the one "
                         "here. Make it again from this version.")
    return folder


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without who made it and when: the same wheels make the same file."""
    member.uid = member.gid = member.mtime = 0
    member.uname = member.gname = ""
    member.mode = 0o644
    return member


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 0 where all went well."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("make", help="download the wheels (needs an index)")
    making.add_argument("bundle", type=Path)
    installing = commands.add_parser("install", help="install them (needs no network)")
    installing.add_argument("bundle", type=Path)
    installing.add_argument("--into", type=Path, required=True, help="the environment to make")
    options, pip = parser.parse_known_args(arguments)
    if options.command == "install" and pip:
        parser.error(f"install does not know {pip[0]}")
    try:
        if options.command == "make":
            print(f"{make(options.bundle, pip=pip)} wheels written to {options.bundle.name}")
        else:
            install(options.bundle, options.into)
            print(f"Installed into {options.into}")
    except (ValueError, OSError, tarfile.TarError) as error:
        print(error, file=sys.stderr)
        return 2
    except subprocess.CalledProcessError:
        print("pip could not do it; what it said stands above.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
