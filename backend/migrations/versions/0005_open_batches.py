"""open batches: for whoever looks whether one is under way for nobody"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SUBMITTED = "state = 'submitted'"
OPEN = "state IN ('submitting', 'submitted')"


def upgrade() -> None:
    _create("ix_labeling_batches_open", OPEN)
    op.drop_index("ix_labeling_batches_submitted", "labeling_batches")


def downgrade() -> None:
    _create("ix_labeling_batches_submitted", SUBMITTED)
    op.drop_index("ix_labeling_batches_open", "labeling_batches")


def _create(name: str, where: str) -> None:
    op.create_index(name, "labeling_batches", ["id"], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
