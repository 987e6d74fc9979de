"""photo items."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "items",
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("customer_key", sa.String(), nullable=True),
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("photo", sa.String(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("spooled", sa.String(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("crop", sa.JSON(), nullable=True),
        sa.Column("on_card", sa.Boolean(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("customer_message", sa.Text(), nullable=False),
        sa.Column("finding", sa.JSON(), nullable=True),
        sa.Column("bench_code", sa.String(), nullable=False),
        sa.Column("pdf_sha256", sa.String(), nullable=True),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("target_reference", sa.String(), nullable=False),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.Column("needed_by", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("ready_at", sa.BigInteger(), nullable=True),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["jobs.id"],
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
        ),
        sa.ForeignKeyConstraint(
            ["record"],
            ["jobs.id"],
        ),
        sa.PrimaryKeyConstraint("brand", "record", "number"),
    )
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.create_index("items_by_photo", ["brand", "photo"], unique=False)
        batch_op.create_index("items_by_state", ["brand", "state"], unique=False)
        batch_op.create_index("items_of_record", ["record", "number"], unique=True)
        batch_op.create_index(batch_op.f("ix_items_customer_key"), ["customer_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_items_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_items_pdf_sha256"), ["pdf_sha256"], unique=False)

    with op.batch_alter_table("insert_changes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("insert_changes", schema=None) as batch_op:
        batch_op.drop_column("number")

    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_items_pdf_sha256"))
        batch_op.drop_index(batch_op.f("ix_items_order_id"))
        batch_op.drop_index(batch_op.f("ix_items_customer_key"))
        batch_op.drop_index("items_of_record")
        batch_op.drop_index("items_by_state")
        batch_op.drop_index("items_by_photo")

    op.drop_table("items")
