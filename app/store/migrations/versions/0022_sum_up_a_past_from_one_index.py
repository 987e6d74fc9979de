"""sum up a past from one index, on SQLite: it serves what a narrower one beside it did."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

HISTORY = ["brand", "customer_key", "placed_at", "source_order_id"]
COUNTED = [*HISTORY, "cancelled_at", "value_minor", "currency", "categories"]


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("orders_history", "orders")
        op.drop_index("orders_counted", "orders")
        op.create_index("orders_counted", "orders", [*COUNTED, "eligible"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("orders_counted", "orders")
        op.create_index("orders_counted", "orders", COUNTED, sqlite_where=sa.text("eligible"))
        op.create_index("orders_history", "orders", HISTORY)
