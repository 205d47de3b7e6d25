"""Run by Alembic for every command: takes the connection and the transaction that `gateway.db.migrate` has opened."""

from alembic import context

attributes = context.config.attributes
# Not the present tables' metadata: what an old revision creates must not follow what the tables became later.
context.configure(connection=attributes["connection"], on_version_apply=attributes["applied"], render_as_batch=True)
context.run_migrations()
