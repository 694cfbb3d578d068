"""The Claude double as tests and benchmarks hold it."""

from dataclasses import asdict
from pathlib import Path
from typing import ClassVar, Literal

from tests.doubles.buckets import Rates
from tests.doubles.handle import DoubleHandle
from tests.doubles.latency import Latency

API_KEY = "sk-ant-double"
Until = Literal["canceling", "ended"]


class ClaudeDouble(DoubleHandle):
    """`ANTHROPIC_BASE_URL` is its `url`, `ANTHROPIC_API_KEY` its `api_key`."""

    program: ClassVar[str] = "tests.doubles.claude"

    def __init__(
        self,
        *,
        rates: Rates | None = None,
        latency: Latency | None = None,
        batch_seconds: float | None = None,
        ledger: Path | None = None,
        api_key: str = API_KEY,
        port: int = 0,
        host: str = "127.0.0.1",
        log: Path | None = None,
    ) -> None:
        """What is given here is what `reset` goes back to. `batch_seconds`: after which batches end by themselves."""
        options = ["--host", host, "--port", str(port), "--api-key", api_key]
        for settings in (rates, latency):
            for name, value in (asdict(settings) if settings else {}).items():
                if value is not None:
                    options += [f"--{name.replace('_', '-')}", str(value)]
        if batch_seconds is not None:
            options += ["--batch-seconds", str(batch_seconds)]
        if ledger is not None:
            options += ["--ledger", str(ledger)]
        super().__init__(*options, log=log)
        self.api_key = api_key

    def set_rates(self, rates: Rates) -> None:
        """For all models, with full buckets."""
        self._ask("POST", "rates", asdict(rates))

    def set_batch_seconds(self, seconds: float | None) -> None:
        """None: batches end only by `end_batches`."""
        self._ask("POST", "batches", {"seconds": seconds})

    def end_batches(self) -> None:
        """Let every batch that is being processed or cancelled end now."""
        self._ask("POST", "batches/end")
