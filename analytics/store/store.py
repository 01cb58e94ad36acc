"""Recipes and last loads, notes, and the way to everything else that is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, update

from analytics.store.audit import Audit
from analytics.store.database import opened
from analytics.store.datasets import Datasets
from analytics.store.folder import StoreError, store_folder
from analytics.store.frames import check_names
from analytics.store.shares import Shares
from analytics.store.sign_outs import SignOuts
from analytics.store.tables import LOADS, NOTES, RECIPES

EVERYBODY = ""
"""The owner of what everybody on this machine may use."""

LOADS_KEPT = 2
"""Loads kept per recipe: the one in use and the one it is set against."""


@dataclass(frozen=True)
class SavedRecipe:
    """One recipe as it was saved; ``shape`` is a plain value, ``saved_at`` a time in UTC."""

    id: int
    name: str
    toml_text: str
    shape: Any
    owner: str
    saved_at: str


def utc_now() -> str:
    """The time of day as the store writes it: ISO, in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class Store:
    """The store; every method is one transaction. See the room's own page for how it is used.

    Parameters
    ----------
    folder : where; missing means as the environment says, else the usual place
    database_url : a PostgreSQL database in its place; missing means as ``OUTCOMES_DATABASE_URL`` says, else none
    wait_seconds : how long to wait for another program that is writing
    now : gives the time that is written beside what is saved, as ISO text in UTC to the second

    Attributes
    ----------
    datasets, audit, shares, signed_out : the other parts of the store

    Raises
    ------
    StoreError
        From every method, when the folder or the database cannot be used.
    """

    def __init__(
        self, folder: str | Path | None = None, *, database_url: str | None = None, wait_seconds: float = 30,
        now: Callable[[], str] = utc_now,
    ) -> None:
        self.folder = store_folder(folder)
        self.database = opened(self.folder, database_url, wait_seconds, now)
        self.audit = Audit(self.database)
        self.datasets = Datasets(self.database, self.audit)
        self.shares = Shares(self.database, self.audit)
        self.signed_out = SignOuts(self.database)

    @property
    def described(self) -> str:
        """Which store this is, for the person who runs it; no user, no password."""
        return self.database.described

    def close(self) -> None:
        """Let go of the database; the next call takes hold again."""
        self.database.close()

    def secret(self) -> bytes:
        """32 random bytes that belong to this store, for keyed patient codes."""
        with self.database.locked() as connection:
            return self.database.frames.secret(connection)

    def save_recipe(self, name: str, toml_text: str, shape: Any, owner: str = EVERYBODY) -> int:
        """Keep a recipe and give its number; one of the same name and owner is replaced and keeps its loads."""
        if not name.strip():
            raise ValueError("A recipe needs a name.")
        values = {"toml_text": toml_text, "shape": json.dumps(shape), "saved_at": self.database.now()}
        with self.database.locked() as connection:
            number = connection.execute(
                select(RECIPES.c.id).where(RECIPES.c.owner == owner, RECIPES.c.name == name)).scalar()
            if number is None:
                made = connection.execute(insert(RECIPES).values(owner=owner, name=name, **values))
                return int(made.inserted_primary_key[0])
            connection.execute(update(RECIPES).where(RECIPES.c.id == number).values(**values))
            return int(number)

    def recipes(self, owner: str = EVERYBODY) -> list[SavedRecipe]:
        """The owner's recipes and everybody's, the one saved last first."""
        with self.database.reading() as connection:
            rows = connection.execute(select(RECIPES).where(RECIPES.c.owner.in_({owner, EVERYBODY}))
                                      .order_by(RECIPES.c.saved_at.desc(), RECIPES.c.id.desc()))
            return [_recipe(row) for row in rows]

    def recipe(self, recipe_id: int, owner: str = EVERYBODY) -> SavedRecipe | None:
        """One recipe; missing where there is none, or it is another owner's."""
        with self.database.reading() as connection:
            row = connection.execute(select(RECIPES).where(_mine(recipe_id, owner))).first()
            return None if row is None else _recipe(row)

    def delete_recipe(self, recipe_id: int, owner: str = EVERYBODY) -> bool:
        """Remove a recipe and the tables of its loads; whether there was one."""
        with self.database.swept(is_delete=True) as connection:
            return connection.execute(delete(RECIPES).where(_mine(recipe_id, owner))).rowcount > 0

    def save_load(
        self, recipe_id: int, key: str, frames: Mapping[str, bytes], facts: Mapping[str, Any],
        owner: str = EVERYBODY,
    ) -> None:
        """Keep what a recipe's files held; the newest two keys of a recipe stay.

        Parameters
        ----------
        key : tells these files from others; the same key again replaces what was kept under it
        frames : canonical tables after the screen, as Parquet, by a name of small letters, digits and _
        facts : plain values

        Raises
        ------
        ValueError
            When the recipe is not there, or a name cannot be a file's.
        """
        check_names(frames)
        with self.database.swept() as connection:
            if connection.execute(select(RECIPES.c.id).where(_mine(recipe_id, owner))).first() is None:
                raise ValueError("The recipe is not there any more; save it again.")
            # Written under the lock, so that no other process sweeps it before its row is there.
            dataset = self.database.frames.write(connection, frames)
            connection.execute(delete(LOADS).where(LOADS.c.recipe_id == recipe_id, LOADS.c.key == key))
            connection.execute(insert(LOADS).values(recipe_id=recipe_id, key=key, dataset=dataset,
                                                    facts=json.dumps(dict(facts)), saved_at=self.database.now()))
            newest = select(LOADS.c.id).where(LOADS.c.recipe_id == recipe_id).order_by(LOADS.c.id.desc())
            connection.execute(delete(LOADS).where(
                LOADS.c.recipe_id == recipe_id, LOADS.c.id.not_in(newest.limit(LOADS_KEPT).scalar_subquery())))

    def last_load(
        self, recipe_id: int, owner: str = EVERYBODY, *, other_than: str | None = None
    ) -> tuple[dict[str, bytes], dict[str, Any]] | None:
        """Frames and facts of the load saved last, but not under the key ``other_than``; missing without one.

        The facts have ``key`` and ``saved_at`` besides what was given.
        """
        question = (select(LOADS).join(RECIPES, RECIPES.c.id == LOADS.c.recipe_id).where(_mine(recipe_id, owner))
                    .order_by(LOADS.c.id.desc()))
        if other_than is not None:
            question = question.where(LOADS.c.key != other_than)
        found = self.database.frames_named(question, "dataset")
        if found is None:
            return None
        row, frames = found
        if frames is None:
            raise StoreError("The tables of the last load are damaged or were removed; load the files again.")
        return frames, json.loads(row.facts) | {"key": row.key, "saved_at": row.saved_at}

    def forget_loads(self, recipe_id: int, owner: str = EVERYBODY) -> None:
        """Remove the tables of a recipe; the recipe stays."""
        with self.database.swept(is_delete=True) as connection:
            mine = select(RECIPES.c.id).where(_mine(recipe_id, owner))
            connection.execute(delete(LOADS).where(LOADS.c.recipe_id.in_(mine)))

    def keep_note(self, dataset: str, name: str, value: Any, owner: str = EVERYBODY) -> None:
        """Keep something that a person said about a dataset, as a plain value; the same name again replaces it.

        Parameters
        ----------
        dataset : the key of the files and of their meaning; a note outlives them and comes back with them
        """
        if not name.strip():
            raise ValueError("What is kept with a dataset needs a name.")
        with self.database.locked() as connection:
            connection.execute(delete(NOTES).where(_note(dataset, name, owner)))
            connection.execute(insert(NOTES).values(
                owner=owner, dataset=dataset, name=name, value=json.dumps(value), saved_at=self.database.now()))

    def notes(self, dataset: str, owner: str = EVERYBODY) -> dict[str, Any]:
        """What was kept with a dataset, by name, in the order of the names."""
        with self.database.reading() as connection:
            rows = connection.execute(
                select(NOTES.c.name, NOTES.c.value).where(NOTES.c.dataset == dataset, NOTES.c.owner == owner)).all()
        # Sorted here: databases sort texts each in its own way.
        return {name: json.loads(value) for name, value in sorted(map(tuple, rows))}

    def drop_note(self, dataset: str, name: str, owner: str = EVERYBODY) -> bool:
        """Remove one note of a dataset; whether there was one."""
        with self.database.locked() as connection:
            return connection.execute(delete(NOTES).where(_note(dataset, name, owner))).rowcount > 0

    def forget(self, owner: str) -> None:
        """Remove everything of one owner: recipes, loads and their tables, notes. Everybody's stay unless named."""
        with self.database.swept(is_delete=True) as connection:
            connection.execute(delete(RECIPES).where(RECIPES.c.owner == owner))
            connection.execute(delete(NOTES).where(NOTES.c.owner == owner))


def _mine(recipe_id: int, owner: str):
    return (RECIPES.c.id == recipe_id) & RECIPES.c.owner.in_({owner, EVERYBODY})


def _note(dataset: str, name: str, owner: str):
    return (NOTES.c.dataset == dataset) & (NOTES.c.name == name) & (NOTES.c.owner == owner)


def _recipe(row) -> SavedRecipe:
    return SavedRecipe(row.id, row.name, row.toml_text, json.loads(row.shape), row.owner, row.saved_at)
