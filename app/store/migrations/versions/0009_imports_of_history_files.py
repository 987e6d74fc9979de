"""imports of history files."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "history_imports",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("history_imports", schema=None) as batch_op:
        batch_op.create_index("history_imports_of_brand", ["brand", "made_at"], unique=False)

    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("orders_by_arrival"))
        batch_op.create_index(
            "orders_by_arrival",
            ["received_at", "id"],
            unique=False,
            sqlite_where=sa.text("imported IS 0"),
            postgresql_where=sa.text("imported IS false"),
        )


def downgrade() -> None:
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index(
            "orders_by_arrival",
            sqlite_where=sa.text("imported IS 0"),
            postgresql_where=sa.text("imported IS false"),
        )
        batch_op.create_index(
            batch_op.f("orders_by_arrival"), ["imported", "received_at", "id"], unique=False
        )

    with op.batch_alter_table("history_imports", schema=None) as batch_op:
        batch_op.drop_index("history_imports_of_brand")

    op.drop_table("history_imports")
