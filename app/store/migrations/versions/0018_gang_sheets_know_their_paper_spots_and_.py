"""gang sheets know their paper, spots and tries."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# Sheets that were opened before do not say on which paper: nearly all are SRA3, of A6 cards.
_A6_ON_SRA3 = (
    '{"sheet": [320.0, 450.0], "margin": 4.0, "trim": [105.0, 148.0], "bleed": 3.0, "gap": 3.0, '
    '"order": "cut-stack", "sheets": 1, "two_sided": true}'
)
_FOR_THOSE_THERE: dict[str, Any] = {
    "form": _A6_ON_SRA3,
    "note": "",
    "tries": "0",
    "waits": sa.false(),
    "looked_at": "0",
}


def upgrade() -> None:
    with op.batch_alter_table("gang_places", schema=None) as batch_op:
        batch_op.add_column(sa.Column("spot", sa.Integer(), nullable=True))

    with op.batch_alter_table("gang_sheets", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("form", sa.JSON(), nullable=False, server_default=_FOR_THOSE_THERE["form"])
        )
        batch_op.add_column(
            sa.Column("note", sa.Text(), nullable=False, server_default=_FOR_THOSE_THERE["note"])
        )
        batch_op.add_column(
            sa.Column("tries", sa.Integer(), nullable=False, server_default=_FOR_THOSE_THERE["tries"])
        )
        batch_op.add_column(
            sa.Column("waits", sa.Boolean(), nullable=False, server_default=_FOR_THOSE_THERE["waits"])
        )
        batch_op.add_column(
            sa.Column("looked_at", sa.Integer(), nullable=False, server_default=_FOR_THOSE_THERE["looked_at"])
        )
        batch_op.create_index("gang_sheets_at_target", ["target", "state"], unique=False)
    with op.batch_alter_table("gang_sheets", schema=None) as batch_op:
        for column in _FOR_THOSE_THERE:
            batch_op.alter_column(column, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("gang_sheets", schema=None) as batch_op:
        batch_op.drop_index("gang_sheets_at_target")
        batch_op.drop_column("looked_at")
        batch_op.drop_column("waits")
        batch_op.drop_column("tries")
        batch_op.drop_column("note")
        batch_op.drop_column("form")

    with op.batch_alter_table("gang_places", schema=None) as batch_op:
        batch_op.drop_column("spot")
