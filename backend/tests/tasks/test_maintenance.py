"""What keeps the house begins and ends with its worker."""

import threading

import pytest

from app.core.db import transaction
from app.tasks import heartbeat, maintenance
from app.tasks.reconciler import Reconciler

PATIENCE = 30.0


@pytest.mark.usefixtures("settings")
def test_the_handler_of_a_signal_waits_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may have cut into a transaction, whose lock its own thread would then wait for for ever."""
    looks, reconciler = threading.Event(), Reconciler()

    def is_well() -> bool:
        looks.set()
        return True

    monkeypatch.setattr(maintenance, "reconciler", reconciler)
    handler = threading.Thread(target=maintenance.begin_to_end, daemon=True)
    with transaction():  # on SQLite nobody else writes meanwhile
        reconciler.start(worker="worker1@here", is_well=is_well)
        assert looks.wait(PATIENCE)
        handler.start()
        handler.join(PATIENCE)
        assert not handler.is_alive()
    maintenance.end()
    assert heartbeat.alive() == []
