"""keep every event of orders and customers, and what late ones would change."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_OPT_OUTS = """
INSERT INTO customer_events (brand, customer_key, source_event_id, type, at, received_at, document)
SELECT brand, key, 'order:before events were kept opted_out', 'opted_out', 0, 0, '{}' FROM customers WHERE
opted_out
"""


def upgrade() -> None:
    _keep_events()
    op.execute(_OPT_OUTS)
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("known_since", sa.BigInteger(), nullable=True))
        batch_op.drop_column("opted_out")
    with op.batch_alter_table("credits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credits_order_id"), ["order_id"], unique=False)
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reprinted_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("complained_at", sa.BigInteger(), nullable=True))
        batch_op.create_index(
            "orders_complained",
            ["brand", "customer_key"],
            unique=False,
            sqlite_where=sa.text("complained_at IS NOT NULL"),
            postgresql_where=sa.text("complained_at IS NOT NULL"),
        )
    op.create_table(
        "diffs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("tagged", sa.String(), nullable=True),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("cause_id", sa.String(), nullable=False),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("diffs", schema=None) as batch_op:
        batch_op.create_index("diffs_by_brand", ["brand", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_diffs_order_id"), ["order_id"], unique=False)


def _keep_events() -> None:
    # Nothing was ever written to the first table of this name.
    op.drop_table("order_events")
    op.create_table(
        "order_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("source_order_id", sa.String(), nullable=False),
        *_of_every_event(),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("brand", "order_id", "source_event_id"),
    )
    op.create_table(
        "customer_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("customer_key", sa.String(), nullable=False),
        *_of_every_event(),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("brand", "customer_key", "source_event_id"),
    )


def _of_every_event() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("source_event_id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("diffs")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index("orders_complained")
        batch_op.drop_column("complained_at")
        batch_op.drop_column("reprinted_at")
    with op.batch_alter_table("credits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credits_order_id"))
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("opted_out", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.drop_column("known_since")
    op.drop_table("customer_events")
    op.drop_table("order_events")
    op.create_table(
        "order_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        *_of_every_event(),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("order_id", "source_event_id"),
    )
    with op.batch_alter_table("order_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_events_order_id"), ["order_id"], unique=False)
