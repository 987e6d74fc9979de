"""know a customer by address and id."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_claims",
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("mail_key", sa.String(), nullable=False),
        sa.Column("customer_key", sa.String(), nullable=False),
        sa.Column("placed_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "source_order_id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("brand", "mail_key", "customer_key"),
    )
    with op.batch_alter_table("mail_claims", schema=None) as batch_op:
        batch_op.create_index("mail_claims_of_customer", ["brand", "customer_key"], unique=False)
        batch_op.create_index(
            "mail_claims_shared",
            ["brand", "customer_key"],
            unique=False,
            sqlite_where=sa.text("shared"),
            postgresql_where=sa.text("shared"),
        )

    op.create_table(
        "import_watches",
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("import_id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["history_imports.id"],
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
        ),
        sa.PrimaryKeyConstraint("brand", "import_id", "order_id"),
    )
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.create_index(
            "orders_tagged",
            ["brand", "customer_key", "placed_at"],
            unique=False,
            sqlite_where=sa.text("NOT imported"),
            postgresql_where=sa.text("NOT imported"),
        )


def downgrade() -> None:
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index(
            "orders_tagged", sqlite_where=sa.text("NOT imported"), postgresql_where=sa.text("NOT imported")
        )

    op.drop_table("import_watches")
    with op.batch_alter_table("mail_claims", schema=None) as batch_op:
        batch_op.drop_index(
            "mail_claims_shared", sqlite_where=sa.text("shared"), postgresql_where=sa.text("shared")
        )
        batch_op.drop_index("mail_claims_of_customer")

    op.drop_table("mail_claims")
