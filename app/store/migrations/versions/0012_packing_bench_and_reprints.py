"""packing bench and reprints."""

import json
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bench_scans",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("station", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("scanned_at", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("doubt", sa.String(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("component", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("parcel", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("scope", "id"),
    )
    with op.batch_alter_table("bench_scans", schema=None) as batch_op:
        batch_op.create_index("bench_scans_of_order", ["order_id", "at"], unique=False)
        batch_op.create_index("bench_scans_of_record", ["record", "at"], unique=False)

    op.create_table(
        "bench_blocks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("station", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("component", sa.Integer(), nullable=False),
        sa.Column("scan_id", sa.String(), nullable=False),
        sa.Column("cleared_at", sa.BigInteger(), nullable=True),
        sa.Column("cleared_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("bench_blocks", schema=None) as batch_op:
        batch_op.create_index("bench_blocks_of_order", ["brand", "order_id"], unique=False)
        batch_op.create_index(
            "bench_blocks_open",
            ["brand", "at"],
            unique=False,
            sqlite_where=sa.text("cleared_at IS NULL"),
            postgresql_where=sa.text("cleared_at IS NULL"),
        )

    op.create_table(
        "parcel_codes",
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("parcel", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
        ),
        sa.PrimaryKeyConstraint("brand", "code", "order_id", "parcel"),
    )
    op.create_table(
        "reprints",
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("component", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("void_sha256", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["record"],
            ["jobs.id"],
        ),
        sa.PrimaryKeyConstraint("brand", "record", "component", "generation"),
    )
    with op.batch_alter_table("reprints", schema=None) as batch_op:
        batch_op.create_index("reprints_by_key", ["brand", "key"], unique=False)
    _name_the_parcels_that_are_here()


def _name_the_parcels_that_are_here() -> None:
    """Orders that came before this step are packed too. Folded as `domain.parcel` did at this step."""
    connection = op.get_bind()
    orders = connection.execute(
        sa.text("SELECT id, brand, source_order_id, parcel, document FROM orders WHERE NOT imported")
    )
    jobs = sa.text("SELECT id, barcode, parcel FROM jobs WHERE order_id = :order_id")
    add = sa.text("INSERT INTO parcel_codes VALUES (:brand, :code, :order_id, :parcel)")
    for order_id, brand, number, of_order, document in orders.all():
        known = json.loads(document) if isinstance(document, str) else document or {}
        its_jobs = [
            (job, barcode, own or of_order or "")
            for job, barcode, own in connection.execute(jobs, {"order_id": order_id})
        ]
        parcels = {parcel for *_, parcel in its_jobs}
        whole = parcels.pop() if len(parcels) == 1 else ""
        found = {(text, whole) for text in (order_id, number, known.get("number") or "")}
        for job, barcode, parcel in its_jobs:
            found |= {(job, parcel), (parcel, parcel), (barcode or "", parcel)}
        for code, parcel in {(_folded(text), parcel) for text, parcel in found}:
            if code:
                row = {"brand": brand, "code": code, "order_id": order_id, "parcel": parcel}
                connection.execute(add, row)


def _folded(text: str) -> str:
    kept = "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isprintable())
    return "".join(kept.split()).removeprefix("#")[:200]


def downgrade() -> None:
    with op.batch_alter_table("reprints", schema=None) as batch_op:
        batch_op.drop_index("reprints_by_key")

    op.drop_table("reprints")
    op.drop_table("parcel_codes")
    with op.batch_alter_table("bench_blocks", schema=None) as batch_op:
        batch_op.drop_index(
            "bench_blocks_open",
            sqlite_where=sa.text("cleared_at IS NULL"),
            postgresql_where=sa.text("cleared_at IS NULL"),
        )
        batch_op.drop_index("bench_blocks_of_order")

    op.drop_table("bench_blocks")
    with op.batch_alter_table("bench_scans", schema=None) as batch_op:
        batch_op.drop_index("bench_scans_of_record")
        batch_op.drop_index("bench_scans_of_order")

    op.drop_table("bench_scans")
