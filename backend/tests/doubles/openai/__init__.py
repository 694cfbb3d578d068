"""A strict double of a server that speaks OpenAI's chat completions, as Ollama, vLLM or llama.cpp do, in flavours."""

from tests.doubles.latency import Latency
from tests.doubles.openai.flavours import Flavour
from tests.doubles.openai.handle import OpenAIDouble

__all__ = ["Flavour", "Latency", "OpenAIDouble"]
