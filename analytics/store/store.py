"""Recipes and last loads, kept and given back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, update

from analytics.store.database import LOADS, NOTES, RECIPES, locked, opened
from analytics.store.folder import (
    StoreError,
    make_folder,
    read_dataset,
    secret_in,
    store_folder,
    sweep,
    write_dataset,
)

EVERYBODY = ""
"""The owner of what everybody on this machine may use."""

LOADS_KEPT = 2
"""Loads kept per recipe: the one in use and the one it is set against."""

_NAME_OF_FRAME = frozenset("abcdefghijklmnopqrstuvwxyz_0123456789")


@dataclass(frozen=True)
class SavedRecipe:
    """One recipe as it was saved; ``shape`` is a plain value, ``saved_at`` a time in UTC."""

    id: int
    name: str
    toml_text: str
    shape: Any
    owner: str
    saved_at: str


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


class Store:
    """The store in a folder; every method is one transaction. See the room's own page for how it is used.

    Parameters
    ----------
    folder : where; missing means as the environment says, else the usual place
    wait_seconds : how long to wait for another program that is writing
    now : gives the time that is written beside what is saved

    Raises
    ------
    StoreError
        From every method, when the folder or its database cannot be used.
    """

    def __init__(
        self, folder: str | Path | None = None, *, wait_seconds: float = 30, now: Callable[[], str] = _now
    ) -> None:
        self.folder = store_folder(folder)
        self._datasets = self.folder / "datasets"
        self._now = now
        try:
            make_folder(self.folder)
            make_folder(self._datasets)
            self._engine = opened(self.folder, wait_seconds)
        except OSError as error:
            raise StoreError("The store's folder cannot be made or written to "
                             f"({error.strerror or 'no reason given'}); choose another folder.") from None
        self._sweep()

    def secret(self) -> bytes:
        """32 random bytes that belong to this folder, for keyed patient codes."""
        with locked(self._engine):
            return secret_in(self.folder)

    def save_recipe(self, name: str, toml_text: str, shape: Any, owner: str = EVERYBODY) -> int:
        """Keep a recipe and give its number; one of the same name and owner is replaced and keeps its loads."""
        if not name.strip():
            raise ValueError("A recipe needs a name.")
        values = {"toml_text": toml_text, "shape": json.dumps(shape), "saved_at": self._now()}
        with locked(self._engine) as connection:
            number = connection.execute(
                select(RECIPES.c.id).where(RECIPES.c.owner == owner, RECIPES.c.name == name)).scalar()
            if number is None:
                made = connection.execute(insert(RECIPES).values(owner=owner, name=name, **values))
                return int(made.inserted_primary_key[0])
            connection.execute(update(RECIPES).where(RECIPES.c.id == number).values(**values))
            return int(number)

    def recipes(self, owner: str = EVERYBODY) -> list[SavedRecipe]:
        """The owner's recipes and everybody's, the one saved last first."""
        with locked(self._engine) as connection:
            rows = connection.execute(select(RECIPES).where(RECIPES.c.owner.in_({owner, EVERYBODY}))
                                      .order_by(RECIPES.c.saved_at.desc(), RECIPES.c.id.desc()))
            return [_recipe(row) for row in rows]

    def recipe(self, recipe_id: int, owner: str = EVERYBODY) -> SavedRecipe | None:
        """One recipe; missing where there is none, or it is another owner's."""
        with locked(self._engine) as connection:
            row = connection.execute(select(RECIPES).where(_mine(recipe_id, owner))).first()
            return None if row is None else _recipe(row)

    def delete_recipe(self, recipe_id: int, owner: str = EVERYBODY) -> bool:
        """Remove a recipe and the tables of its loads; whether there was one."""
        with self._swept() as connection:
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
        strange = [name for name in frames if not name or not set(name) <= _NAME_OF_FRAME]
        if strange:
            raise ValueError("A table is named with small letters, digits and _.")
        with self._swept() as connection:
            if connection.execute(select(RECIPES.c.id).where(_mine(recipe_id, owner))).first() is None:
                raise ValueError("The recipe is not there any more; save it again.")
            # Written under the lock, so that no other process sweeps it before its row is there.
            dataset = write_dataset(self._datasets, frames)
            connection.execute(delete(LOADS).where(LOADS.c.recipe_id == recipe_id, LOADS.c.key == key))
            connection.execute(insert(LOADS).values(recipe_id=recipe_id, key=key, dataset=dataset,
                                                    facts=json.dumps(dict(facts)), saved_at=self._now()))
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
        with locked(self._engine) as connection:
            row = connection.execute(question).first()
            if row is None:
                return None
            frames = read_dataset(self._datasets, row.dataset)
        if frames is None:
            raise StoreError("The tables of the last load are damaged or were removed; load the files again.")
        return frames, json.loads(row.facts) | {"key": row.key, "saved_at": row.saved_at}

    def forget_loads(self, recipe_id: int, owner: str = EVERYBODY) -> None:
        """Remove the tables of a recipe; the recipe stays."""
        with self._swept() as connection:
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
        with locked(self._engine) as connection:
            connection.execute(delete(NOTES).where(_note(dataset, name, owner)))
            connection.execute(insert(NOTES).values(
                owner=owner, dataset=dataset, name=name, value=json.dumps(value), saved_at=self._now()))

    def notes(self, dataset: str, owner: str = EVERYBODY) -> dict[str, Any]:
        """What was kept with a dataset, by name, in the order of the names."""
        with locked(self._engine) as connection:
            rows = connection.execute(select(NOTES).where(NOTES.c.dataset == dataset, NOTES.c.owner == owner)
                                      .order_by(NOTES.c.name))
            return {row.name: json.loads(row.value) for row in rows}

    def drop_note(self, dataset: str, name: str, owner: str = EVERYBODY) -> bool:
        """Remove one note of a dataset; whether there was one."""
        with locked(self._engine) as connection:
            return connection.execute(delete(NOTES).where(_note(dataset, name, owner))).rowcount > 0

    def forget(self, owner: str) -> None:
        """Remove everything of one owner: recipes, loads and their tables, notes. Everybody's stay unless named."""
        with self._swept() as connection:
            connection.execute(delete(RECIPES).where(RECIPES.c.owner == owner))
            connection.execute(delete(NOTES).where(NOTES.c.owner == owner))

    @contextmanager
    def _swept(self):
        """One transaction, and tables that no row names any more removed after it."""
        with locked(self._engine) as connection:
            yield connection
        self._sweep()

    def _sweep(self) -> None:
        with locked(self._engine) as connection:
            sweep(self._datasets, set(connection.execute(select(LOADS.c.dataset)).scalars()))


def _mine(recipe_id: int, owner: str):
    return (RECIPES.c.id == recipe_id) & RECIPES.c.owner.in_({owner, EVERYBODY})


def _note(dataset: str, name: str, owner: str):
    return (NOTES.c.dataset == dataset) & (NOTES.c.name == name) & (NOTES.c.owner == owner)


def _recipe(row) -> SavedRecipe:
    return SavedRecipe(row.id, row.name, row.toml_text, json.loads(row.shape), row.owner, row.saved_at)
