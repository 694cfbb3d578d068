"""tasks recorded again: new recordings beside workflows, labels that may be out of date, where pictures were hidden"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

_screenshots = sa.table("screenshots", sa.column("id"), sa.column("hidden", Json))
_steps = sa.table("steps", sa.column("workflow_id"), sa.column("screenshot_id"))
_edits = sa.table("edits", sa.column("workflow_id"), sa.column("what"))

PAINTED_OVER = (
    sa.select(_steps.c.screenshot_id)
    .join(_edits, _edits.c.workflow_id == _steps.c.workflow_id)
    .where(_edits.c.what == "picture_redacted", _steps.c.screenshot_id.is_not(None))
)
"""Nobody wrote down which of a workflow's pictures were painted over, so each counts that may have been."""


def upgrade() -> None:
    op.add_column("screenshots", sa.Column("hidden", Json, nullable=True))
    op.execute(sa.update(_screenshots).where(_screenshots.c.id.in_(PAINTED_OVER)).values(hidden=[]))
    op.add_column("steps", sa.Column("stale_label_id", Id, nullable=True))
    op.add_column("steps", sa.Column("stale_because", Json, nullable=True))
    some = sa.text("stale_label_id IS NOT NULL")
    op.create_index("ix_steps_stale", "steps", ["workflow_id"], sqlite_where=some, postgresql_where=some)
    op.create_table(
        "rerecordings",
        sa.Column("id", Id, nullable=False),
        sa.Column("workflow_id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("warnings", Json, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workflow_id"], ["workflows.id"], name=op.f("fk_rerecordings_workflow_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rerecordings")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rerecordings_workflow_id_id", "rerecordings", ["workflow_id", "id"])
    op.create_index("ix_rerecordings_decided_at", "rerecordings", ["decided_at"])
    op.create_table(
        "rerecorded_steps",
        sa.Column("id", Id, nullable=False),
        sa.Column("rerecording_id", Id, nullable=False),
        sa.Column("position", Id, nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("screenshot_id", sa.String(length=64), nullable=True),
        sa.Column("replaced_screenshot_id", sa.String(length=64), nullable=True),
        sa.Column("by_rules", Json, nullable=False),
        sa.Column("by_person", Json, nullable=True),
        sa.Column("heading", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["rerecording_id"], ["rerecordings.id"], name=op.f("fk_rerecorded_steps_rerecording_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["screenshot_id"], ["screenshots.id"], name=op.f("fk_rerecorded_steps_screenshot_id")),
        sa.ForeignKeyConstraint(
            ["replaced_screenshot_id"], ["screenshots.id"], name=op.f("fk_rerecorded_steps_replaced_screenshot_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rerecorded_steps")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rerecorded_steps_rerecording_id_position", "rerecorded_steps", ["rerecording_id", "position"])
    op.create_index("ix_rerecorded_steps_screenshot_id", "rerecorded_steps", ["screenshot_id"])
    op.create_index("ix_rerecorded_steps_replaced_screenshot_id", "rerecorded_steps", ["replaced_screenshot_id"])


def downgrade() -> None:
    op.drop_table("rerecorded_steps")
    op.drop_table("rerecordings")
    op.drop_index("ix_steps_stale", "steps")
    op.drop_column("steps", "stale_because")
    op.drop_column("steps", "stale_label_id")
    op.drop_column("screenshots", "hidden")
