"""A real llama.cpp server out of a wheel (`xllamacpp`), with a model of 300 kB whose weights are random.

`python -m tests.doubles.llama` prints its address as JSON, then serves. What the model says means nothing, but it is
held to the JSON schema by the server's own grammar, and the endpoints, errors and limits are the real ones. The model
cannot see. Needs the packages `xllamacpp` and `gguf`, which are not installed by default.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any, ClassVar

from tests.doubles.handle import DoubleHandle

API_KEY = "sk-llama"
MODEL = "tiny-random"
CONTEXT_TOKENS = 16_384
"""Of each of the two slots."""
WIDTH, HEADS = 64, 4
SPECIAL = ("<unk>", "<s>", "</s>")
TEMPLATE = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant: "
LIKELY, QUOTE, END, NEVER = 1.0, 1.6, -1.0, -8.0
"""How much a token is wanted: printable ones, but soon a quote, so that texts end; no broken UTF-8."""


class LlamaServer(DoubleHandle):
    """Has no control and no ledger: it is not a double."""

    program: ClassVar[str] = "tests.doubles.llama"
    api_key = API_KEY
    model = MODEL

    @property
    def base_url(self) -> str:
        return f"{self.url}/v1"


def tokens() -> list[tuple[str, int, float]]:
    """Text, kind and how much it is wanted: every byte, and every printable ASCII character."""
    from gguf import TokenType

    kinds = (TokenType.UNKNOWN, TokenType.CONTROL, TokenType.CONTROL)
    special = [(text, int(kind), END if text == "</s>" else NEVER) for text, kind in zip(SPECIAL, kinds, strict=True)]
    single = [(f"<0x{byte:02X}>", int(TokenType.BYTE), NEVER) for byte in range(256)]
    printable = [*map(chr, range(33, 127)), "\u2581"]
    return [
        *special,
        *single,
        *((text, int(TokenType.NORMAL), QUOTE if text == '"' else LIKELY) for text in printable),
    ]


def make_model(path: Path) -> None:
    """One layer of the Llama architecture, the same weights every time."""
    import numpy as np
    from gguf import GGUFWriter

    vocabulary = tokens()
    chance = np.random.default_rng(1)

    def weights(*shape: int, scale: float) -> Any:
        return (chance.standard_normal(shape) * scale).astype(np.float32)

    writer = GGUFWriter(path, "llama")
    _describe(writer, vocabulary)
    embedding, output = weights(len(vocabulary), WIDTH, scale=0.5), weights(len(vocabulary), WIDTH, scale=0.3)
    embedding[:, 0] = 4  # goes through to the end, where it meets how much each token is wanted
    output[:, 0] = [wanted for _, _, wanted in vocabulary]
    writer.add_tensor("token_embd.weight", embedding)
    writer.add_tensor("output.weight", output)
    for name in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"):
        writer.add_tensor(f"{name}.weight", np.ones(WIDTH, np.float32))
    for name in ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"):
        writer.add_tensor(f"blk.0.{name}.weight", weights(WIDTH, WIDTH, scale=0.05))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _describe(writer: Any, vocabulary: list[tuple[str, int, float]]) -> None:
    writer.add_context_length(CONTEXT_TOKENS)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(WIDTH)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(vocabulary))
    writer.add_tokenizer_model("llama")
    writer.add_token_list([text.encode() for text, _, _ in vocabulary])
    writer.add_token_types([kind for _, kind, _ in vocabulary])
    writer.add_token_scores([0.0] * len(vocabulary))
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(TEMPLATE)


def main() -> None:
    """See `--help`."""
    parser = argparse.ArgumentParser(description="A real llama.cpp server with a tiny random model.")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--until-stdin-closes", action="store_true", help="stop when the one who started it is gone")
    given = parser.parse_args()
    import xllamacpp

    with tempfile.TemporaryDirectory(prefix="wp-llama-") as folder:
        path = Path(folder) / "tiny.gguf"
        make_model(path)
        params = xllamacpp.CommonParams()
        params.model.path, params.model_alias = str(path), [MODEL]
        params.n_ctx, params.n_parallel, params.cpuparams.n_threads = CONTEXT_TOKENS * 2, 2, 1
        params.port, params.api_keys, params.warmup = given.port, [API_KEY], False
        params.verbosity = 0
        server = xllamacpp.Server(params)
    url = server.listening_address
    sys.stdout.write(json.dumps({"url": url, "port": int(url.rpartition(":")[2])}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
