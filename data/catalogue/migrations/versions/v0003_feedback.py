"""What the DJ said of tracks and of pairs."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "feedback",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("recording_id", ID, nullable=False),
        sa.Column("next_id", ID, nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("said_at", sa.Text(), nullable=False),
        _recording_key("recording_id"),
        _recording_key("next_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
    )
    for column in ("recording_id", "next_id"):
        op.create_index(op.f(f"ix_feedback_{column}"), "feedback", [column])


def _recording_key(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["recordings.id"], name=op.f(f"fk_feedback_{column}"), ondelete="CASCADE"
    )
