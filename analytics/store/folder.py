"""The folder of the store: where it is, and files that are whole or not there."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

import platformdirs

FOLDER_VARIABLE = "KETAMINE_OUTCOMES_STORE"
"""The environment variable that names the folder."""

SECRET_BYTES = 32

_BEING_WRITTEN = ".being-written-"


class StoreError(RuntimeError):
    """The store cannot be used; the message says why and what to do, and holds nothing that was stored."""


def store_folder(folder: str | Path | None = None) -> Path:
    """The folder as given, else as the environment names it, else the usual one for a person's data."""
    chosen = folder or os.environ.get(FOLDER_VARIABLE) or platformdirs.user_data_dir("ketamine-outcomes", False)
    return Path(chosen).expanduser()


def content_hash(frames: Mapping[str, bytes]) -> str:
    """One hash for names and contents, whatever their order."""
    whole = hashlib.sha256()
    for name in sorted(frames):
        whole.update(f"{name}\0{len(frames[name])}\0".encode())
        whole.update(frames[name])
    return whole.hexdigest()


def make_folder(folder: Path) -> None:
    """The folder and its parents; what is made here is for its owner alone."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)


def write_dataset(datasets: Path, frames: Mapping[str, bytes]) -> str:
    """Frames under the hash of their content; gives the hash. A folder with this name is whole."""
    name = content_hash(frames)
    target = datasets / name
    if target.is_dir():
        if read_dataset(datasets, name) is not None:
            return name
        shutil.rmtree(target)
    unfinished = datasets / f"{_BEING_WRITTEN}{secrets.token_hex(8)}"
    unfinished.mkdir(mode=0o700)
    try:
        for frame, content in frames.items():
            write_private(unfinished / f"{frame}.parquet", content)
        _force(unfinished)
        os.replace(unfinished, target)
    except OSError:
        # On a full disk the half that was written is what the next try lacks.
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    _force(datasets)
    return name


def read_dataset(datasets: Path, name: str) -> dict[str, bytes] | None:
    """The frames under a hash; missing where they are not there or not as they were written."""
    try:
        frames = {path.stem: path.read_bytes() for path in sorted((datasets / name).glob("*.parquet"))}
    except FileNotFoundError:
        return None
    return frames if content_hash(frames) == name else None


def sweep(datasets: Path, kept: set[str]) -> set[str]:
    """Remove every dataset that no row names, and what a killed save left; gives what could not be removed."""
    stayed = set()
    for path in [path for path in datasets.iterdir() if path.name not in kept]:
        try:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        except OSError:
            stayed.add(path.name)
    return stayed


def set_aside(datasets: Path) -> None:
    """Datasets whose database was taken away are moved out of the way of the sweep, which would remove them."""
    if not any(path.name[0] != "." for path in datasets.iterdir()):
        return
    place = 1
    while (aside := datasets.with_name(f"{datasets.name}-without-database-{place}")).exists():
        place += 1
    os.replace(datasets, aside)
    datasets.mkdir(mode=0o700)


def secret_in(folder: Path) -> bytes:
    """The secret of the folder, made at first use; the caller holds the database's lock."""
    path = folder / "secret.key"
    if not path.exists():
        put_secret_in(folder, secrets.token_bytes(SECRET_BYTES))
    secret = path.read_bytes()
    if len(secret) != SECRET_BYTES:
        raise StoreError(f"The secret for patient codes ({path.name} in the store's folder) is damaged; put back a "
                         "copy of it. With a new one the same patient would get another code.")
    return secret


def put_secret_in(folder: Path, secret: bytes) -> None:
    """The secret of the folder as given, whole or not there; the caller holds the database's lock."""
    unfinished = folder / f"{_BEING_WRITTEN}secret"
    unfinished.unlink(missing_ok=True)
    write_private(unfinished, secret)
    os.replace(unfinished, folder / "secret.key")
    _force(folder)


def write_private(path: Path, content: bytes) -> None:
    """A new file that its owner alone may read, on the disk when this returns."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _force(folder: Path) -> None:
    """Names of a folder on the disk; Windows opens no folder and needs none of it."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
