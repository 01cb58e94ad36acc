"""The tables of the store, the same on both databases.

Ids are never used again, times are ISO texts in UTC to the second, booleans are 0 and 1, plain values are JSON texts.
``frames`` holds rows on PostgreSQL only; on SQLite frames are files under their hash. Two columns point without a
foreign key, so that a restore may write rows in one order: ``datasets.latest_version_id``, which ``store check``
looks at, and ``share_renders.version_id``, whose render outlives a version that went, because what a link told
already must be known when it tells more.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint

METADATA = MetaData()


def _number() -> Column:
    return Column("id", Integer, primary_key=True)


def _of(name: str, target: str, on_delete: str = "CASCADE", **more) -> Column:
    more = {"nullable": False} | more
    kind = Text if target == "shares.id" else Integer
    return Column(name, kind, ForeignKey(target, ondelete=on_delete), **more)


def _text(name: str, **more) -> Column:
    return Column(name, Text, **({"nullable": False} | more))


def _count(name: str, **more) -> Column:
    return Column(name, Integer, **({"nullable": False} | more))


RECIPES = Table(
    "recipes", METADATA, _number(), _text("owner"), _text("name"), _text("toml_text"), _text("shape"),
    _text("saved_at"), UniqueConstraint("owner", "name"), sqlite_autoincrement=True,
)

LOADS = Table(
    "loads", METADATA, _number(), _of("recipe_id", "recipes.id"), _text("key"), _text("dataset"), _text("facts"),
    _text("saved_at"), UniqueConstraint("recipe_id", "key"), sqlite_autoincrement=True,
)
"""``dataset`` is the hash under which the frames lie."""

NOTES = Table(
    "notes", METADATA, _text("owner", primary_key=True), _text("dataset", primary_key=True),
    _text("name", primary_key=True), _text("value"), _text("saved_at"),
)

DATASETS = Table(
    "datasets", METADATA, _number(), _text("owner"), _text("name"), _count("is_private"), _text("made_by"),
    _text("made_at"), _count("latest_version_id", nullable=True), _count("last_number"), sqlite_autoincrement=True,
)
"""``last_number`` is the highest number a version ever had; one that was deleted is not given again."""

VERSIONS = Table(
    "versions", METADATA, _number(), _of("dataset_id", "datasets.id"), _count("number"), _text("content"),
    _text("key"), _text("facts"), _text("made_by"), _text("made_at"), UniqueConstraint("dataset_id", "number"),
    sqlite_autoincrement=True,
)

FRAMES = Table(
    "frames", METADATA, _text("content", primary_key=True), _text("name", primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
)

AUDIT = Table(
    "audit", METADATA, _number(), _text("at"), _text("subject"), _text("who"), _text("action"), _text("what"),
    sqlite_autoincrement=True,
)
"""A trigger refuses to change or delete a row."""

SETTINGS = Table("settings", METADATA, _text("name", primary_key=True), _text("value"))

SIGN_OUTS = Table("sign_outs", METADATA, _text("subject", primary_key=True), _text("before"))

SHARES = Table(
    "shares", METADATA, _text("id", primary_key=True), _text("token_hash"), _text("owner"), _text("made_by"),
    _text("made_at"), _text("title"), _text("audience"), _text("content"),
    _of("dataset_id", "datasets.id", "SET NULL", nullable=True),
    _of("version_id", "versions.id", "SET NULL", nullable=True),
    _text("expires_at"), _text("passphrase_hash", nullable=True), _count("most_opens", nullable=True),
    _count("n_opens"), _text("revoked_at", nullable=True),
)
"""A missing version follows the latest. Who deletes what a share shows revokes it in the same transaction."""

SHARE_RENDERS = Table(
    "share_renders", METADATA, _of("share_id", "shares.id", primary_key=True),
    _count("version_id", primary_key=True, autoincrement=False), _text("definition", primary_key=True),
    Column("payload", LargeBinary, nullable=False), _text("made_at"),
)
"""``version_id`` is 0 where a share shows no kept dataset."""

SHARE_VISITS = Table(
    "share_visits", METADATA, _of("share_id", "shares.id", primary_key=True), _text("visit_hash", primary_key=True),
    _text("opened_at"),
)

SHARE_POSITIONS = Table(
    "share_positions", METADATA, _of("share_id", "shares.id", primary_key=True), _count("seq"), _text("position"),
    _text("at"),
)

SHARE_PRESENCE = Table(
    "share_presence", METADATA, _of("share_id", "shares.id", primary_key=True), _text("server", primary_key=True),
    _count("n"), _text("at"),
)

SHARE_GUESSES = Table(
    "share_guesses", METADATA, _of("share_id", "shares.id", primary_key=True), _count("n"), _text("until"),
)
