"""waiting runs by mode: for whoever takes up the next one"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

URGENT = "state = 'queued' AND mode = 'interactive'"
WAITING = "state = 'queued'"


def upgrade() -> None:
    _create("ix_labeling_runs_waiting", ["mode", "id"], WAITING)
    op.drop_index("ix_labeling_runs_urgent", "labeling_runs")


def downgrade() -> None:
    _create("ix_labeling_runs_urgent", ["id"], URGENT)
    op.drop_index("ix_labeling_runs_waiting", "labeling_runs")


def _create(name: str, columns: list[str], where: str) -> None:
    op.create_index(name, "labeling_runs", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
