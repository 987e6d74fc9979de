"""cards are chosen by more rules."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "eligibility",
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("customer_key", sa.String(), nullable=False),
        sa.Column("experiment", sa.String(), nullable=False),
        sa.Column("arm", sa.String(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("crossed", sa.Boolean(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("variant", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
        ),
        sa.PrimaryKeyConstraint("brand", "order_id"),
    )
    with op.batch_alter_table("eligibility", schema=None) as batch_op:
        batch_op.create_index("eligibility_of_customer", ["brand", "customer_key"], unique=False)

    op.create_table(
        "person_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("brand", "kind", "subject"),
    )
    with op.batch_alter_table("person_tasks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_tasks_order_id"), ["order_id"], unique=False)
        batch_op.create_index("person_tasks_by_state", ["state", "id"], unique=False)

    with op.batch_alter_table("inserts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("further", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("sign_by_hand", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("personal_until", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("holds_order", sa.Boolean(), nullable=False, server_default=sa.false()))

    # The defaults were for the inserts that there are.
    with op.batch_alter_table("inserts", schema=None) as batch_op:
        for name in ("further", "sign_by_hand", "holds_order"):
            batch_op.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("inserts", schema=None) as batch_op:
        batch_op.drop_column("holds_order")
        batch_op.drop_column("personal_until")
        batch_op.drop_column("sign_by_hand")
        batch_op.drop_column("further")

    with op.batch_alter_table("person_tasks", schema=None) as batch_op:
        batch_op.drop_index("person_tasks_by_state")
        batch_op.drop_index(batch_op.f("ix_person_tasks_order_id"))

    op.drop_table("person_tasks")
    with op.batch_alter_table("eligibility", schema=None) as batch_op:
        batch_op.drop_index("eligibility_of_customer")

    op.drop_table("eligibility")
