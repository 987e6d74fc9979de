"""which task may hand a piece over."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("inserts", "items"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
            batch_op.add_column(sa.Column("waits", sa.Boolean(), nullable=False, server_default=sa.false()))
        # The defaults were for the rows that there are.
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in ("tries", "waits"):
                batch_op.alter_column(name, server_default=None)
        # Nobody knows which of these have a task: each gets a new one, and an older one is not wanted then.
        ready = sa.table(table, sa.column("state"), sa.column("waits"))
        op.execute(sa.update(ready).where(ready.c.state == "ready").values(waits=sa.true()))


def downgrade() -> None:
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.drop_column("waits")
        batch_op.drop_column("tries")

    with op.batch_alter_table("inserts", schema=None) as batch_op:
        batch_op.drop_column("waits")
        batch_op.drop_column("tries")
