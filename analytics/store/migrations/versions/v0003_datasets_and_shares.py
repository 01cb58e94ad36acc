"""Datasets with versions, the audit log, settings, sign-outs and shares."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_APPEND_ONLY = {
    "sqlite": tuple(
        f"CREATE TRIGGER audit_no_{event.lower()} BEFORE {event} ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is appended to only'); END"
        for event in ("UPDATE", "DELETE")),
    "postgresql": (
        "CREATE FUNCTION audit_is_appended_to() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log is appended to only'; END $$",
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_appended_to()",
    ),
}


def upgrade() -> None:
    _datasets()
    _log_and_settings()
    _shares()
    _what_shares_hold()
    for statement in _APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def _text(name: str, **more) -> sa.Column:
    return sa.Column(name, sa.Text, **({"nullable": False} | more))


def _datasets() -> None:
    op.create_table(
        "datasets",
        sa.Column("id", sa.Integer, primary_key=True),
        _text("owner"), _text("name"),
        sa.Column("is_private", sa.Integer, nullable=False),
        _text("made_by"), _text("made_at"),
        sa.Column("latest_version_id", sa.Integer, nullable=True),
        sa.Column("last_number", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "versions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("dataset_id", sa.Integer, sa.ForeignKey("datasets.id", ondelete="CASCADE"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        _text("content"), _text("key"), _text("facts"), _text("made_by"), _text("made_at"),
        sa.UniqueConstraint("dataset_id", "number"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "frames", _text("content", primary_key=True), _text("name", primary_key=True),
        sa.Column("bytes", sa.LargeBinary, nullable=False),
    )


def _log_and_settings() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        _text("at"), _text("subject"), _text("who"), _text("action"), _text("what"),
        sqlite_autoincrement=True,
    )
    op.create_table("settings", _text("name", primary_key=True), _text("value"))
    op.create_table("sign_outs", _text("subject", primary_key=True), _text("before"))


def _shares() -> None:
    op.create_table(
        "shares",
        _text("id", primary_key=True), _text("token_hash"), _text("owner"), _text("made_by"), _text("made_at"),
        _text("title"), _text("audience"), _text("content"),
        sa.Column("dataset_id", sa.Integer, sa.ForeignKey("datasets.id", ondelete="SET NULL"), nullable=True),
        sa.Column("version_id", sa.Integer, sa.ForeignKey("versions.id", ondelete="SET NULL"), nullable=True),
        _text("expires_at"), _text("passphrase_hash", nullable=True),
        sa.Column("most_opens", sa.Integer, nullable=True),
        sa.Column("n_opens", sa.Integer, nullable=False),
        _text("revoked_at", nullable=True),
    )


def _of_share() -> sa.Column:
    return sa.Column("share_id", sa.Text, sa.ForeignKey("shares.id", ondelete="CASCADE"), primary_key=True)


def _what_shares_hold() -> None:
    op.create_table(
        "share_renders", _of_share(),
        sa.Column("version_id", sa.Integer, primary_key=True, autoincrement=False),
        _text("definition", primary_key=True),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        _text("made_at"),
    )
    op.create_table("share_visits", _of_share(), _text("visit_hash", primary_key=True), _text("opened_at"))
    op.create_table("share_positions", _of_share(), sa.Column("seq", sa.Integer, nullable=False),
                    _text("position"), _text("at"))
    op.create_table("share_presence", _of_share(), _text("server", primary_key=True),
                    sa.Column("n", sa.Integer, nullable=False), _text("at"))
    op.create_table("share_guesses", _of_share(), sa.Column("n", sa.Integer, nullable=False), _text("until"))
