"""Export of parameters to GGUF (llama.cpp)."""

from __future__ import annotations

import json
from pathlib import Path

import gguf
import numpy as np
from tokenizers import Tokenizer

from model import ModelConfig
from tokenizer import BOUNDARY, BOUNDARY_ID

GGUF_NAMES = {
    "attention_norm": "attn_norm",
    "q": "attn_q",
    "k": "attn_k",
    "v": "attn_v",
    "o": "attn_output",
    "feed_forward_norm": "ffn_norm",
    "gate": "ffn_gate",
    "up": "ffn_up",
    "down": "ffn_down",
}


def interleave_heads(matrix: np.ndarray, heads: int) -> np.ndarray:
    """Rows of q or k from the half-split rotary layout to llama.cpp's adjacent pairs.

    As `LlamaModel.permute` in llama.cpp's convert_hf_to_gguf.py. matrix: (out, in)
    """
    out, width = matrix.shape
    return matrix.reshape(heads, 2, out // heads // 2, width).swapaxes(1, 2).reshape(out, width)


def write_gguf(
    parameters: dict[str, np.ndarray],
    config: ModelConfig,
    tokenizer: Tokenizer,
    path: Path,
    *,
    name: str,
    half: bool = True,
) -> None:
    """A GGUF file, written beside `path` and renamed. Norms stay in float32, as llama.cpp wants."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    writer = gguf.GGUFWriter(str(partial), "llama")
    writer.add_name(name)
    writer.add_license("MIT")
    writer.add_context_length(config.context)
    writer.add_embedding_length(config.width)
    writer.add_block_count(config.layers)
    writer.add_feed_forward_length(config.feed_forward)
    writer.add_head_count(config.heads)
    writer.add_head_count_kv(config.heads)
    writer.add_rope_dimension_count(config.head_width)
    writer.add_rope_freq_base(config.rope_base)
    writer.add_layer_norm_rms_eps(config.norm_epsilon)
    writer.add_vocab_size(config.vocabulary)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16 if half else gguf.LlamaFileType.ALL_F32)
    add_tokenizer(writer, tokenizer)

    matrix_type = np.float16 if half else np.float32
    writer.add_tensor("token_embd.weight", np.asarray(parameters["embedding"]).astype(matrix_type))
    writer.add_tensor("output_norm.weight", np.asarray(parameters["norm"], np.float32))
    for layer in range(config.layers):
        for ours, theirs in GGUF_NAMES.items():
            value = np.asarray(parameters[f"{layer}.{ours}"], np.float32)
            if value.ndim == 2:
                value = value.T  # ours are (in, out), theirs (out, in)
                if ours in ("q", "k"):
                    value = interleave_heads(value, config.heads)
                value = np.ascontiguousarray(value).astype(matrix_type)
            writer.add_tensor(f"blk.{layer}.{theirs}.weight", value)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    partial.rename(path)


def add_tokenizer(writer: gguf.GGUFWriter, tokenizer: Tokenizer) -> None:
    model = json.loads(tokenizer.to_str())["model"]
    tokens = [tokenizer.id_to_token(i) for i in range(tokenizer.get_vocab_size())]
    kinds = [gguf.TokenType.CONTROL if t == BOUNDARY else gguf.TokenType.NORMAL for t in tokens]
    merges = [m if isinstance(m, str) else " ".join(m) for m in model["merges"]]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(merges)
    writer.add_bos_token_id(BOUNDARY_ID)
    writer.add_eos_token_id(BOUNDARY_ID)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
