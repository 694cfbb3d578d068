"""Finding workflows by the beginnings of words in their names, labels, page titles and addresses.

We split and fold the words ourselves (`words.py`), so that every database finds the same. The index keeps a workflow's
distinct words: on SQLite as the text of an FTS5 table, on PostgreSQL as a `tsvector` with a GIN index.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    SQLColumnExpression,
    String,
    and_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from sqlalchemy.orm import Session, aliased

from app.core.pages import LARGEST_ID
from app.workflows import labels
from app.workflows.models import Step, Workflow
from app.workflows.ordering import NEWEST_FIRST, Order
from app.workflows.words import words_of

WINDOW = 400
"""So many of the newest workflows are read one by one before the index is asked.

A common word fills its page from them at once, while the index would gather all of its matches to sort them. A word
that is found too seldom among them is rare enough for the index.
"""
WINDOWS = 4
"""At most so many times, while the words are common enough to fill a page from them."""
COMMON = WINDOW // 10
"""A word found so often in a window is common: the index is not asked for it as long as there is a rarer one."""
MAX_QUERY_WORDS = 24

_ADD_TO_SQLITE = text("INSERT INTO workflow_search (rowid, words) VALUES (:id, :words)")
_ADD_TO_POSTGRESQL = text(
    "INSERT INTO workflow_search (workflow_id, words) VALUES (:id, array_to_tsvector(:words))"
    " ON CONFLICT (workflow_id) DO UPDATE SET words = excluded.words WHERE workflow_search.words <> excluded.words"
).bindparams(bindparam("words", type_=ARRAY(String())))

_fts = table("workflow_search", column("rowid"), column("words"))
_vectors = table("workflow_search", column("workflow_id"), column("words"))


def query_words(q: str) -> list[str]:
    """The words that a person looks for; further ones than the index can sensibly be asked for are left out."""
    return words_of([q])[:MAX_QUERY_WORDS]


def add(session: Session, texts: Mapping[int, Iterable[str | None]]) -> None:
    """Index workflows that were not indexed before (number → all their texts)."""
    if not texts:
        return
    if _is_sqlite(session):
        rows: list[dict[str, Any]] = [{"id": i, "words": _as_text(words_of(t))} for i, t in texts.items()]
        session.connection().execute(_ADD_TO_SQLITE, rows)
    else:
        rows = [{"id": i, "words": words_of(t)} for i, t in texts.items()]
        session.connection().execute(_ADD_TO_POSTGRESQL, rows)


def index(session: Session, workflow_ids: Collection[int]) -> None:
    """Bring the index up to date with what these workflows hold now."""
    if _is_sqlite(session):
        remove(session, workflow_ids)
    add(session, {workflow_id: _texts(session, workflow_id) for workflow_id in workflow_ids})


def remove(session: Session, workflow_ids: Collection[int]) -> None:
    """Take these workflows out of the index."""
    key = "rowid" if _is_sqlite(session) else "workflow_id"
    delete = f"DELETE FROM workflow_search WHERE {key} = :id"  # noqa: S608 - one of the two words above
    if workflow_ids:
        session.execute(text(delete), [{"id": workflow_id} for workflow_id in workflow_ids])


def matching(
    session: Session,
    conditions: Sequence[ColumnElement[bool]],
    words: Sequence[str],
    limit: int,
    order: Order = NEWEST_FIRST,
) -> list[Workflow]:
    """At most `limit` workflows under these conditions with words that begin with each of `words`, in this order."""
    found: list[Workflow] = []
    conditions = list(conditions)
    place: tuple[Any, ...] = ()
    for _ in range(WINDOWS):
        first = select(Workflow).where(*conditions).order_by(*order.by()).limit(WINDOW)
        window = aliased(Workflow, first.subquery())
        among = select(window).where(_matches(session, window.id, words)).order_by(*order.by(window))
        hits = session.scalars(among.limit(limit - len(found))).all()
        found += hits
        if len(found) >= limit:
            return found
        last = select(*order.columns()).where(*conditions).order_by(*order.by()).offset(WINDOW - 1).limit(1)
        place = tuple(session.execute(last).first() or ())
        if not place:
            return found
        conditions.append(order.after(place))
        if len(hits) * WINDOWS < limit:
            break
    rare = _rare(session, window, words)
    indexed = _indexed(session, conditions, words, rare, order, before=place[0] if order.by_number else LARGEST_ID)
    ids = session.scalars(indexed.limit(limit - len(found))).all()
    return found + list(session.scalars(select(Workflow).where(Workflow.id.in_(ids)).order_by(*order.by())))


def _rare(session: Session, window: type[Workflow], words: Sequence[str]) -> Sequence[str]:
    """The words that are rare in this window; all of them if none is."""
    if len(words) == 1:
        return words
    found = (func.count(case((_matches(session, window.id, [word]), 1))) for word in words)
    counts = session.execute(select(*found).select_from(window)).one()
    return [word for word, count in zip(words, counts, strict=True) if count < COMMON] or words


def _matches(session: Session, workflow_id: SQLColumnExpression[int], words: Sequence[str]) -> ColumnElement[bool]:
    """Whether one workflow's words match, read from its row: a subquery for each row, so that no plan goes round it."""
    if _is_sqlite(session):
        # Not through FTS5's MATCH: it gathers all matches of a beginning before it gives the first.
        each = _fts.alias()
        found = and_(*(func.instr(each.c.words, " " + word) > 0 for word in words))
        return select(found).where(each.c.rowid == workflow_id).scalar_subquery()
    found = _vectors.c.words.op("@@", return_type=Boolean())(_tsquery(words))
    return select(found).where(_vectors.c.workflow_id == workflow_id).scalar_subquery()


