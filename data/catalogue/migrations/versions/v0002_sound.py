"""What was heard: audio, its files, numbers and vectors."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    _create_audio()
    _create_analyses()
    _create_embeddings()


def _create_audio() -> None:
    """Create audio and the files that hold it."""
    op.create_table(
        "audio",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("recording_id", ID, nullable=True),
        sa.Column("duration_s", sa.Double(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name=op.f("fk_audio_recording_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audio")),
        sa.UniqueConstraint("content_hash", name=op.f("uq_audio_content_hash")),
    )
    op.create_index(op.f("ix_audio_recording_id"), "audio", ["recording_id"])
    op.create_table(
        "audio_paths",
        sa.Column("path_key", sa.Text(), nullable=False),
        sa.Column("path", sa.LargeBinary(), nullable=False),
        sa.Column("audio_id", ID, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        _audio_key("audio_paths"),
        sa.PrimaryKeyConstraint("path_key", name=op.f("pk_audio_paths")),
    )
    op.create_index(op.f("ix_audio_paths_audio_id"), "audio_paths", ["audio_id"])


def _create_analyses() -> None:
    """Create the numbers."""
    op.create_table(
        "analyses",
        sa.Column("audio_id", ID, autoincrement=False, nullable=False),
        sa.Column("analyser", sa.Text(), nullable=False),
        sa.Column("bpm", sa.Double(), nullable=True),
        sa.Column("bpm_confidence", sa.Double(), nullable=False),
        sa.Column("bpm_alternatives", sa.Text(), nullable=False),
        sa.Column("beat_start_s", sa.Double(), nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("key_confidence", sa.Double(), nullable=False),
        sa.Column("key_runner_up", sa.Text(), nullable=True),
        sa.Column("energy", sa.Double(), nullable=False),
        sa.Column("loudness_lufs", sa.Double(), nullable=False),
        sa.Column("rolloff_hz", sa.Double(), nullable=False),
        sa.Column("windows", sa.Text(), nullable=False),
        sa.Column("measured_bpm", sa.Double(), nullable=True),
        sa.Column("measured_key", sa.Text(), nullable=True),
        sa.Column("provenance", sa.Text(), nullable=False),
        _audio_key("analyses"),
        sa.PrimaryKeyConstraint("audio_id", name=op.f("pk_analyses")),
    )


def _create_embeddings() -> None:
    """Create the vectors."""
    op.create_table(
        "embeddings",
        sa.Column("audio_id", ID, autoincrement=False, nullable=False),
        sa.Column("encoder", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("d", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("fragment_s", sa.Double(), nullable=False),
        sa.Column("scale", sa.Double(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("starts", sa.LargeBinary(), nullable=False),
        sa.Column("fragments", sa.LargeBinary(), nullable=False),
        _audio_key("embeddings"),
        sa.PrimaryKeyConstraint("audio_id", "encoder", name=op.f("pk_embeddings")),
    )


def _audio_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["audio_id"], ["audio.id"], name=op.f(f"fk_{table}_audio_id"), ondelete="CASCADE"
    )
