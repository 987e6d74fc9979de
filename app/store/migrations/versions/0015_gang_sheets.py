"""gang sheets."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gang_places",
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("component", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("brand", "sheet", "number"),
    )
    with op.batch_alter_table("gang_places", schema=None) as batch_op:
        batch_op.create_index(
            "gang_places_of_component", ["brand", "record", "component", "generation"], unique=False
        )

    op.create_table(
        "gang_sheets",
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("room", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("close_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("target_reference", sa.String(), nullable=False),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("brand", "id"),
    )
    with op.batch_alter_table("gang_sheets", schema=None) as batch_op:
        batch_op.create_index("gang_sheets_by_state", ["brand", "target", "state"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("gang_sheets", schema=None) as batch_op:
        batch_op.drop_index("gang_sheets_by_state")

    op.drop_table("gang_sheets")
    with op.batch_alter_table("gang_places", schema=None) as batch_op:
        batch_op.drop_index("gang_places_of_component")

    op.drop_table("gang_places")
