"""Alembic's entry: migrate over the connection that `data.catalogue.database` hands in."""

from alembic import context

from data.catalogue.migrations import VERSION_TABLE
from data.catalogue.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
