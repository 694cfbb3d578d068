"""The message that answers a request."""

from dataclasses import dataclass
from typing import Any

from tests.doubles import answers
from tests.doubles.claude.errors import new_id
from tests.doubles.claude.requests import Request, Text, ToolResult
from tests.doubles.claude.tokens import Count, characters_of, of_text
from tests.doubles.faults import Struck
from tests.doubles.shaping import Shaped, shape

STOP_REASONS = {"end": "end_turn", "length": "max_tokens", "refusal": "refusal"}


@dataclass(frozen=True, slots=True)
class Said:
    """What came of it."""

    content: list[dict[str, Any]]
    stop_reason: str
    stop_sequence: str | None
    stop_details: dict[str, Any] | None
    output_tokens: int
    thinking_tokens: int

    def message(self, request: Request, count: Count, service_tier: str = "standard") -> dict[str, Any]:
        """As the API writes it."""
        return {
            "id": new_id("msg"),
            "type": "message",
            "role": "assistant",
            "model": request.model,
            "content": self.content,
            "stop_reason": self.stop_reason,
            "stop_sequence": self.stop_sequence,
            "stop_details": self.stop_details,
            "usage": count.usage(self.output_tokens, self.thinking_tokens, service_tier),
        }


def steps_of(request: Request) -> list[answers.Step]:
    """From the last tool result, or else from what the user said last."""
    blocks = [block for message in reversed(request.messages) for block in reversed(message.content)]
    results = [block.content for block in blocks if isinstance(block, ToolResult)]
    texts = [part.text for content in results for part in content if isinstance(part, Text)]
    return answers.steps_in([*texts, *(block.text for block in blocks if isinstance(block, Text))])


def say(request: Request, steps: list[answers.Step], struck: Struck) -> Said:
    """Thinking comes first and takes of the room; what does not fit is cut off."""
    schema = request.schema_of_answer
    shaped = shape(answers.answer(schema, steps) if schema else "Here is what I see.", struck)
    asked = struck.of("thinking")
    thinking = min(int(asked.get("tokens", 50)) if asked is not None else 0, request.max_tokens)
    text, stop_reason, sequence = _cut(request, shaped, request.max_tokens - thinking)
    output = request.max_tokens if stop_reason == "max_tokens" else max(1, of_text(len(text)) + thinking)
    content = [{"type": "thinking", "thinking": "", "signature": "c2lnbmVk"}] if asked is not None else []
    if shaped.stop != "refusal" and (text or stop_reason == "end_turn"):
        content.append({"type": "text", "text": text, "citations": None})  # type: ignore[dict-item] # null is meant
    details = struck.of("refusal")
    explained = (
        None if details is None else {"type": "refusal", "category": details.get("category"), "explanation": None}
    )
    return Said(content, stop_reason, sequence, explained, output, thinking)


def _cut(request: Request, shaped: Shaped, room: int) -> tuple[str, str, str | None]:
    """Text, stop reason, stop sequence."""
    text, reason, found = shaped.text, STOP_REASONS[shaped.stop], None
    for sequence in request.stop_sequences:
        if sequence in text:
            text, reason, found = text.partition(sequence)[0], "stop_sequence", sequence
    if of_text(len(text)) > room:
        return text[: characters_of(room)], "max_tokens", None
    return text, reason, found
