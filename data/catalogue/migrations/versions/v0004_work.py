"""Jobs, steps of crates, deleted crates, preferences."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables, and let a crate count its changes."""
    _create_jobs()
    _create_job_lines()
    _create_job_failures()
    _create_crate_steps()
    _create_deleted_crates()
    op.create_table(
        "preferences",
        _text("name"),
        _text("value"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_preferences")),
    )
    # Columns are added in place: SQLite would rebuild the table for anything else, and drop the
    # crates' content with the old one.
    for name in ("stamp", "step"):
        zero = sa.text("0")
        op.add_column(
            "crates", sa.Column(name, sa.BigInteger(), nullable=False, server_default=zero)
        )


def _create_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        *map(_text, ("kind", "title", "options", "state")),
        sa.Column("cancelling", sa.Boolean(), nullable=False),
        _text("step"),
        *map(_number, ("done", "total")),
        *map(_text, ("result", "error")),
        *map(_number, ("skipped", "lines", "attempts")),
        *map(_text, ("worker", "created_at", "started_at", "beaten_at", "finished_at")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )


def _create_job_lines() -> None:
    op.create_table(
        "job_lines",
        sa.Column("job_id", ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        *map(_text, ("at", "level", "text")),
        _job_key("job_lines"),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_job_lines")),
        sqlite_with_rowid=False,
    )


def _create_job_failures() -> None:
    op.create_table(
        "job_failures",
        sa.Column("job_id", ID, autoincrement=False, nullable=False),
        _text("digest"),
        _number("number"),
        *map(_text, ("place", "reason")),
        _job_key("job_failures"),
        sa.PrimaryKeyConstraint("job_id", "digest", name=op.f("pk_job_failures")),
        sqlite_with_rowid=False,
    )


def _create_crate_steps() -> None:
    op.create_table(
        "crate_steps",
        sa.Column("crate_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        *map(_text, ("said", "content")),
        sa.PrimaryKeyConstraint("crate_id", "number", name=op.f("pk_crate_steps")),
        sqlite_with_rowid=False,
    )


def _create_deleted_crates() -> None:
    op.create_table(
        "deleted_crates",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        _text("name"),
        *map(_number, ("stamp", "step")),
        *map(_text, ("content", "deleted_at")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deleted_crates")),
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _job_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["job_id"], ["jobs.id"], name=op.f(f"fk_{table}_job_id"), ondelete="CASCADE"
    )
