"""What Alembic runs: the steps, in the transaction that the caller holds under the database's lock."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
