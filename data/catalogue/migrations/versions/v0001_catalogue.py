"""The catalogue of sets, plays, recordings and crates."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    _create_names()
    _create_recordings()
    _create_sets()
    _create_plays()
    _create_crates()
    _create_bookkeeping()


def _create_names() -> None:
    """Create works, labels and artists, to which recordings point."""
    op.create_table(
        "works",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("work_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_works")),
        sa.UniqueConstraint("work_key", name=op.f("uq_works_work_key")),
    )
    op.create_table(
        "labels",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("label_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
        sa.UniqueConstraint("label_key", name=op.f("uq_labels_label_key")),
    )
    op.create_table(
        "artists",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artists")),
        sa.UniqueConstraint("name", name=op.f("uq_artists_name")),
    )


def _create_recordings() -> None:
    """Create recordings and who made them."""
    op.create_table(
        "recordings",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("recording_key", sa.Text(), nullable=False),
        sa.Column("work_id", ID, nullable=False),
        sa.Column("label_id", ID, nullable=True),
        sa.Column("artist", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("catalogue_number", sa.Text(), nullable=False),
        sa.Column("genre", sa.Text(), nullable=False),
        sa.Column("sets", sa.BigInteger(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["label_id"], ["labels.id"], name=op.f("fk_recordings_label_id")),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_recordings_work_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recordings")),
        sa.UniqueConstraint("recording_key", name=op.f("uq_recordings_recording_key")),
    )
    op.create_index(op.f("ix_recordings_label_id"), "recordings", ["label_id"])
    op.create_index(op.f("ix_recordings_work_id"), "recordings", ["work_id"])
    op.create_table(
        "recording_artists",
        sa.Column("recording_id", ID, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("artist_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["artist_id"], ["artists.id"], name=op.f("fk_recording_artists_artist_id")
        ),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recordings.id"],
            name=op.f("fk_recording_artists_recording_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("recording_id", "position", name=op.f("pk_recording_artists")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_recording_artists_artist_id"), "recording_artists", ["artist_id"])


def _create_sets() -> None:
    """Create sets, their DJs and styles."""
    op.create_table(
        "sets",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("date", sa.Text(), nullable=False),
        sa.Column("show", sa.Text(), nullable=False),
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("completeness", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("plays_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sets")),
        sa.UniqueConstraint("source", "source_id", name=op.f("uq_sets_source_source_id")),
    )
    op.create_table(
        "set_djs",
        sa.Column("set_id", ID, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_id"], ["sets.id"], name=op.f("fk_set_djs_set_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("set_id", "position", name=op.f("pk_set_djs")),
    )
    op.create_table(
        "set_styles",
        sa.Column("set_id", ID, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_id"], ["sets.id"], name=op.f("fk_set_styles_set_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("set_id", "position", name=op.f("pk_set_styles")),
    )


def _create_plays() -> None:
    """Create the rows of the tracklists, and the ids found beside them."""
    op.create_table(
        "plays",
        sa.Column("set_id", ID, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recording_id", ID, nullable=True),
        sa.Column("with_previous", sa.Boolean(), nullable=False),
        sa.Column("chapter_number", sa.BigInteger(), nullable=False),
        sa.Column("chapter", sa.Text(), nullable=False),
        sa.Column("cue", sa.Text(), nullable=True),
        sa.Column("cue_earliest", sa.BigInteger(), nullable=True),
        sa.Column("cue_latest", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("artist", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("catalogue_number", sa.Text(), nullable=False),
        sa.Column("genre", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'identified') = (recording_id IS NOT NULL)", name=op.f("ck_plays_identified")
        ),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name=op.f("fk_plays_recording_id")
        ),
        sa.ForeignKeyConstraint(
            ["set_id"], ["sets.id"], name=op.f("fk_plays_set_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("set_id", "position", name=op.f("pk_plays")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_plays_recording_id"), "plays", ["recording_id"])
    op.create_table(
        "outside_ids",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("recording_id", ID, nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("set_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recordings.id"],
            name=op.f("fk_outside_ids_recording_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["set_id"], ["sets.id"], name=op.f("fk_outside_ids_set_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_ids")),
        sa.UniqueConstraint(
            "recording_id",
            "scheme",
            "value",
            "source",
            "set_id",
            name=op.f("uq_outside_ids_recording_id_scheme_value_source_set_id"),
        ),
    )
    op.create_index(op.f("ix_outside_ids_scheme_value"), "outside_ids", ["scheme", "value"])
    op.create_index(op.f("ix_outside_ids_set_id"), "outside_ids", ["set_id"])


def _create_crates() -> None:
    """Create crates and what is in them."""
    op.create_table(
        "crates",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crates")),
        sa.UniqueConstraint("name", name=op.f("uq_crates_name")),
    )
    op.create_table(
        "crate_items",
        sa.Column("crate_id", ID, nullable=False),
        sa.Column("recording_id", ID, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["crate_id"], ["crates.id"], name=op.f("fk_crate_items_crate_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name=op.f("fk_crate_items_recording_id")
        ),
        sa.PrimaryKeyConstraint("crate_id", "recording_id", name=op.f("pk_crate_items")),
    )
    op.create_index(op.f("ix_crate_items_recording_id"), "crate_items", ["recording_id"])


def _create_bookkeeping() -> None:
    """Create what imports need to remember."""
    op.create_table(
        "set_aside",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_aside")),
        sa.UniqueConstraint("place", "reason", name=op.f("uq_set_aside_place_reason")),
    )
    op.create_table(
        "checkpoints",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_checkpoints")),
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )
