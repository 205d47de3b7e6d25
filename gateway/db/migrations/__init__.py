"""The history of the tables, for Alembic. `gateway.db.migrate` is the only way in."""
