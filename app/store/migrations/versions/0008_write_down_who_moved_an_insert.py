"""write down who moved an insert."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "insert_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["jobs.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("insert_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_insert_changes_job_id"), ["job_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("insert_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_insert_changes_job_id"))

    op.drop_table("insert_changes")
