"""What is kept between two starts: recipes and their last loads, datasets with versions, links, notes, the audit log.

One folder holds everything: ``outcomes.sqlite`` (all rows), ``datasets/<hash>/*.parquet`` (canonical tables after the
screen: patients' codes, no original text) and ``secret.key`` (for keyed patient codes). For several servers
``OUTCOMES_DATABASE_URL=postgresql+psycopg://...`` names a database that holds all three. Nothing is encrypted by us.
The room keeps plain texts, dicts and bytes and knows nothing of their meaning. ::

    store = Store()                       # or Store(folder); made at first use, see ``store_folder``
    number = store.save_recipe("monthly export", toml_text, shape, owner)
    for saved in store.recipes(owner):    # SavedRecipe(id, name, toml_text, shape, owner, saved_at)
        ...
    store.save_load(number, key, frames, facts, owner)
    frames, facts = store.last_load(number, owner, other_than=key) or (None, None)
    store.keep_note(dataset, name, value, owner)      # what a person said of a dataset: a named cohort, the primary
    store.notes(dataset, owner)           # of a kept dataset under ``note_key(dataset_id)``
    store.forget(owner)                   # recipes, loads and notes of one owner; kept datasets are deleted by name

    version = store.datasets.keep("May", frames, facts, person)               # SavedDataset, Version: datasets.py
    store.datasets.keep("May", frames, facts, person, dataset_id=version.dataset_id)      # the next version
    store.datasets.frames(version.id, person)
    store.audit.entries(person)           # Entry(at, who, action, what): audit.py
    store.signed_out.signed_out_before(subject)
    store.shares                          # links: shares.py

``owner`` is any text that stands for one browser, or ``""`` for everybody on this machine; a question is answered
from what is the owner's or everybody's. ``person`` is an ``access.Person``, whose rights every method asks.
``key`` tells one set of files from another, so that loading February twice does not make February its own last month:
per recipe the loads of the last two keys are kept, and ``last_load(..., other_than=key)`` gives the one before.
``shape`` and ``facts`` are plain values as JSON knows them.

A save is whole or it is not there: the tables are written beside their place, forced to the disk and renamed, the
row that names them is committed last, all under the database's own lock; what a killed save left is swept when the
folder is next opened. Two processes may use one store at once. Everything that can go wrong with it is a
``StoreError`` whose text is for the person at the screen.

For another module of this room: take a ``Database``; ``with database.locked() as connection`` is one transaction that
nobody comes between, ``with database.reading()`` one that waits for nobody, ``database.now()`` the time; tables stand
in tables.py, and ``audit.tell(connection, person, action, what)`` tells in the same transaction.
"""

from analytics.store.audit import SYSTEM, Entry
from analytics.store.database import DATABASE_VARIABLE, is_there
from analytics.store.folder import FOLDER_VARIABLE, StoreError, store_folder
from analytics.store.removal import note_key
from analytics.store.saved_datasets import GoneError, SavedDataset, Version
from analytics.store.store import SavedRecipe, Store, utc_now

__all__ = [
    "DATABASE_VARIABLE", "FOLDER_VARIABLE", "SYSTEM", "Entry", "GoneError", "SavedDataset", "SavedRecipe", "Store",
    "StoreError", "Version", "is_there", "note_key", "store_folder", "utc_now",
]
