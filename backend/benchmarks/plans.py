"""How a database goes about a query."""

from typing import Any

from sqlalchemy import ClauseElement, Executable
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler


class _Explain(Executable, ClauseElement):
    inherit_cache = False

    def __init__(self, query: ClauseElement) -> None:
        self.query = query


@compiles(_Explain, "sqlite")
def _sqlite(element: _Explain, compiler: SQLCompiler, **kw: Any) -> str:
    return f"EXPLAIN QUERY PLAN {compiler.process(element.query, **kw)}"


@compiles(_Explain, "postgresql")
def _postgresql(element: _Explain, compiler: SQLCompiler, **kw: Any) -> str:
    return f"EXPLAIN (COSTS off) {compiler.process(element.query, **kw)}"


def explain(session: Session, query: ClauseElement, values: dict[str, Any]) -> list[str]:
    """The lines of its plan."""
    cursor = session.connection().execute(_Explain(query), values).cursor
    assert cursor  # read as it comes: these are not the columns of the query
    return [str(row[-1]) for row in cursor.fetchall()]
