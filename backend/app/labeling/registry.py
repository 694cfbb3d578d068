"""Which labelers there are, and which one the settings ask for."""

from collections.abc import Callable
from importlib import import_module

from app.core.config import Settings
from app.labeling import turns
from app.labeling.batches import Batches
from app.labeling.limiter import Limiter
from app.labeling.protocol import Labeler
from app.labeling.rules.labeler import RuleLabeler


def _claude(settings: Settings) -> Labeler:
    from app.labeling.claude import ClaudeLabeler  # noqa: PLC0415 - seconds and 50 MB that the rules do without

    return ClaudeLabeler(settings)


def _openai(settings: Settings) -> Labeler:
    from app.labeling.openai_compatible import OpenAICompatibleLabeler  # noqa: PLC0415 - as above

    return OpenAICompatibleLabeler(settings)


LABELERS: dict[str, Callable[[Settings], Labeler]] = {
    "rules": lambda _: RuleLabeler(),
    "claude": _claude,
    "openai": _openai,
}


def name(settings: Settings) -> str:
    """The labeler that the settings ask for."""
    if settings.labeler == "auto":
        return "claude" if settings.anthropic_api_key else "rules"
    return settings.labeler


def check(settings: Settings) -> str | None:
    """Ask the provider for its models, which costs nothing; the model that would name steps, None: the rules need none.

    Raises TransientLabelError or PermanentLabelError: it cannot be reached, or does not take the key or the model.
    """
    labeler = choose(settings)
    if labeler.name == "claude":
        from app.labeling import claude  # noqa: PLC0415 - as above

        claude.check(settings)
    elif labeler.name == "openai":
        from app.labeling import openai_compatible  # noqa: PLC0415 - as above

        openai_compatible.check(settings)
    return labeler.model


def preload(settings: Settings) -> None:
    """Load the labeler's libraries in the process that forks, so that its children share them."""
    if name(settings) == "claude":
        import_module("app.labeling.claude_batches")


def choose(settings: Settings) -> Labeler:
    """A labeler for one run."""
    return LABELERS[name(settings)](settings)


def batches_of(labeler: Labeler, settings: Settings) -> Batches | None:
    """Where its provider takes batches; None: it takes none."""
    if labeler.name != "claude" or labeler.model is None:
        return None
    from app.labeling.claude_batches import ClaudeBatches  # noqa: PLC0415 - as above

    return ClaudeBatches(settings, labeler.model)


def limiter_of(labeler: Labeler, settings: Settings) -> Limiter | None:
    """What all workers share that call this labeler's model; None: it calls none, or may as often as it likes."""
    if not labeler.limited:
        return None
    return turns.limiter(settings, labeler.name, labeler.model)