def _indexed(
    session: Session,
    conditions: Sequence[ColumnElement[bool]],
    words: Sequence[str],
    rare: Sequence[str],
    order: Order,
    *,
    before: int,
) -> Select[int]:
    """Numbers below `before` of workflows that match, in this order.

    The index finds those with the `rare` words; each of these is then held to the other words and the conditions.
    """
    number, found = (_hits_in_fts if _is_sqlite(session) else _hits_in_vectors)(rare, before)
    if others := [word for word in words if word not in rare]:
        found = found.where(_matches(session, number, others))
    if not order.by_number:
        return select(Workflow.id).where(Workflow.id.in_(found), *conditions).order_by(*order.by())
    fits = select(and_(*conditions)).where(Workflow.id == number).correlate_except(Workflow).scalar_subquery()
    return found.where(fits).order_by(number.desc())


def _hits_in_fts(words: Sequence[str], before: int) -> tuple[ColumnElement[int], Select[int]]:
    this_table: ColumnElement[str] = literal_column("workflow_search")
    match = this_table.op("MATCH")(" AND ".join(f'"{word}" *' for word in words))
    return _fts.c.rowid, select(_fts.c.rowid).where(match, _fts.c.rowid < before)


def _hits_in_vectors(words: Sequence[str], before: int) -> tuple[ColumnElement[int], Select[int]]:
    # Materialised and fenced by OFFSET 0: PostgreSQL cannot tell how common the beginning of a word is, and would read
    # all workflows backwards in the hope to come upon a page of matches soon, or all numbers below `before`.
    match = _vectors.c.words.op("@@")(_tsquery(words))
    hits = select(_vectors.c.workflow_id).where(match).cte("hits").prefix_with("MATERIALIZED", dialect="postgresql")
    older = select(hits.c.workflow_id).where(hits.c.workflow_id < before)
    found = older.order_by(hits.c.workflow_id.desc()).offset(0).subquery()
    return found.c.workflow_id, select(found.c.workflow_id)


def _tsquery(words: Sequence[str]) -> ColumnElement[Any]:
    return cast(literal(" & ".join(f"'{word}':*" for word in words)), TSQUERY)


def _texts(session: Session, workflow_id: int) -> list[str | None]:
    """Everything by which a workflow is found."""
    workflow = session.execute(
        select(Workflow.name, Workflow.description, Workflow.starting_url).where(Workflow.id == workflow_id)
    ).one()
    steps = session.execute(select(Step.id, Step.page).where(Step.workflow_id == workflow_id)).all()
    texts: list[str | None] = list(workflow)
    texts += [page.get(part) for _, page in steps for part in ("title", "url")]
    for label in labels.shown(session, [step_id for step_id, _ in steps]).values():
        texts += [label.field_label, label.instruction]
    return texts


def _as_text(words: Iterable[str]) -> str:
    """With a space before every word, so that a search for " wor" finds beginnings alone."""
    return "".join(f" {word}" for word in words)


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
