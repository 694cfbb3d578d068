"""the dashboard: folders, tags, trash, edits, shares, exports, webhooks, preferences, people known elsewhere"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.addresses import first_site

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

LISTED_BY = ("folder_id", "site", "updated_at", "name")
OF_SOME_ROWS = (
    ("ix_workflows_deleted", "workflows", ["deleted_at", "id"], "deleted_at IS NOT NULL"),
    ("ix_steps_failed", "steps", ["workflow_id"], "label_state = 'failed'"),
    ("ix_labels_doubtful", "labels", ["step_id"], "confidence < 0.6"),
    ("ix_labels_of_people", "labels", ["step_id"], "source = 'human'"),
)

_workflows = sa.table("workflows", sa.column("id"), sa.column("starting_url"), sa.column("site"))
_steps = sa.table("steps", sa.column("workflow_id"), sa.column("position"), sa.column("page", Json))

STARTS = (
    sa.select(_workflows.c.id, _workflows.c.starting_url, _steps.c.page["url"].as_string().label("page"))
    .outerjoin(_steps, (_steps.c.workflow_id == _workflows.c.id) & (_steps.c.position == 1))
    .where(_workflows.c.id > sa.bindparam("last"))
    .order_by(_workflows.c.id)
    .limit(500)
)
SET_SITE = sa.update(_workflows).where(_workflows.c.id == sa.bindparam("row")).values(site=sa.bindparam("host"))


def upgrade() -> None:
    op.create_table(
        "folders",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_folders")),
        sa.UniqueConstraint("name", name=op.f("uq_folders_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "preferences",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", Json, nullable=False),
        sa.Column("user_id", Id, nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_preferences")),
    )
    op.create_table(
        "erasures",
        sa.Column("blob", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("blob", name=op.f("pk_erasures")),
    )
    op.create_table(
        "export_jobs",
        sa.Column("id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("workflow_ids", Json, nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("done", Id, nullable=False),
        sa.Column("total", Id, nullable=False),
        sa.Column("tries", Id, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("blob", sa.String(length=200), nullable=True),
        sa.Column("filename", sa.String(length=200), nullable=True),
        sa.Column("media_type", sa.String(length=100), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_export_jobs_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_jobs")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("export_jobs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_export_jobs_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_export_jobs_state_due_at"), ["state", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_export_jobs_user_id_id"), ["user_id", "id"], unique=False)

    op.create_table(
        "identities",
        sa.Column("issuer", sa.String(length=500), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_identities_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_identities")),
    )
    with op.batch_alter_table("identities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identities_user_id"), ["user_id"], unique=False)

    op.create_table(
        "webhooks",
        sa.Column("id", Id, nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("secret", sa.String(length=100), nullable=False),
        sa.Column("events", Json, nullable=False),
        sa.Column("created_by", Id, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_because", sa.String(length=300), nullable=True),
        sa.Column("given_up", Id, nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_webhooks_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "edits",
        sa.Column("id", Id, nullable=False),
        sa.Column("workflow_id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=True),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workflow_id"], ["workflows.id"], name=op.f("fk_edits_workflow_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edits")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("edits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edits_workflow_id_id"), ["workflow_id", "id"], unique=False)

    op.create_table(
        "removed_steps",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("workflow_id", Id, nullable=False),
        sa.Column("screenshot_id", sa.String(length=64), nullable=True),
        sa.Column("step", Json, nullable=False),
        sa.Column("labels", Json, nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["screenshot_id"], ["screenshots.id"], name=op.f("fk_removed_steps_screenshot_id")),
        sa.ForeignKeyConstraint(
            ["workflow_id"], ["workflows.id"], name=op.f("fk_removed_steps_workflow_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removed_steps")),
    )
    with op.batch_alter_table("removed_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_removed_steps_removed_at"), ["removed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_removed_steps_screenshot_id"), ["screenshot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_removed_steps_workflow_id"), ["workflow_id"], unique=False)

    op.create_table(
        "shares",
        sa.Column("id", Id, nullable=False),
        sa.Column("workflow_id", Id, nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("prefix", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=True),
        sa.Column("embed_origins", Json, nullable=True),
        sa.Column("created_by", Id, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_shares_created_by")),
        sa.ForeignKeyConstraint(
            ["workflow_id"], ["workflows.id"], name=op.f("fk_shares_workflow_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shares")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_shares_secret_hash")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("shares", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shares_workflow_id"), ["workflow_id"], unique=False)

    op.create_table(
        "webhook_deliveries",
        sa.Column("id", Id, nullable=False),
        sa.Column("webhook_id", Id, nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("tries", Id, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", Id, nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhooks.id"], name=op.f("fk_webhook_deliveries_webhook_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint("message_id", name=op.f("uq_webhook_deliveries_message_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("webhook_deliveries", schema=None) as batch_op:
        batch_op.create_index(
            "ix_webhook_deliveries_waiting",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index(batch_op.f("ix_webhook_deliveries_webhook_id_id"), ["webhook_id", "id"], unique=False)

    op.create_table(
        "workflow_tags",
        sa.Column("workflow_id", Id, nullable=False),
        sa.Column("tag", sa.String(length=50), nullable=False),
        sa.ForeignKeyConstraint(
            ["workflow_id"], ["workflows.id"], name=op.f("fk_workflow_tags_workflow_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workflow_id", "tag", name=op.f("pk_workflow_tags")),
    )
    with op.batch_alter_table("workflow_tags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workflow_tags_tag_workflow_id"), ["tag", "workflow_id"], unique=False)

    op.create_table(
        "workflow_views",
        sa.Column("workflow_id", Id, nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("share_id", Id, autoincrement=False, nullable=False),
        sa.Column("views", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["workflow_id"], ["workflows.id"], name=op.f("fk_workflow_views_workflow_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workflow_id", "day", "share_id", name=op.f("pk_workflow_views")),
    )
    op.add_column("users", sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True))
    backups = sa.text("action IN ('backup_taken', 'backup_failed')")
    op.create_index("ix_audit_events_backups", "audit_events", ["id"], sqlite_where=backups, postgresql_where=backups)
    op.add_column("steps", sa.Column("note_kind", sa.String(length=10), nullable=True))
    op.add_column("workflows", sa.Column("folder_id", Id, nullable=True))
    op.add_column("workflows", sa.Column("site", sa.String(length=255), nullable=True))
    op.add_column("workflows", sa.Column("variables", Json, nullable=True))
    op.add_column("workflows", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    for column in LISTED_BY:
        op.create_index(f"ix_workflows_{column}_id", "workflows", [column, "id"])
    for name, table, columns, condition in OF_SOME_ROWS:
        rows = sa.text(condition)
        op.create_index(name, table, columns, sqlite_where=rows, postgresql_where=rows)
    _fill_sites(op.get_bind())


def _fill_sites(connection: sa.Connection) -> None:
    """From the address at which a recording starts, else from its first page that has one."""
    last = 0
    while rows := connection.execute(STARTS, {"last": last}).all():
        last = rows[-1].id
        sites = [{"row": row.id, "host": first_site(row.starting_url, row.page)} for row in rows]
        connection.execute(SET_SITE, sites)


def downgrade() -> None:
    op.drop_index("ix_audit_events_backups", table_name="audit_events")
    op.drop_column("users", "signed_in_at")
    for name, table, *_ in OF_SOME_ROWS:
        op.drop_index(name, table)
    for column in LISTED_BY:
        op.drop_index(f"ix_workflows_{column}_id", "workflows")
    for column in ("deleted_at", "variables", "site", "folder_id"):
        op.drop_column("workflows", column)
    op.drop_column("steps", "note_kind")
    op.drop_table("workflow_views")
    with op.batch_alter_table("workflow_tags", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workflow_tags_tag_workflow_id"))

    op.drop_table("workflow_tags")
    with op.batch_alter_table("webhook_deliveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_webhook_deliveries_webhook_id_id"))
        batch_op.drop_index(
            "ix_webhook_deliveries_waiting",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.drop_table("webhook_deliveries")
    with op.batch_alter_table("shares", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shares_workflow_id"))

    op.drop_table("shares")
    with op.batch_alter_table("removed_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_removed_steps_workflow_id"))
        batch_op.drop_index(batch_op.f("ix_removed_steps_screenshot_id"))
        batch_op.drop_index(batch_op.f("ix_removed_steps_removed_at"))

    op.drop_table("removed_steps")
    with op.batch_alter_table("edits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_edits_workflow_id_id"))

    op.drop_table("edits")
    op.drop_table("webhooks")
    with op.batch_alter_table("identities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identities_user_id"))

    op.drop_table("identities")
    with op.batch_alter_table("export_jobs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_export_jobs_user_id_id"))
        batch_op.drop_index(batch_op.f("ix_export_jobs_state_due_at"))
        batch_op.drop_index(batch_op.f("ix_export_jobs_created_at"))

    op.drop_table("export_jobs")
    op.drop_table("erasures")
    op.drop_table("preferences")
    op.drop_table("folders")
