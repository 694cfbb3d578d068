"""tallies for metrics, and the number of the request that asked for a run"""

import json
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CALLS = sa.text(
    "SELECT labeler, model, outcome, count(*), sum(input_tokens), sum(output_tokens), sum(cache_read_tokens), "
    "sum(cache_write_tokens), sum(cost_usd) FROM model_calls WHERE outcome <> 'open' GROUP BY labeler, model, outcome"
)
KINDS = ("input", "output", "cache_read", "cache_write")


def upgrade() -> None:
    op.add_column("labeling_runs", sa.Column("request_id", sa.String(64)))
    tallies = op.create_table(
        "tallies",
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("labels", sa.String(300), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", "labels", name=op.f("pk_tallies")),
    )
    if rows := _counted_so_far():
        op.bulk_insert(tallies, rows)


def downgrade() -> None:
    op.drop_table("tallies")
    op.drop_column("labeling_runs", "request_id")


def _counted_so_far() -> list[dict[str, object]]:
    """One pass over the ledger, as of now."""
    sums: dict[tuple[str, ...], float] = {}
    for labeler, model, outcome, calls, *tokens, usd in op.get_bind().execute(CALLS):
        sums[("model_calls", labeler, model, outcome)] = calls
        for kind, amount in zip(KINDS, tokens, strict=True):
            key = ("model_tokens", labeler, model, kind)
            sums[key] = sums.get(key, 0) + float(amount or 0)
        cost = ("model_cost_usd", labeler, model)
        sums[cost] = sums.get(cost, 0) + float(usd or 0)
    return [
        {"name": name, "labels": json.dumps(labels), "value": value} for (name, *labels), value in sums.items() if value
    ]
