"""What went wrong with the store, in sentences of ours: no statement, no value, no address with a password."""

from __future__ import annotations

import errno

DATABASE = "outcomes.sqlite"

FULL = "The disk of the store is full; nothing was saved. Make room, and save again."
IN_USE = "The store is in use by another program that does not let go; try again in a moment."
NO_WRITING = "The store's folder cannot be written to; choose another folder, or allow writing there."
DISK = "The disk of the store's folder reported an error; nothing was saved. Look after the disk, then try again."
DAMAGED = (f"The store's database ({DATABASE}) is damaged; move it out of the store's folder, and a new one is made. "
           "Put a backup back with “python -m analytics store restore”; recipes that were saved as files can be "
           "opened again.")
NEWER = "The store was made by a newer version of this product; update it, or choose another folder."
UNREACHED = ("The store's database server cannot be reached, or the connection was lost. Try again in a moment, and "
             "look first whether what you did last was saved.")
REFUSED = "The store's database server refused the sign-in; look at user, password and database in the address."
NO_RIGHT = "The store's database user may not write there; give it rights on its schema."
STANDBY = "The store's database server takes no writes now; name the one that does in the address."
SERVER = "The store's database server could not do what was asked; its log says why. Nothing was saved."
UNFIT = "A text holds a character that the store's database cannot keep; take it out, and save again."
BAD_ADDRESS = ("The address of the store's database was not understood; it is written as "
               "postgresql+psycopg://USER:PASSWORD@HOST/DATABASE.")
STAYED = ("It is deleted and nobody sees it any more, but its files in the store's folder could not be removed; allow "
          "writing there, and they are removed at the next start.")

_FULL_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_WRITING = {errno.EROFS, errno.EACCES, errno.EPERM}


def of_folder(error: OSError) -> str:
    """What an operating system's error in the folder means."""
    if error.errno in _FULL_DISK:
        return FULL
    if error.errno in _NO_WRITING:
        return NO_WRITING
    if error.errno == errno.EIO:
        return DISK
    return f"The store's folder cannot be used: {error.strerror or 'not readable'}."


def of_sqlite(error: BaseException) -> str:
    """What SQLite's words mean."""
    said = str(error).lower()
    if "locked" in said or "busy" in said:
        return IN_USE
    if "readonly" in said or "unable to open" in said:
        return NO_WRITING
    if "full" in said:
        return FULL
    return DISK if "i/o error" in said else DAMAGED


_OF_STATE = {
    "53100": FULL,
    "55P03": IN_USE,
    "25006": STANDBY,
    "42501": NO_RIGHT,
    "3F000": NO_RIGHT,
    "3D000": REFUSED,
    "53300": "The store's database server has no connection left; raise its max_connections, or run fewer servers.",
}

_OF_CLASS = {"08": UNREACHED, "57": UNREACHED, "25": UNREACHED, "28": REFUSED, "22": UNFIT}
"""SQLSTATE classes: connection, operator's intervention, a session ended in a transaction, authorization, data."""


def of_postgresql(error: BaseException) -> str:
    """What PostgreSQL's SQLSTATE means; without one there was no server to give it."""
    state = getattr(error, "sqlstate", None)
    if state is None:
        return UNFIT if "NUL" in str(error) else _unreached(str(error).lower())
    return _OF_STATE.get(state) or _OF_CLASS.get(state[:2], SERVER)


def _unreached(said: str) -> str:
    # Before there is a connection, the driver hands on the server's words alone.
    for words, sentence in (("authentication failed", REFUSED), ("does not exist", REFUSED), ("no password", REFUSED),
                            ("no pg_hba.conf entry", REFUSED), ("too many clients", _OF_STATE["53300"]),
                            ("too many connections", _OF_STATE["53300"])):
        if words in said:
            return sentence
    return UNREACHED
