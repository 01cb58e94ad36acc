"""What is kept between two starts: recipes, and what their last files held.

One folder holds everything: ``outcomes.sqlite`` (names, recipes, what each dataset is), ``datasets/<hash>/*.parquet``
(canonical tables after the screen: patients' codes, no original text) and ``secret.key`` (for keyed patient codes).
The room keeps plain texts, dicts and bytes and knows nothing of their meaning. ::

    store = Store()                       # or Store(folder); made at first use, see ``store_folder``
    number = store.save_recipe("monthly export", toml_text, shape, owner)
    for saved in store.recipes(owner):    # SavedRecipe(id, name, toml_text, shape, owner, saved_at)
        ...
    store.save_load(number, key, frames, facts, owner)
    frames, facts = store.last_load(number, owner, other_than=key) or (None, None)
    store.keep_note(dataset, name, value, owner)      # what a person said of a dataset: a named cohort, the primary
    store.notes(dataset, owner)
    store.forget(owner)                   # everything of one owner, tables and notes included

``owner`` is any text that stands for one browser, or ``""`` for everybody on this machine; a question is answered
from what is the owner's or everybody's. ``key`` tells one set of files from another, so that loading February twice
does not make February its own last month: per recipe the loads of the last two keys are kept, and
``last_load(..., other_than=key)`` gives the one before. ``shape`` and ``facts`` are plain values as JSON knows them.

A save is whole or it is not there: the tables are written beside their place, forced to the disk and renamed, the
row that names them is committed last, all under the database's own lock; what a killed save left is swept when the
folder is next opened. Two processes may use one folder at once. Everything that can go wrong with the folder is a
``StoreError`` whose text is for the person at the screen.
"""

from analytics.store.folder import FOLDER_VARIABLE, StoreError, store_folder
from analytics.store.store import SavedRecipe, Store

__all__ = ["FOLDER_VARIABLE", "SavedRecipe", "Store", "StoreError", "store_folder"]
