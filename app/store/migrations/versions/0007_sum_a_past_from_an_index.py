"""sum a customer's past from an index alone, on SQLite."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COLUMNS = [
    "brand",
    "customer_key",
    "placed_at",
    "source_order_id",
    "cancelled_at",
    "value_minor",
    "currency",
    "categories",
]


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.create_index("orders_counted", "orders", COLUMNS, sqlite_where=sa.text("eligible"))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("orders_counted", "orders")
