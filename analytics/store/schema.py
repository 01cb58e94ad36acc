"""Bringing a database to the tables of this version, by Alembic and in the caller's transaction."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, inspect, text

from analytics.store.folder import StoreError
from analytics.store.troubles import DAMAGED, NEWER

MIGRATIONS = Path(__file__).parent / "migrations"

HEAD = "0003"
"""The last step in the folder of migrations; a store that is there needs no Alembic to be opened."""

_STEP_OF_USER_VERSION = {1: "0001", 2: "0002"}
"""Stores from before Alembic counted in ``PRAGMA user_version``."""

_USER_VERSION = 3
"""Set on SQLite for good, so that a product from before Alembic says that the store is newer."""


def bring_up(connection: Connection) -> bool:
    """Take the steps that are missing; whether the database was empty. The caller holds the lock.

    Raises
    ------
    StoreError
        When the store was made by a newer version, or SQLite finds its file damaged.
    """
    is_file = connection.dialect.name == "sqlite"
    user_version = connection.exec_driver_sql("PRAGMA user_version").scalar_one() if is_file else 0
    step = _step(connection) or _STEP_OF_USER_VERSION.get(user_version)
    if user_version > _USER_VERSION or step not in (None, *_steps(step)):
        raise StoreError(NEWER)
    if step != HEAD:
        _upgrade(connection, step)
    if is_file and user_version < _USER_VERSION:
        connection.exec_driver_sql(f"PRAGMA user_version={_USER_VERSION}")
    if is_file and connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one() != "ok":
        raise StoreError(DAMAGED)
    return step is None


def _step(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _steps(step: str | None) -> set[str]:
    if step == HEAD:
        return {HEAD}
    from alembic.script import ScriptDirectory

    return {one.revision for one in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}


_ONE_AT_A_TIME = Lock()
"""Alembic keeps the step it is at in its module: threads that open stores wait for each other."""


def _upgrade(connection: Connection, step: str | None) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    with _ONE_AT_A_TIME:
        if step is not None:
            command.stamp(config, step)
        command.upgrade(config, "head")
