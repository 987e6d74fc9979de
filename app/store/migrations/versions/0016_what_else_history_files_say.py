"""Channel, country, gift and quantity of imported orders."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("channel", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("country", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("gift", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("quantity", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_column("quantity")
        batch_op.drop_column("gift")
        batch_op.drop_column("country")
        batch_op.drop_column("channel")
