"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "artifacts",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("preflight", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "credits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("customer_key", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("value_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("credits", schema=None) as batch_op:
        batch_op.create_index("credits_by_day", ["brand", "at"], unique=False)
        batch_op.create_index("credits_history", ["brand", "customer_key", "at"], unique=False)

    op.create_table(
        "customers",
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("opted_out", sa.Boolean(), nullable=False),
        sa.Column("canonical_key", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("brand", "key"),
    )
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.create_index("customers_aliases", ["brand", "canonical_key"], unique=False)

    op.create_table(
        "dead_letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("body_sha256", sa.String(), nullable=False),
        sa.Column("problem", sa.JSON(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("replayed_at", sa.BigInteger(), nullable=True),
        sa.Column("order_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("dead_letters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dead_letters_body_sha256"), ["body_sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_dead_letters_brand"), ["brand"], unique=False)

    op.create_table(
        "hook_secrets",
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("brand", "format", "token"),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("body_sha256", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("brand", "key"),
    )
    op.create_table(
        "operators",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column(
            "source_order_id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("customer_key", sa.String(), nullable=True),
        sa.Column("placed_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("value_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("eligible", sa.Boolean(), nullable=False),
        sa.Column("categories", sa.Text(), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("promised_at", sa.BigInteger(), nullable=True),
        sa.Column("shipped_at", sa.BigInteger(), nullable=True),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.Column("cancelled_at", sa.BigInteger(), nullable=True),
        sa.Column("needed_by", sa.BigInteger(), nullable=True),
        sa.Column("parcel", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("body_sha256", sa.String(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("brand", "source_order_id"),
    )
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_orders_received_at"), ["received_at"], unique=False)
        batch_op.create_index("orders_by_day", ["brand", "placed_at"], unique=False)
        batch_op.create_index(
            "orders_cancelled",
            ["brand", "cancelled_at"],
            unique=False,
            sqlite_where=sa.text("cancelled_at IS NOT NULL"),
            postgresql_where=sa.text("cancelled_at IS NOT NULL"),
        )
        batch_op.create_index(
            "orders_history", ["brand", "customer_key", "placed_at", "source_order_id"], unique=False
        )

    op.create_table(
        "take_overs",
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("task"),
    )
    op.create_table(
        "thresholds",
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("day_start", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("percentile", sa.String(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=True),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("brand", "day_start", "currency", "percentile"),
    )
    op.create_table(
        "webhook_endpoints",
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("brand"),
    )
    op.create_table(
        "workers",
        sa.Column("executor", sa.String(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("executor"),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deliveries_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deliveries_state"), ["state"], unique=False)

    op.create_table(
        "jobs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source_item_id", sa.String(), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("barcode", sa.String(), nullable=True),
        sa.Column("parcel", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("order_id", "position"),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_jobs_barcode"), ["barcode"], unique=False)
        batch_op.create_index(batch_op.f("ix_jobs_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_jobs_parcel"), ["parcel"], unique=False)

    op.create_table(
        "order_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("source_event_id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("order_id", "source_event_id"),
    )
    with op.batch_alter_table("order_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_events_order_id"), ["order_id"], unique=False)

    op.create_table(
        "sessions",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("operator", sa.String(), nullable=False),
        sa.Column("csrf", sa.String(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["operator"], ["operators.name"]),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "tags",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("decision", sa.JSON(), nullable=False),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"]),
        sa.PrimaryKeyConstraint("order_id"),
    )
    with op.batch_alter_table("tags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tags_occasion"), ["occasion"], unique=False)

    op.create_table(
        "inserts",
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("customer_key", sa.String(), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("variant", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("degradation", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("card", sa.JSON(), nullable=True),
        sa.Column("pdf_sha256", sa.String(), nullable=True),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("target_reference", sa.String(), nullable=False),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.Column("needed_by", sa.BigInteger(), nullable=True),
        sa.Column("ready_at", sa.BigInteger(), nullable=True),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"]),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"]),
        sa.PrimaryKeyConstraint("job_id"),
    )
    with op.batch_alter_table("inserts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inserts_customer_key"), ["customer_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_inserts_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inserts_planned_at"), ["planned_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_inserts_state"), ["state"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("inserts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inserts_state"))
        batch_op.drop_index(batch_op.f("ix_inserts_planned_at"))
        batch_op.drop_index(batch_op.f("ix_inserts_order_id"))
        batch_op.drop_index(batch_op.f("ix_inserts_customer_key"))

    op.drop_table("inserts")
    with op.batch_alter_table("tags", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tags_occasion"))

    op.drop_table("tags")
    op.drop_table("sessions")
    with op.batch_alter_table("order_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_events_order_id"))

    op.drop_table("order_events")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_jobs_parcel"))
        batch_op.drop_index(batch_op.f("ix_jobs_order_id"))
        batch_op.drop_index(batch_op.f("ix_jobs_barcode"))

    op.drop_table("jobs")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deliveries_state"))
        batch_op.drop_index(batch_op.f("ix_deliveries_order_id"))

    op.drop_table("deliveries")
    op.drop_table("workers")
    op.drop_table("webhook_endpoints")
    op.drop_table("thresholds")
    op.drop_table("take_overs")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index("orders_history")
        batch_op.drop_index(
            "orders_cancelled",
            sqlite_where=sa.text("cancelled_at IS NOT NULL"),
            postgresql_where=sa.text("cancelled_at IS NOT NULL"),
        )
        batch_op.drop_index("orders_by_day")
        batch_op.drop_index(batch_op.f("ix_orders_received_at"))

    op.drop_table("orders")
    op.drop_table("operators")
    op.drop_table("idempotency_keys")
    op.drop_table("hook_secrets")
    with op.batch_alter_table("dead_letters", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dead_letters_brand"))
        batch_op.drop_index(batch_op.f("ix_dead_letters_body_sha256"))

    op.drop_table("dead_letters")
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.drop_index("customers_aliases")

    op.drop_table("customers")
    with op.batch_alter_table("credits", schema=None) as batch_op:
        batch_op.drop_index("credits_history")
        batch_op.drop_index("credits_by_day")

    op.drop_table("credits")
    op.drop_table("artifacts")
    op.drop_table("api_keys")
