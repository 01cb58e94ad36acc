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
    for frame, content in frames.items():
        write_private(unfinished / f"{frame}.parquet", content)
    _force(unfinished)
    os.replace(unfinished, target)
    _force(datasets)
    return name


def read_dataset(datasets: Path, name: str) -> dict[str, bytes] | None:
    """The frames under a hash; missing where they are not there or not as they were written."""
    try:
        frames = {path.stem: path.read_bytes() for path in sorted((datasets / name).glob("*.parquet"))}
    except FileNotFoundError:
        return None
    return frames if content_hash(frames) == name else None


def sweep(datasets: Path, kept: set[str]) -> None:
    """Remove every dataset that no row names, and what a killed save left."""
    for path in datasets.iterdir():
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def secret_in(folder: Path) -> bytes:
    """The secret of the folder, made at first use; the caller holds the database's lock."""
    path = folder / "secret.key"
    if not path.exists():
        unfinished = folder / f"{_BEING_WRITTEN}secret"
        unfinished.unlink(missing_ok=True)
        write_private(unfinished, secrets.token_bytes(SECRET_BYTES))
        os.replace(unfinished, path)
        _force(folder)
    secret = path.read_bytes()
    if len(secret) != SECRET_BYTES:
        raise StoreError(f"The secret for patient codes ({path.name} in the store's folder) is damaged; put back a "
                         "copy of it. With a new one the same patient would get another code.")
    return secret


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
