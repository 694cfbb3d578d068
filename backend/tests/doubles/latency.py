"""How long an answer takes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Latency:
    """`tokens_per_second` 0: at once. `scale` makes all of it shorter or longer."""

    first_token_seconds: float = 0
    tokens_per_second: float = 0
    scale: float = 1

    @property
    def first_token(self) -> float:
        return self.first_token_seconds * self.scale

    def seconds(self, output_tokens: int) -> float:
        """From the request's last byte to the answer's."""
        spoken = output_tokens / self.tokens_per_second if self.tokens_per_second else 0
        return (self.first_token_seconds + spoken) * self.scale
