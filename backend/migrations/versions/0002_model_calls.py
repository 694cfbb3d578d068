"""model calls: ledger, budget, batches; proposals; what a model may not see; who gave a name"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

NEW_COLUMNS = {
    "workflows": (
        sa.Column("name_source", sa.String(length=10), nullable=False, server_default="human"),
        sa.Column("description_source", sa.String(length=10), nullable=False, server_default="human"),
    ),
    "steps": (
        sa.Column("sensitive_regions", Json, nullable=True),
        sa.Column("heading", sa.String(length=200), nullable=True),
        sa.Column("heading_source", sa.String(length=10), nullable=True),
    ),
    "labels": (sa.Column("flags", Json, nullable=True),),
    "labeling_runs": (
        sa.Column("parked_for", sa.String(length=20), nullable=True),
        sa.Column("parked_usd", sa.Double(), nullable=True),
    ),
}
"""Each may be null or has a default, so that a worker of the version before can go on beside this one."""

URGENT = "state = 'queued' AND mode = 'interactive'"


def upgrade() -> None:
    for table, columns in NEW_COLUMNS.items():
        for column in columns:
            op.add_column(table, column)
    op.create_index(
        "ix_labeling_runs_urgent",
        "labeling_runs",
        ["id"],
        sqlite_where=sa.text(URGENT),
        postgresql_where=sa.text(URGENT),
    )
    op.create_index(
        "ix_labeling_runs_parked_for",
        "labeling_runs",
        ["parked_for"],
        sqlite_where=sa.text("parked_for IS NOT NULL"),
        postgresql_where=sa.text("parked_for IS NOT NULL"),
    )
    op.create_table(
        "proposal_decisions",
        sa.Column("label_id", Id, nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["label_id"], ["labels.id"], name=op.f("fk_proposal_decisions_label_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("label_id", name=op.f("pk_proposal_decisions")),
    )
    op.create_table(
        "model_calls",
        sa.Column("id", Id, nullable=False),
        sa.Column("run_id", Id, nullable=True),
        sa.Column("workflow_id", Id, nullable=True),
        sa.Column("chunk_id", Id, nullable=True),
        sa.Column("chunk_key", sa.String(length=64), nullable=True),
        sa.Column("sent_hash", sa.String(length=64), nullable=True),
        sa.Column("step_ids", Json, nullable=False),
        sa.Column("labeler", sa.String(length=40), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("prompt_version", sa.String(length=40), nullable=True),
        sa.Column("batch", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=30), nullable=False),
        sa.Column("request_id", sa.String(length=100), nullable=True),
        sa.Column("input_tokens", Id, nullable=False),
        sa.Column("output_tokens", Id, nullable=False),
        sa.Column("cache_read_tokens", Id, nullable=False),
        sa.Column("cache_write_tokens", Id, nullable=False),
        sa.Column("reserved_usd", sa.Double(), nullable=False),
        sa.Column("cost_usd", sa.Double(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_calls")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_model_calls_run_id", "model_calls", ["run_id"])
    op.create_index("ix_model_calls_started_at_id", "model_calls", ["started_at", "id"])
    op.create_index(
        "ix_model_calls_open",
        "model_calls",
        ["started_at"],
        sqlite_where=sa.text("outcome = 'open'"),
        postgresql_where=sa.text("outcome = 'open'"),
    )
    op.create_table(
        "spend",
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("usd", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_spend")),
    )
    op.create_table(
        "labeling_batches",
        sa.Column("id", Id, nullable=False),
        sa.Column("run_id", Id, nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("provider_id", sa.String(length=100), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("requests", Id, nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labeling_batches")),
        sa.UniqueConstraint("nonce", name=op.f("uq_labeling_batches_nonce")),
    )
    op.create_index("ix_labeling_batches_run_id", "labeling_batches", ["run_id"])
    op.create_index(
        "ix_labeling_batches_submitted",
        "labeling_batches",
        ["id"],
        sqlite_where=sa.text("state = 'submitted'"),
        postgresql_where=sa.text("state = 'submitted'"),
    )


def downgrade() -> None:
    for table in ("labeling_batches", "spend", "model_calls", "proposal_decisions"):
        op.drop_table(table)
    for index in ("ix_labeling_runs_parked_for", "ix_labeling_runs_urgent"):
        op.drop_index(index, "labeling_runs")
    for table, columns in NEW_COLUMNS.items():
        for column in columns:
            op.drop_column(table, column.name)
