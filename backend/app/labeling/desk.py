"""Where the calls of a chunk are made: each is written down before it, made, and booked after it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from app.core.clock import db_now
from app.core.db import transaction
from app.labeling import leases, ledger
from app.labeling.job import Job
from app.labeling.ledger import Entry
from app.labeling.patience import patiently
from app.labeling.protocol import Asked, PermanentLabelError, Reply, TransientLabelError


@dataclass(slots=True)
class ChunkDesk:
    """See `protocol.Desk`."""

    job: Job
    chunk_id: int
    chunk_key: str
    answered: list[int] = field(default_factory=list)
    """Numbers of the ledger's rows, in the order of the calls."""

    def call(self, asked: Asked, send: Callable[[], Reply]) -> Reply:
        entry = self._write_down(asked)
        try:
            reply = send()
        except (TransientLabelError, PermanentLabelError) as error:
            self._book_failure(entry, error)
            raise
        self._book(entry, reply)
        self.answered.append(entry.id)
        return reply

    def unreadable(self) -> None:
        """The last answer could not be used: the ledger says so."""
        with transaction(durable=False) as session:
            ledger.mark(session, self.answered[-1:], "malformed")

    def _write_down(self, asked: Asked) -> Entry:
        job = self.job
        with transaction() as session:
            leases.fence(session, job.lease, due_at=db_now(job.settings.lease_seconds))
            return ledger.open_(
                session,
                asked,
                job.labeler,
                settings=job.settings,
                run_id=job.lease.run_id,
                workflow_id=job.lease.workflow_id,
                chunk_id=self.chunk_id,
                chunk_key=self.chunk_key,
            )

    def _book(self, entry: Entry, reply: Reply) -> None:
        def book() -> None:
            # Not waited for: the labels that follow are committed durably and take this along.
            with transaction(durable=False) as session:
                ledger.close(session, entry, reply)

        patiently(book)

    def _book_failure(self, entry: Entry, error: TransientLabelError | PermanentLabelError) -> None:
        def book() -> None:
            with transaction(durable=False) as session:
                ledger.fail(session, entry, error)

        patiently(book)
