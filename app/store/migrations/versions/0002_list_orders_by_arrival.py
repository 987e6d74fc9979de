"""List orders by arrival."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_orders_received_at"))
        batch_op.create_index("orders_by_arrival", ["imported", "received_at", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index("orders_by_arrival")
        batch_op.create_index(batch_op.f("ix_orders_received_at"), ["received_at"], unique=False)
