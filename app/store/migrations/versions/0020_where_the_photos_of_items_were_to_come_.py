"""where the photos of items were to come from."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("dead_letters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dead_letters_order_id"), ["order_id"], unique=False)

    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.create_index(
            "items_awaiting_photo",
            ["spooled", "expires_at"],
            unique=False,
            sqlite_where=sa.text("(spooled <> '' OR url <> '')"),
            postgresql_where=sa.text("(spooled <> '' OR url <> '')"),
        )


def downgrade() -> None:
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.drop_index(
            "items_awaiting_photo",
            sqlite_where=sa.text("(spooled <> '' OR url <> '')"),
            postgresql_where=sa.text("(spooled <> '' OR url <> '')"),
        )

    with op.batch_alter_table("dead_letters", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dead_letters_order_id"))
