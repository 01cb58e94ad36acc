"""A dataset: files as they were read, and what an address may name of them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pandas as pd

from analytics.definitions.instruments import Instrument
from analytics.definitions.rules import INDICATION_HEADERS, KINDS
from analytics.definitions.tables import Tables
from analytics.ingest.load import Dates, Opened, Progress, tables_of
from analytics.store import SavedDataset, Version, note_key

GivenAs = Literal["sample", "command_line", "upload", "kept"]

@dataclass(frozen=True)
class SourceFile:
    """One file a dataset was made of."""

    name: str
    sha256: str
    n_bytes: int


@dataclass(frozen=True)
class Shape:
    """What of a dataset an address may name, by place in sorted lists.

    Attributes
    ----------
    key : of the dataset
    attributes : name and values of every attribute, both sorted
    visits : labels of the visits, sorted
    indications : values of the attribute that names the indication, sorted
    instruments : all that are known, by key
    present : keys of those that the files hold, sorted
    """

    key: str
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    visits: tuple[str, ...] = ()
    indications: tuple[str, ...] = ()
    instruments: Mapping[str, Instrument] = field(default_factory=dict, repr=False)
    present: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """The part of the key that stands in an address."""
        return self.key[:16]

    def is_like(self, other: Shape) -> bool:
        """Whether an address of the one names the same in the other."""
        return replace(self, key=other.key) == other


@dataclass(frozen=True)
class Dataset:
    """Files as they were read, under a key that changes with any byte of them and with how they were read.

    Attributes
    ----------
    key : sha256 over the files' hashes, the mapping and the settings of the load
    mapping : what a person said the columns are, as pairs of column and field
    given_as : where it came from; an upload belongs to ``owner``
    shape : what an address may name of it
    attributes : headers kept as attributes where nothing else is known of them
    recipe : the number of the recipe it was read with
    start_rules : preset and settings that the first view of it has
    dates : whether real dates were kept (an internal view, which the screen names) or turned into days
    """

    key: str
    label: str
    given_as: GivenAs
    sources: tuple[SourceFile, ...]
    mapping: tuple[tuple[str, str], ...]
    tables: Tables = field(repr=False, compare=False)
    shape: Shape = field(repr=False, compare=False)
    owner: str | None = None
    dates: Dates = "relative"
    attributes: tuple[str, ...] = ()
    recipe: int | None = None
    start_rules: tuple[str, tuple[tuple[str, str], ...]] = ("clinic", ())

    @property
    def is_sample(self) -> bool:
        """Whether this is the invented sample."""
        return self.given_as == "sample"

    @property
    def short(self) -> str:
        """The part of the key that stands in an address."""
        return self.key[:16]

    @property
    def notes_key(self) -> str:
        """Under what the store keeps what a person says of it."""
        return self.key


@dataclass(frozen=True)
class KeptDataset(Dataset):
    """One version of a dataset that the store keeps. Its tables are read when somebody asks for them.

    Attributes
    ----------
    saved : the dataset, with its latest version
    of : this version; ``of.facts`` is what ``kept_datasets`` keeps beside the tables
    read : gives the tables, raises StoreError; what was read lately is at hand
    """

    tables: Tables = field(init=False, repr=False, compare=False)
    saved: SavedDataset = field(kw_only=True, repr=False, compare=False)
    of: Version = field(kw_only=True, repr=False, compare=False)
    read: Callable[[], Tables] = field(kw_only=True, repr=False, compare=False)

    def __getattr__(self, attribute: str) -> Any:
        # The list of datasets is drawn at every click, and must not read them all.
        if attribute == "tables":
            return self.read()
        raise AttributeError(attribute)

    @property
    def is_latest(self) -> bool:
        """Whether no later version is kept."""
        return self.saved.latest is None or self.of.id == self.saved.latest.id

    @property
    def notes_key(self) -> str:
        """Under what the store keeps what a person says of it, whatever the version."""
        return note_key(self.saved.id)


def dataset_key(hashes: Iterable[str], mapping: Mapping[str, str], settings: Mapping[str, str]) -> str:
    """The key of the files with these hashes, read in this way; the order of files changes nothing."""
    named = json.dumps([sorted(hashes), sorted(mapping.items()), sorted(settings.items())])
    return hashlib.sha256(named.encode()).hexdigest()


def made(
    opened: Opened, sources: Iterable[SourceFile], mapping: Mapping[str, str] | None, given_as: GivenAs, *,
    dates: Dates = "relative", attributes: Collection[str] = (), secret: bytes | None = None,
    progress: Progress = lambda doing, done: None, **more: Any,
) -> Dataset:
    """A dataset of opened files, read with a mapping; ``more`` are further fields of it."""
    sources, mapping = tuple(sources), dict(mapping or {})
    key = dataset_key((source.sha256 for source in sources), mapping, {
        "dates": dates, **{f"attribute {name}": "" for name in attributes}})
    tables = tables_of(opened, mapping=mapping, attributes=attributes, dates=dates, secret=secret, progress=progress)
    label = "Invented sample data" if given_as == "sample" else label_of([one.name for one in sources])
    return Dataset(key, label, given_as, sources, tuple(sorted(mapping.items())), tables, shape_of(key, tables),
                   dates=dates, attributes=tuple(attributes), **more)


def source_file(name: str, content: bytes) -> SourceFile:
    """What is kept of a file to find it again."""
    return SourceFile(name, hashlib.sha256(content).hexdigest(), len(content))


def shape_of(key: str, tables: Tables) -> Shape:
    """What an address may name of these tables; drug, route and kind are attributes of a course too."""
    values: dict[str, tuple[str, ...]] = {"kind": tuple(sorted(KINDS))}
    for name in ("drug", "route"):
        if name in tables.sessions:
            words = _words(tables.sessions[name])
            values[name] = tuple(sorted({*words, "mixed"} if len(words) > 1 else words))
    pairs = tables.attributes[["name", "value"]].astype("str").drop_duplicates()
    values |= {f"{name} (file)" if name in values else str(name): _words(group)
               for name, group in pairs.groupby("name")["value"]}
    names = sorted(pairs["name"].dropna().unique())
    indication = next((name for name in names
                       if re.sub("[^a-z0-9]", "", name.lower()) in INDICATION_HEADERS), None)
    visits = _words(tables.assessments["visit"]) if "visit" in tables.assessments else ()
    return Shape(key, tuple(sorted(values.items())), visits, values[indication] if indication else (),
                 tables.instruments, _words(tables.assessments["instrument"]))


def _words(column: pd.Series) -> tuple[str, ...]:
    return tuple(sorted(str(word) for word in column.dropna().unique()))


def label_of(names: list[str]) -> str:
    """What a dataset of these files is called."""
    return names[0] if len(names) == 1 else f"{len(names)} files: {', '.join(names)}"
