"""What the web answered, secrets, playlists written elsewhere, what DJ software says."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    _create_web()
    _create_pushes()
    op.create_table(
        "sealed",
        _text("name"),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        _text("until"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sealed")),
    )
    op.create_table(
        "said",
        sa.Column("recording_id", ID, autoincrement=False, nullable=False),
        _text("source"),
        sa.Column("bpm", sa.Double(), nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("duration_s", sa.Double(), nullable=True),
        sa.Column("year", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recordings.id"],
            name=op.f("fk_said_recording_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("recording_id", "source", name=op.f("pk_said")),
        sqlite_with_rowid=False,
    )


def _create_web() -> None:
    op.create_table(
        "web_answers",
        *map(_text, ("service", "question", "answer", "until")),
        sa.PrimaryKeyConstraint("service", "question", name=op.f("pk_web_answers")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_web_answers_until"), "web_answers", ["until"])
    op.create_table(
        "web_pauses",
        *map(_text, ("service", "until", "reason")),
        sa.PrimaryKeyConstraint("service", name=op.f("pk_web_pauses")),
    )


def _create_pushes() -> None:
    op.create_table(
        "pushes",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        _text("digest"),
        sa.Column("crate_id", sa.BigInteger(), nullable=False),
        *map(_text, ("mode", "name", "playlist_id", "link", "snapshot_id")),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        *map(_text, ("started_at", "finished_at")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pushes")),
        sa.UniqueConstraint("digest", name=op.f("uq_pushes_digest")),
    )
    op.create_index(op.f("ix_pushes_crate_id"), "pushes", ["crate_id"])


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)
