"""The OpenAI-compatible double as tests hold it."""

from dataclasses import asdict
from pathlib import Path
from typing import ClassVar

from tests.doubles.handle import DoubleHandle
from tests.doubles.latency import Latency
from tests.doubles.openai.flavours import Flavour

API_KEY = "sk-double"
MODEL = "double-vl-2b"


class OpenAIDouble(DoubleHandle):
    """`base_url` is what clients call so (it ends in `/v1`); its one model is `model`."""

    program: ClassVar[str] = "tests.doubles.openai"

    def __init__(
        self,
        *,
        flavour: Flavour | None = None,
        latency: Latency | None = None,
        ledger: Path | None = None,
        api_key: str = API_KEY,
        model: str = MODEL,
        port: int = 0,
        log: Path | None = None,
    ) -> None:
        """What is given here is what `reset` goes back to."""
        options = ["--port", str(port), "--api-key", api_key, "--model", model]
        for settings in (flavour, latency):
            for name, value in (asdict(settings) if settings else {}).items():
                options += [f"--{name.replace('_', '-')}", str(value)]
        if ledger is not None:
            options += ["--ledger", str(ledger)]
        super().__init__(*options, log=log)
        self.api_key = api_key
        self.model = model

    @property
    def base_url(self) -> str:
        return f"{self.url}/v1"

    def set_flavour(self, flavour: Flavour) -> None:
        """From the next call on."""
        self._ask("POST", "flavour", asdict(flavour))
